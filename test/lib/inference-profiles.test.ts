import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import type { ResolvedModel } from '../../config/guard-config';
import { environmentNameProblems } from '../../config/resource-names';
import { constructId, InferenceProfiles, profileName, profileOutput } from '../../lib/inference-profiles';
import { LIBRARY_IDS, resolved } from '../helpers/library-models';
import { resourcesOf, templateOf, WITH_LLAMA } from '../helpers/stack';

const TYPE = 'AWS::Bedrock::ApplicationInferenceProfile';
/** botocore's model of CreateInferenceProfile. */
const ALLOWED = /^([0-9a-zA-Z][ _-]?)+$/;

const namesIn = (template: Template) =>
  Object.fromEntries(
    Object.entries(resourcesOf(template, TYPE)).map(([id, one]) => [id, one.Properties['InferenceProfileName']]),
  );

/** Whatever the configuration takes, and whatever is nearly that. */
const anyName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,23}$/);
const allowedName = anyName.filter((name) => environmentNameProblems(name).length === 0);

function profilesOf(models: readonly ResolvedModel[]): Template {
  const stack = new Stack(new App(), 'Test', { env: { region: 'us-east-1' } });
  new InferenceProfiles(stack, 'Profiles', { environment: 'dev', models });
  return Template.fromStack(stack);
}

describe('trap 53: the name of a profile', () => {
  test('is one that AWS takes, for every environment name and every model of the price library, the canary’s too', () => {
    fc.assert(
      fc.property(allowedName, fc.constantFrom(...LIBRARY_IDS), fc.string(), (name, id, called) => {
        for (const one of [profileName(name, id, id), profileName(name, 'canary', called)]) {
          expect(one).toMatch(ALLOWED);
          expect(one.length).toBeLessThanOrEqual(64);
        }
      }),
      { numRuns: 1_000 },
    );
    for (const id of LIBRARY_IDS) expect(profileName('x'.repeat(24), id, id)).toMatch(ALLOWED);
  });

  test('the configuration takes exactly the environment names that it can be made of', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const taken = environmentNameProblems(name).length === 0;
        expect(taken).toBe(ALLOWED.test(profileName(name, 'canary', 'x')));
      }),
      { numRuns: 1_000 },
    );
  });

  test('differs for every environment, every id and every scope: also for environments that differ in hyphens only', () => {
    const environments = ['a', 'a-b', 'ab', 'a-b-c', 'A', 'a-canary'];
    const names = environments.flatMap((name) => [
      ...LIBRARY_IDS.map((id) => profileName(name, id, id)),
      profileName(name, 'canary', LIBRARY_IDS[0]!),
    ]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('is what it was: another one would replace a profile, whose id is in callers’ settings', () => {
    expect(namesIn(templateOf('dev', WITH_LLAMA))).toEqual({
      ProfilesMetaLlama3170bInstructV10BF4FFAA6: 'spend-guard-dev-meta-llama3-1-70b-762202e2',
      ProfilesAmazonNovaLiteV1072505A2E: 'spend-guard-dev-amazon-nova-lite-v-ca294716',
      ProfilesQwenQwen3CoderNextB9EDD353: 'spend-guard-dev-qwen-qwen3-coder-n-f80adf3c',
      ProfilesAmazonNovaProV100637D4E4: 'spend-guard-dev-amazon-nova-pro-v1-e8d6ac4b',
      HealthCheckCanaryC5C2E113: 'spend-guard-dev-canary-ca294716',
    });
  });
});

test('two scopes of one model, and the model itself, have a profile and an output each', () => {
  const ids = ['us.anthropic.claude-opus-5', 'global.anthropic.claude-opus-5', 'anthropic.claude-opus-5'];
  const template = profilesOf(ids.map((id) => resolved(id)));
  expect(new Set(Object.values(namesIn(template))).size).toBe(3);
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual(ids.map(profileOutput).sort());
});

test('no two ids of the price library share a construct, nor an output', () => {
  expect(new Set(LIBRARY_IDS.map(constructId)).size).toBe(LIBRARY_IDS.length);
  expect(() => profilesOf(LIBRARY_IDS.map((id) => resolved(id)))).not.toThrow();
});
