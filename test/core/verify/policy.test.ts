import { stepsPolicy } from '../../../core/verify/policy';
import { STEP_IDS, type StepId } from '../../../core/verify/steps';
import { callerDocument, denyVersions, sourceArn } from '../../../core/verify/documents';
import { stateOf } from '../../../core/enforcement/switch-document';
import { sha256 } from '../../../lambda/digest';
import { IamActions } from '../../helpers/iam-actions';
import { GUARD_SERVICES } from '../../helpers/iam-stack';

const MODEL = { partition: 'aws', account: '123456789012', region: 'us-east-1', modelId: 'amazon.nova-micro-v1:0' };
const SCOPE = { ...MODEL, legacyModels: ['meta.llama3-1-8b-instruct-v1:0'] };
const CROSS = { ...SCOPE, systemProfileId: 'us.amazon.nova-micro-v1:0' };
let iam: IamActions;
beforeAll(async () => (iam = await IamActions.load(GUARD_SERVICES)));

const list = (one: unknown) => [one].flat() as readonly string[];
const of = (steps: readonly StepId[], scope = SCOPE) => stepsPolicy(steps, scope).Statement;
const actionsOf = (steps: readonly StepId[]) => of(steps).flatMap(({ Action }) => list(Action));

test.each([SCOPE, CROSS])('every statement can take effect: %j', (scope) => {
  for (const { Action, Resource, Condition } of of(STEP_IDS, scope)) {
    const keys = Object.values((Condition ?? {}) as object).flatMap((keyed) => Object.keys(keyed as object));
    expect(() => iam.checkStatement(list(Action), list(Resource), keys)).not.toThrow();
  }
});

test('it fits a managed policy', () => {
  expect(JSON.stringify(stepsPolicy(STEP_IDS, CROSS)).length).toBeLessThan(6_144);
});

test('Sids are of their own', () => {
  const sids = of(STEP_IDS, CROSS).map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
});

test.each<[StepId, RegExp]>([
  ['metric-names', /^(bedrock|cloudwatch):/],
  ['listing-delay', /^(bedrock|cloudwatch):/],
  ['metric-delay', /^(bedrock|cloudwatch):/],
  ['deny-latency', /^(bedrock|iam|sts):/],
  ['budget-tag', /^(budgets|ce):/],
  ['legacy-refusal', /^bedrock:/],
])('%s needs nothing of other steps', (step, own) => {
  expect(actionsOf([step]).filter((action) => !own.test(action))).toEqual([]);
});

test('only listing and naming read the list of metrics', () => {
  expect(actionsOf(['metric-delay'])).not.toContain('cloudwatch:ListMetrics');
  expect(actionsOf(['metric-names'])).toContain('cloudwatch:ListMetrics');
});

test('what is removed and called must carry the tag; roles and policies are under the path or the names', () => {
  for (const { Sid, Condition, Action, Resource } of of(STEP_IDS)) {
    if (['RemoveProfiles', 'CallProfiles'].includes(Sid))
      expect(Condition).toEqual({ StringLike: { 'aws:ResourceTag/spend-guard:verify': '*' } });
    if (list(Action).some((action) => /^iam:(Delete|Put|Attach|Detach|Create|Set)/.test(action)))
      for (const arn of list(Resource)) expect(arn).toContain('/spend-guard-verify-');
  }
});

test('the role of deny-latency calls the profile and the model behind it, and nothing else', () => {
  const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/x';
  const [own, behind] = callerDocument(CROSS, profile).Statement;
  expect(own!['Resource']).toEqual([
    profile,
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-micro-v1:0',
  ]);
  expect(behind).toMatchObject({
    Resource: 'arn:aws:bedrock:*::foundation-model/amazon.nova-micro-v1:0',
    Condition: { StringEquals: { 'bedrock:InferenceProfileArn': own!['Resource'] } },
  });
  expect(sourceArn(MODEL)).toBe('arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0');
});

test("what denies is the switch's own versions", () => {
  const { open, stopped } = denyVersions(MODEL, sha256);
  expect([stateOf(open, sha256), stateOf(stopped, sha256)]).toEqual(['open', 'stopped']);
});
