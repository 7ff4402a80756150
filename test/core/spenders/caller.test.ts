import { callerOf } from '../../../core/spenders/caller';

const A = '111122223333';
const HASH = '0123456789abcdef';

test.each([
  ['an IAM user', `arn:aws:iam::${A}:user/alice`, 'user', 'alice', 'alice', undefined, undefined],
  ['an IAM user with a path', `arn:aws:iam::${A}:user/team/a/alice`, 'user', 'alice', 'alice', undefined, undefined],
  [
    'a user of Identity Center, with the permission set as role',
    `arn:aws:sts::${A}:assumed-role/AWSReservedSSO_Power_User_${HASH}/alice@example.com`,
    ...(['identityCenter', 'alice@example.com', 'alice@example.com', 'Power_User', 'alice@example.com'] as const),
  ],
  ['a role', `arn:aws:sts::${A}:assumed-role/app/i-1`, 'role', 'app/i-1', undefined, 'app', 'i-1'],
  ['a role by itself', `arn:aws:iam::${A}:role/team/app`, 'role', 'app', undefined, 'app', undefined],
  [
    'a service role: whoever the service acts for',
    `arn:aws:sts::${A}:assumed-role/AmazonBedrockExecutionRoleForAgents_1/s`,
    ...([
      'role',
      'AmazonBedrockExecutionRoleForAgents_1/s',
      undefined,
      'AmazonBedrockExecutionRoleForAgents_1',
      's',
    ] as const),
  ],
  [
    'what only looks like Identity Center’s role',
    `arn:aws:sts::${A}:assumed-role/AWSReservedSSO_Admin_${HASH.slice(1)}/alice`,
    ...([
      'role',
      `AWSReservedSSO_Admin_${HASH.slice(1)}/alice`,
      undefined,
      `AWSReservedSSO_Admin_${HASH.slice(1)}`,
      'alice',
    ] as const),
  ],
  [
    'a long-term API key: whoever has it',
    `arn:aws:iam::${A}:user/BedrockAPIKey-ab12`,
    ...(['apiKey', 'API key BedrockAPIKey-ab12', undefined, undefined, undefined] as const),
  ],
  [
    'a federated user, as the broker named them',
    `arn:aws:sts::${A}:federated-user/bob`,
    ...(['federated', 'federated user bob', undefined, undefined, 'bob'] as const),
  ],
  ['root', `arn:aws:iam::${A}:root`, 'root', `root of ${A}`, undefined, undefined, undefined],
  ['in AWS GovCloud', `arn:aws-us-gov:iam::${A}:user/alice`, 'user', 'alice', 'alice', undefined, undefined],
  [
    'in China',
    `arn:aws-cn:sts::${A}:assumed-role/AWSReservedSSO_Dev_${HASH}/li`,
    ...(['identityCenter', 'li', 'li', 'Dev', 'li'] as const),
  ],
  ['no ARN', 'alice', 'unknown', 'alice', undefined, undefined, undefined],
  ['nothing', '', 'unknown', 'nobody named', undefined, undefined, undefined],
  [
    'of another service',
    `arn:aws:ec2::${A}:instance/i-1`,
    'unknown',
    `arn:aws:ec2::${A}:instance/i-1`,
    undefined,
    undefined,
    undefined,
  ],
  [
    'a user without a name',
    `arn:aws:iam::${A}:user/`,
    'unknown',
    `arn:aws:iam::${A}:user/`,
    undefined,
    undefined,
    undefined,
  ],
] as const)('%s', (_what, arn, kind, name, person, role, session) => {
  const caller = callerOf(arn);
  expect([caller.kind, caller.name, caller.person, caller.role, caller.session]).toEqual([
    ...[kind, name, person, role, session],
  ]);
});

test('one person by two permission sets is one person, and by another case another', () => {
  const of = (set: string, name: string) =>
    callerOf(`arn:aws:sts::${A}:assumed-role/AWSReservedSSO_${set}_${HASH}/${name}`).person;
  expect(of('Admin', 'alice')).toBe(of('ReadOnly', 'alice'));
  expect(of('Admin', 'Alice')).not.toBe(of('Admin', 'alice'));
});

test.each(['<b>x</b>', 'x'.repeat(256), 'Zoë 王', 'a|b\nc', '*_`~<!channel>'])(
  'a name comes as it stands: %p',
  (name) => {
    expect(callerOf(`arn:aws:iam::${A}:user/${name.replace('/', '-')}`).person).toBe(name.replace('/', '-'));
  },
);
