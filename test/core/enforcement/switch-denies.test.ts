import {
  COSTLY_ACTIONS,
  COSTLY_BESIDES_MODELS,
  INVOKE_ACTIONS,
  INVOKE_VERB,
} from '../../../core/enforcement/costly-actions';
import { switchDocument, type SwitchScope } from '../../../core/enforcement/switch-document';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import { sha256 } from '../../../lambda/digest';
import { IamActions } from '../../helpers/iam-actions';
import { ALLOW_ALL, Principal, type Decision, type IamRequest } from '../../helpers/iam-evaluator';

/** What each version does to somebody who has it, by the evaluator of the IAM tests: no more and no less than the denies before it. */

const BEDROCK = ['bedrock', 'bedrock-agentcore', 'bedrock-mantle', 'bedrock-websearch'];
const NOVA = 'amazon.nova-lite-v1:0';
const OPUS = 'anthropic.claude-opus-5';
const SCOPE: SwitchScope = { partition: 'aws', account: '111122223333', smallModels: [NOVA] };
/** As every request of a principal carries it. */
const context = { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app' };

let iam: IamActions;
beforeAll(async () => {
  iam = await IamActions.load([...BEDROCK, 'sts', 'iam', 's3']);
});

const administrator = (...documents: readonly unknown[]) =>
  new Principal(iam, [
    { name: 'AdministratorAccess', document: ALLOW_ALL },
    ...documents.map((document) => ({ name: 'switch', document })),
  ]);
const version = (state: DesiredState) => switchDocument(state, SCOPE, sha256);

/** The managed policies that the switch has come in place of, word for word. */
const everything = (actions: readonly string[]) => ({ Effect: 'Deny', Action: [...actions], Resource: '*' });
const DENY_METER = { Version: '2012-10-17', Statement: [everything(COSTLY_ACTIONS)] };
const DENY_LARGE = {
  Version: '2012-10-17',
  Statement: [
    everything(COSTLY_BESIDES_MODELS),
    {
      Effect: 'Deny',
      Action: INVOKE_VERB,
      NotResource: [
        'arn:aws:bedrock:*:111122223333:inference-profile/*',
        'arn:aws:bedrock:*:111122223333:application-inference-profile/*',
        `arn:aws:bedrock:*::foundation-model/${NOVA}`,
      ],
    },
  ],
};

/** Every action of Bedrock's four services, on one of each of its resources; and calls of models, small and large. */
function requests(): IamRequest[] {
  const all = BEDROCK.flatMap((service) => [...iam.matching(`${service}:*`)]);
  const onEach = all.flatMap(({ name, withoutResource, arnPatterns }) =>
    [...(withoutResource ? ['*'] : []), ...arnPatterns.map((arn) => arn.replaceAll('*', 'x'))].map((resource) => ({
      action: name,
      resource,
      context,
    })),
  );
  const models = [NOVA, OPUS, `${NOVA}x`].flatMap((id) =>
    ['us-east-1', 'eu-west-1', ''].map((region) => `arn:aws:bedrock:${region}::foundation-model/${id}`),
  );
  const profiles = ['111122223333', '999988887777'].flatMap((account) =>
    ['inference-profile/us.x.y', 'application-inference-profile/abc'].map(
      (profile) => `arn:aws:bedrock:us-east-1:${account}:${profile}`,
    ),
  );
  const calls = INVOKE_ACTIONS.flatMap((action) =>
    [...models, ...profiles].map((resource) => ({ action, resource, context })),
  );
  return [...onEach, ...calls];
}

const decisions = (principal: Principal): readonly [string, Decision][] =>
  requests().map((request) => [`${request.action} on ${request.resource}`, principal.decide(request)]);

test('open denies nothing: an administrator with it may do all that one without it may', () => {
  const [withIt, without] = [decisions(administrator(version('open'))), decisions(administrator())];
  expect(withIt).toEqual(without);
  expect(withIt.length).toBeGreaterThan(400);
  expect(new Set(withIt.map(([, decision]) => decision))).toEqual(new Set(['allowed']));
});

test('open allows nothing: who has nothing else may do nothing, not even what it names', () => {
  const nobody = new Principal(iam, [{ name: 'switch', document: version('open') }]);
  expect(new Set(decisions(nobody).map(([, decision]) => decision))).toEqual(new Set(['notAllowed']));
  expect(nobody.decide({ action: 'sts:GetCallerIdentity', resource: '*', context })).toBe('notAllowed');
});

test.each([
  ['stopped', DENY_METER],
  ['degraded', DENY_LARGE],
] as const)('%s denies exactly what its own policy denied before', (state, before) => {
  const denied = decisions(administrator(version(state)));
  expect(denied).toEqual(decisions(administrator(before)));
  const kinds = denied.map(([, decision]) => decision);
  expect(kinds.filter((kind) => kind === 'deniedExplicitly').length).toBeGreaterThan(50);
  expect(kinds.filter((kind) => kind === 'allowed').length).toBeGreaterThan(50);
});

test.each([
  ['open', 'allowed', 'allowed'],
  ['degraded', 'allowed', 'deniedExplicitly'],
  ['stopped', 'deniedExplicitly', 'deniedExplicitly'],
] as const)('%s: a small model is %s, a large one %s, in every Region', (state, small, large) => {
  const principal = administrator(version(state));
  for (const region of ['us-east-1', 'ap-southeast-6', '']) {
    const ask = (id: string) =>
      principal.decide({
        action: INVOKE_ACTIONS[0],
        resource: `arn:aws:bedrock:${region}::foundation-model/${id}`,
        context,
      });
    expect([ask(NOVA), ask(OPUS)]).toEqual([small, large]);
  }
});

test('nobody who has it is kept from anything but Bedrock', () => {
  for (const state of ['open', 'degraded', 'stopped'] as const) {
    const principal = administrator(version(state));
    expect(principal.can({ action: 's3:ListAllMyBuckets', resource: '*', context })).toBe(true);
    expect(
      principal.can({
        action: 'iam:SetDefaultPolicyVersion',
        resource: 'arn:aws:iam::111122223333:policy/spend-guard/x',
        context,
      }),
    ).toBe(true);
  }
});
