import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { IamAttachments } from '../../../../lambda/adapters/iam/attachments';

const client = mockClient(IAMClient);
const adapter = new IamAttachments();
const POLICY = 'arn:aws:iam::111122223333:policy/deny';

beforeEach(() => client.reset());

const refusal = (name: string) => Object.assign(new Error('x'), { name, $metadata: { httpStatusCode: 404 } });

test('trap 22: roles, users and groups, over all pages', async () => {
  client
    .on(ListEntitiesForPolicyCommand)
    .resolvesOnce({
      PolicyRoles: [{ RoleName: 'r' }],
      PolicyUsers: [{ UserName: 'u' }],
      IsTruncated: true,
      Marker: 'm',
    })
    .resolvesOnce({ PolicyGroups: [{ GroupName: 'g' }], IsTruncated: false });
  expect(await adapter.attachedTo(POLICY)).toEqual([
    { kind: 'role', name: 'r' },
    { kind: 'user', name: 'u' },
    { kind: 'group', name: 'g' },
  ]);
  expect(client.commandCalls(ListEntitiesForPolicyCommand).map(({ args }) => args[0].input.Marker)).toEqual([
    undefined,
    'm',
  ]);
});

test('a policy that is gone is attached to nobody; another refusal is an error', async () => {
  client
    .on(ListEntitiesForPolicyCommand)
    .rejectsOnce(refusal('NoSuchEntityException'))
    .rejectsOnce(refusal('AccessDenied'));
  expect(await adapter.attachedTo(POLICY)).toEqual([]);
  await expect(adapter.attachedTo(POLICY)).rejects.toMatchObject({ name: 'ServiceError', errorName: 'AccessDenied' });
});

test('a repeating marker is an error, not an endless loop', async () => {
  client.on(ListEntitiesForPolicyCommand).resolves({ IsTruncated: true, Marker: 'm' });
  await expect(adapter.attachedTo(POLICY)).rejects.toMatchObject({ code: 'PAGE_TOKEN_REPEATED' });
});

test.each([
  ['role', DetachRolePolicyCommand, { RoleName: 'x' }],
  ['user', DetachUserPolicyCommand, { UserName: 'x' }],
  ['group', DetachGroupPolicyCommand, { GroupName: 'x' }],
] as const)('a %s is detached by its own call; gone already is no failure', async (kind, command, name) => {
  client
    .on(command as never)
    .resolvesOnce({})
    .rejectsOnce(refusal('NoSuchEntityException'))
    .rejectsOnce(refusal('AccessDenied'));
  expect(await adapter.detach(POLICY, { kind, name: 'x' })).toEqual({ kind: 'done' });
  expect(client.calls()[0]!.args[0].input).toEqual({ PolicyArn: POLICY, ...name });
  expect(await adapter.detach(POLICY, { kind, name: 'x' })).toEqual({ kind: 'unchanged' });
  expect(await adapter.detach(POLICY, { kind, name: 'x' })).toEqual({ kind: 'failed', why: 'AccessDenied' });
});

test('trap 22: attaches to each kind by its own API', async () => {
  client.onAnyCommand().resolves({});
  for (const kind of ['role', 'user', 'group'] as const) {
    expect(await adapter.attach(POLICY, { kind, name: `a-${kind}` })).toEqual({ kind: 'done' });
  }
  const calls = [AttachRolePolicyCommand, AttachUserPolicyCommand, AttachGroupPolicyCommand].map(
    (Command) => client.commandCalls(Command as typeof AttachRolePolicyCommand)[0]!.args[0].input,
  );
  expect(calls).toEqual([
    { PolicyArn: POLICY, RoleName: 'a-role' },
    { PolicyArn: POLICY, UserName: 'a-user' },
    { PolicyArn: POLICY, GroupName: 'a-group' },
  ]);
});

test.each([
  // Ten managed policies a role.
  ['trap 35: ', 'LimitExceededException'],
  ['trap 41: ', 'UnmodifiableEntityException'],
  ['', 'NoSuchEntityException'],
  ['', 'PolicyNotAttachableException'],
  ['', 'AccessDenied'],
  ['', 'Throttling'],
])('%san attachment that IAM refuses is failed, never unchanged: %s', async (_trap, name) => {
  client.on(AttachRolePolicyCommand).rejects(refusal(name));
  expect(await adapter.attach(POLICY, { kind: 'role', name: 'r' })).toEqual({ kind: 'failed', why: name });
});

test('no answer in time is failed too; a defect is an error', async () => {
  client
    .on(AttachRolePolicyCommand)
    .rejectsOnce(Object.assign(new Error('x'), { name: 'AbortError' }))
    .rejects(new TypeError('a defect'));
  expect(await adapter.attach(POLICY, { kind: 'role', name: 'r' })).toEqual({ kind: 'failed', why: 'AbortError' });
  await expect(adapter.attach(POLICY, { kind: 'role', name: 'r' })).rejects.toThrow(TypeError);
});
