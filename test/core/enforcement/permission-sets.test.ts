import {
  dereferenceCommand,
  permissionSetOf,
  referenceCommand,
  RESERVED_PATH,
  RESERVED_PREFIX,
} from '../../../core/enforcement/permission-sets';

test.each([
  ['AWSReservedSSO_Developer_0123456789abcdef', 'Developer'],
  ['AWSReservedSSO_Data_Team_0123456789abcdef', 'Data_Team'],
  ['AWSReservedSSO_Developer_0123456789abcde', undefined],
  ['AWSReservedSSO_Developer_0123456789abcdef0', undefined],
  ['AWSReservedSSO_Developer_0123456789ABCDEF', undefined],
  ['AWSReservedSSO__0123456789abcdef', undefined],
  ['MyAWSReservedSSO_Developer_0123456789abcdef', undefined],
  ['Developer', undefined],
])('%s is of the permission set %s', (role, set) => {
  expect(permissionSetOf(role)).toBe(set);
});

test('such roles are known by IAM’s own prefix and path, which policies name too', () => {
  expect([RESERVED_PREFIX, RESERVED_PATH]).toEqual(['AWSReservedSSO_', '/aws-reserved/sso.amazonaws.com/']);
  expect(permissionSetOf(`${RESERVED_PREFIX}Developer_0123456789abcdef`)).toBe('Developer');
});

test('the commands name the switch by name and path, as IAM Identity Center refers to it, and take two ARNs and the account', () => {
  for (const [command, verb] of [
    [referenceCommand('dev'), 'attach-customer-managed-policy-reference-to-permission-set'],
    [dereferenceCommand('dev'), 'detach-customer-managed-policy-reference-from-permission-set'],
  ] as const) {
    const both = '--instance-arn <instance> --permission-set-arn <permission set>';
    expect(command).toBe(
      `aws sso-admin ${verb} ${both} --customer-managed-policy-reference Name=spend-guard-switch-dev,Path=/spend-guard/` +
        ` && aws sso-admin provision-permission-set ${both} --target-type AWS_ACCOUNT --target-id <this account>`,
    );
  }
});
