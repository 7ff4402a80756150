import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { ResolvedModel } from '../../config/guard-config';
import { policyCharacters } from '../../lib/policy-size';
import { callersStack } from '../helpers/callers-stack';
import { IamActions } from '../helpers/iam-actions';
import { direct, ends, modelArn, systemProfile, through, type Call } from '../helpers/iam-calls';
import type { Principal } from '../helpers/iam-evaluator';
import { profilesOf } from '../helpers/iam-permissions';
import type { Template as Resources } from '../../simulator/template/resolver';
import { ACCOUNT, GUARD_SERVICES, REGION, StackIam } from '../helpers/iam-stack';
import { BASE_IDS, callersIam, callersTemplate, LIBRARY_IDS, resolved, withModels } from '../helpers/library-models';
import { stackOf, templateFor } from '../helpers/stack';
import { switchVersion } from '../helpers/switch-versions';

/** The invoker role, for models of which only the price library knows: where their calls land, no document says. */

const ANYWHERE = [REGION, 'us-west-2', 'eu-central-1', 'ap-southeast-6', 'mx-central-1', ''];
const OPUS = 'anthropic.claude-opus-5';
const LITE = 'amazon.nova-2-lite-v1:0';
const ANOTHERS = `arn:aws:bedrock:${REGION}:${ACCOUNT}:application-inference-profile/anotherenv12`;

let iam: IamActions;
beforeAll(async () => {
  iam = await IamActions.load(GUARD_SERVICES);
});

function roleOf(stack: StackIam): Principal {
  return stack.principal(stack.roleNamed('invoker'));
}

/** The own profile of each model, in the order of the configuration. */
function ownProfiles(stack: StackIam): readonly (readonly [ResolvedModel, string])[] {
  return stack.environment.models.map((model) => {
    const { route } = model;
    const source = route.via === 'crossRegion' ? systemProfile(route.profileId) : modelArn(REGION, route.modelId);
    const own = profilesOf(stack).filter((arn) => stack.sourceOf(arn) === source);
    expect(own).toHaveLength(1);
    return [model, own[0]!] as const;
  });
}

describe('a model across Regions whose destinations nobody knows, through profiles', () => {
  let stack: StackIam;
  let role: Principal;
  let own: Readonly<Record<string, string>>;
  beforeAll(() => {
    stack = callersIam(
      iam,
      withModels([resolved(`global.${OPUS}`, 'large'), resolved(`us.${OPUS}`, 'large'), resolved(LITE)]),
    );
    role = roleOf(stack);
    own = Object.fromEntries(ownProfiles(stack).map(([{ id }, arn]) => [id, arn]));
  });

  test.each(['global', 'us'])(
    '%s: is allowed wherever its calls land, in the global form too, by the own profile',
    (scope) => {
      const profile = own[`${scope}.${OPUS}`]!;
      for (const region of ANYWHERE)
        for (const key of [profile, systemProfile(`${scope}.${OPUS}`)])
          expect([region, ends(role, through(profile, OPUS, region, key))]).toEqual([region, 'allowed']);
    },
  );

  test('two scopes of one model have a profile each', () => {
    expect(new Set(Object.values(own)).size).toBe(3);
  });

  test.each<[string, (region: string) => Call]>([
    ['without a profile', (region) => direct(OPUS, region)],
    ["by another environment's profile", (region) => through(ANOTHERS, OPUS, region)],
    [
      "by another environment's, with the own one in the key",
      (region) => through(ANOTHERS, OPUS, region, own[`us.${OPUS}`]),
    ],
    ['by the own one, with a foreign one in the key', (region) => through(own[`us.${OPUS}`]!, OPUS, region, ANOTHERS)],
    ["by the system's profile itself", (region) => through(systemProfile(`us.${OPUS}`), OPUS, region)],
    ["by the system's global profile itself", (region) => through(systemProfile(`global.${OPUS}`), OPUS, region)],
    ['another model by the own profile', (region) => through(own[`us.${OPUS}`]!, 'anthropic.claude-fable-5', region)],
  ])('not %s, in any Region', (_what, call) => {
    for (const region of ANYWHERE) expect([region, ends(role, call(region))]).toEqual([region, 'notAllowed']);
  });

  test('a model on demand stays in its Region', () => {
    expect(ends(role, through(own[LITE]!, LITE, REGION))).toBe('allowed');
    for (const region of ANYWHERE.filter((one) => one !== REGION))
      expect(ends(role, through(own[LITE]!, LITE, region))).toBe('notAllowed');
  });
});

describe('the same in an account of its own, directly', () => {
  let role: Principal;
  beforeAll(() => {
    const models = [resolved(`global.${OPUS}`, 'large'), resolved(LITE)];
    role = roleOf(callersIam(iam, withModels(models, 'direct')));
  });

  test('is allowed wherever its calls land, by its system profile', () => {
    for (const region of ANYWHERE)
      expect([region, ends(role, through(systemProfile(`global.${OPUS}`), OPUS, region))]).toEqual([region, 'allowed']);
  });

  test.each<[string, (region: string) => Call]>([
    ['without a profile', (region) => direct(OPUS, region)],
    ['by another scope', (region) => through(systemProfile(`us.${OPUS}`), OPUS, region)],
    ['by an application profile', (region) => through(ANOTHERS, OPUS, region)],
  ])('not %s, in any Region', (_what, call) => {
    for (const region of ANYWHERE) expect([region, ends(role, call(region))]).toEqual([region, 'notAllowed']);
  });

  test('a model on demand is called without a profile, in its Region', () => {
    for (const region of ANYWHERE)
      expect([region, ends(role, direct(LITE, region))]).toEqual([
        region,
        region === REGION ? 'allowed' : 'notAllowed',
      ]);
  });
});

describe.each(['profile', 'direct'] as const)('sixty models, identity %s', (identity) => {
  // The longest ids, all across Regions: what needs the most room.
  const ids = [...LIBRARY_IDS.filter((id) => !BASE_IDS.includes(id))].sort((a, b) => b.length - a.length).slice(0, 60);
  const environment = withModels(
    ids.map((id) => resolved(id)),
    identity,
  );
  let stack: StackIam;
  let template: Template;
  beforeAll(() => {
    stack = callersIam(iam, environment);
    template = Template.fromJSON(callersTemplate(environment));
  });
  const documents = (type: string) =>
    Object.entries(template.findResources(type)).flatMap(([id, { Properties }]) =>
      id.startsWith('Invoker') ? [Properties['PolicyDocument'] as unknown] : [],
    );

  test('each may be called through its own profile wherever it lands, and no model without one', () => {
    const role = roleOf(stack);
    const callable =
      identity === 'profile'
        ? ownProfiles(stack)
        : environment.models.map((model) => [model, systemProfile(model.id)] as const);
    for (const [{ id, route }, profile] of callable) {
      for (const region of [REGION, 'ap-southeast-6', '']) {
        expect([id, ends(role, through(profile, route.modelId, region))]).toEqual([id, 'allowed']);
        expect([id, ends(role, direct(route.modelId, region))]).toEqual([id, 'notAllowed']);
        expect([id, ends(role, through(ANOTHERS, route.modelId, region))]).toEqual([id, 'notAllowed']);
      }
    }
  });

  test('trap 35: every policy keeps within its quota, and two places are left for the switch and the deny of AWS Budgets', () => {
    const [inline, managed] = [documents('AWS::IAM::Policy'), documents('AWS::IAM::ManagedPolicy')];
    expect(inline).toHaveLength(1);
    expect(inline.map(policyCharacters).filter((size) => size > 10_240)).toEqual([]);
    expect(managed.map(policyCharacters).filter((size) => size > 6_144)).toEqual([]);
    expect(managed.length).toBeGreaterThan(0);
    expect(managed.length).toBeLessThanOrEqual(8);
  });

  test('a stop by the switch or by AWS Budgets ends every call', () => {
    for (const deny of [switchVersion(stack, 'stopped'), stack.managedPolicy('DenyBillPolicy')]) {
      const stopped = stack.principal(stack.roleNamed('invoker'), deny);
      const [first = ''] = identity === 'profile' ? profilesOf(stack) : [systemProfile(ids[0]!)];
      expect(ends(stopped, through(first, environment.models[0]!.route.modelId, REGION))).toBe('deniedExplicitly');
    }
  });
});

describe('the canary, on a model whose destinations nobody knows', () => {
  let stack: StackIam;
  let check: Principal;
  beforeAll(() => {
    const environment = withModels([resolved(`global.${OPUS}`)]);
    stack = new StackIam(iam, environment, templateFor(environment).toJSON() as Resources);
    check = stack.principal(stack.roleNamed('health-check'));
  });
  const mayCall = (call: Call) => call.every((one) => check.can(one));

  test('is called wherever it lands, by its own profile alone', () => {
    const canary = stack.arn('AWS::Bedrock::ApplicationInferenceProfile', 'HealthCheckCanary');
    for (const region of ANYWHERE) {
      for (const key of [canary, systemProfile(`global.${OPUS}`)])
        expect([region, mayCall(through(canary, OPUS, region, key))]).toEqual([region, true]);
      const others = [...profilesOf(stack), ANOTHERS, systemProfile(`global.${OPUS}`)];
      for (const profile of others)
        expect([profile, mayCall(through(profile, OPUS, region))]).toEqual([profile, false]);
      expect([region, mayCall(direct(OPUS, region))]).toEqual([region, false]);
    }
  });

  test('and cdk-nag finds no wildcard of it without a reason, nor any other of the stack', () => {
    const whole = stackOf(stack.environment);
    Validations.of(whole.node.root as App).addPlugins(new AwsSolutionsChecks(whole.node.root as App));
    expect(() => (whole.node.root as App).synth()).not.toThrow();
  });
});

test('what no role can hold is refused, with what to do', () => {
  // Made up, and far more Regions than there are.
  const regions = Array.from({ length: 60 }, (_, at) => `xx-nowhere-${at}`);
  const models = LIBRARY_IDS.filter((id) => id.startsWith('us.')).map((id) => resolved(id, 'small', regions));
  const synthesize = (count: number) => callersStack(withModels(models.slice(0, count)));
  expect(() => synthesize(9)).not.toThrow();
  expect(() => synthesize(10)).toThrow(
    expect.objectContaining({
      code: 'POLICY_TOO_LARGE',
      message: expect.stringMatching(
        /need 9 managed policies .* may have 10, .* the guard needs 2\. List fewer models in models of/,
      ),
    }),
  );
  const huge = [
    resolved(
      'us.amazon.nova-lite-v1:0',
      'small',
      Array.from({ length: 300 }, (_, at) => `xx-${at}`),
    ),
  ];
  expect(() => callersStack(withModels(huge))).toThrow(/one model of the list alone fills more than a managed policy/);
});

test('a small list of models is all in the inline policy, as it always was', () => {
  const template = Template.fromJSON(callersTemplate(withModels([resolved(`us.${OPUS}`), resolved(LITE)])));
  const managed = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
  expect(managed).toEqual(['DenyBillPolicy']);
});

test.each(['profile', 'direct'] as const)('cdk-nag finds no wildcard without a reason, identity %s', (identity) => {
  const models = [resolved(`global.${OPUS}`), resolved(`us.${OPUS}`), resolved(LITE)];
  const stack = callersStack(withModels(models, identity));
  const app = stack.node.root as App;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});
