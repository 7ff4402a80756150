import { Attachments } from '../../../simulator/world/attachments';
import { namedByCall } from '../../../simulator/world/calls';
import { environment, guardStack } from '../guard';

const config = environment({
  principals: { roles: [{ name: 'batch', path: '/' }], users: [], groups: [], permissionSets: [] },
});
const [small, large] = config.models;

const stackDenying = (Resource: unknown) =>
  guardStack(config, { 'DenyBill.Properties.PolicyDocument.Statement.0.Resource': Resource });

test('a policy denies whom it is attached to, from then until it is detached', () => {
  const stack = stackDenying('*');
  const attachments = new Attachments(new Map([['test', { config, stack }]]));
  const [policy] = stack.policies.values();
  const share = () => attachments.allowedShare('test', small!);
  expect(attachments.callers('test')).toEqual(['Guard-test-InvokerRole', 'batch']);
  expect(share()).toBe(1);
  expect(attachments.attach('test', policy!, 'batch', 1)).toBe(true);
  expect(attachments.attach('test', policy!, 'batch', 2)).toBe(false);
  expect(share()).toBe(0.5);
  attachments.attach('test', policy!, 'Guard-test-InvokerRole', 3);
  expect(share()).toBe(0);
  expect(attachments.detach('test', policy!.arn, 'batch', 4)).toBe(true);
  expect(attachments.detach('test', policy!.arn, 'batch', 5)).toBe(false);
  expect(share()).toBe(0.5);
  expect(attachments.history.map(({ principal, fromMs, toMs }) => [principal, fromMs, toMs])).toEqual([
    ['batch', 1, 4],
    ['Guard-test-InvokerRole', 3, undefined],
  ]);
});

test("a policy on one model's profile leaves the others open", () => {
  const stack = stackDenying(
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/Guard-test-Profile1',
  );
  const attachments = new Attachments(new Map([['test', { config, stack }]]));
  for (const caller of attachments.callers('test'))
    attachments.attach('test', [...stack.policies.values()][0]!, caller, 1);
  expect(attachments.allowedShare('test', small!)).toBe(1);
  expect(attachments.allowedShare('test', large!)).toBe(0);
});

test('trap 4: a cross-Region call names the profile and the model in every destination Region', () => {
  const stack = guardStack(environment({ identity: 'direct' }), { Profile0: undefined, Profile1: undefined });
  const crossRegion = {
    ...small!,
    route: {
      via: 'crossRegion' as const,
      modelId: 'x',
      profileId: 'us.x',
      destinationRegions: ['us-east-1', 'us-west-2'],
    },
  };
  expect(namedByCall(stack, crossRegion)).toEqual([
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.x',
    'arn:aws:bedrock:us-east-1::foundation-model/x',
    'arn:aws:bedrock:us-west-2::foundation-model/x',
  ]);
  expect(namedByCall(stack, small!)).toEqual([`arn:aws:bedrock:us-east-1::foundation-model/${small!.id}`]);
});
