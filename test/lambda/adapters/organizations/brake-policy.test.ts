import {
  AttachPolicyCommand,
  ConstraintViolationException,
  DetachPolicyCommand,
  ListTargetsForPolicyCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { brakePolicy } from '../../../../lambda/adapters/organizations/brake-policy';
import { refusal } from '../../../helpers/sdk-refusal';

const organizations = mockClient(OrganizationsClient);
beforeEach(() => organizations.reset());
const policy = brakePolicy('p-12345678');

test('targets over all pages, of every kind', async () => {
  organizations
    .on(ListTargetsForPolicyCommand)
    .resolvesOnce({ Targets: [{ TargetId: '111111111111', Type: 'ACCOUNT' }], NextToken: 'more' })
    .resolvesOnce({ Targets: [{ TargetId: 'ou-abcd-12345678', Type: 'ORGANIZATIONAL_UNIT' }] });
  expect(await policy.targets()).toEqual(['111111111111', 'ou-abcd-12345678']);
  const asked = organizations.commandCalls(ListTargetsForPolicyCommand).map(({ args }) => args[0].input);
  expect(asked).toEqual([{ PolicyId: 'p-12345678' }, { PolicyId: 'p-12345678', NextToken: 'more' }]);
});

test('a list that is refused is no empty list', async () => {
  organizations.on(ListTargetsForPolicyCommand).rejects(refusal('AccessDeniedException', 400));
  await expect(policy.targets()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'accessDenied' });
});

describe.each([
  ['attach', AttachPolicyCommand, 'DuplicatePolicyAttachmentException'],
  ['detach', DetachPolicyCommand, 'PolicyNotAttachedException'],
] as const)('%s', (did, Command, unchanged) => {
  const on = () => organizations.on(Command as typeof AttachPolicyCommand);

  test('names the policy and the account', async () => {
    on().resolves({});
    expect(await policy[did]('111111111111')).toEqual({ kind: 'done' });
    const [call] = organizations.commandCalls(Command as typeof AttachPolicyCommand);
    expect(call!.args[0].input).toEqual({ PolicyId: 'p-12345678', TargetId: '111111111111' });
  });

  test(`${unchanged} is no failure`, async () => {
    on().rejects(refusal(unchanged, 400));
    expect(await policy[did]('111111111111')).toEqual({ kind: 'unchanged' });
  });

  test('the other way round it is one', async () => {
    const other = did === 'attach' ? 'PolicyNotAttachedException' : 'DuplicatePolicyAttachmentException';
    on().rejects(refusal(other, 400));
    expect(await policy[did]('111111111111')).toEqual({ kind: 'failed', why: other });
  });

  test('a limit fails by its reason, as one name stands for all limits', async () => {
    const Reason = 'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED';
    on().rejects(new ConstraintViolationException({ message: 'too many', Reason, $metadata: { httpStatusCode: 400 } }));
    expect(await policy[did]('111111111111')).toEqual({ kind: 'failed', why: Reason });
  });

  test.each(['AccessDeniedException', 'PolicyNotFoundException', 'PolicyTypeNotEnabledException'])(
    '%s fails by name',
    async (name) => {
      on().rejects(refusal(name, 400));
      expect(await policy[did]('111111111111')).toEqual({ kind: 'failed', why: name });
    },
  );

  test('an account that is not of the organisation', async () => {
    on().rejects(refusal('TargetNotFoundException', 400));
    const expected = did === 'attach' ? { kind: 'failed', why: 'TargetNotFoundException' } : { kind: 'unchanged' };
    expect(await policy[did]('111111111111')).toEqual(expected);
  });

  test('a defect is thrown', async () => {
    on().rejects(new TypeError('no'));
    await expect(policy[did]('111111111111')).rejects.toThrow(TypeError);
  });
});
