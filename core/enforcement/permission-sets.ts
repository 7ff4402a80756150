import { SWITCH_PATH, switchName } from './switch-document';

/**
 * Roles that IAM Identity Center makes for its permission sets, and that nobody else may change
 * (https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html, read 2026-11-28).
 */
export const RESERVED_PREFIX = 'AWSReservedSSO_';
export const RESERVED_PATH = '/aws-reserved/sso.amazonaws.com/';

const RESERVED_NAME = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/** @returns undefined for a role that is no permission set's */
export function permissionSetOf(roleName: string): string | undefined {
  return RESERVED_NAME.exec(roleName)?.[1];
}

/**
 * What an administrator runs once in the management account, so that everybody who has the permission set carries the switch; it
 * takes two ARNs, which the account of the guard does not know. A reference is by name and path: an account without such a policy cannot be
 * provisioned, so that only this one is
 * (AttachCustomerManagedPolicyReferenceToPermissionSet and ProvisionPermissionSet of the API of IAM Identity Center,
 * https://docs.aws.amazon.com/singlesignon/latest/APIReference/, read 2026-11-28).
 */
export function referenceCommand(environment: string): string {
  return commandOf('attach-customer-managed-policy-reference-to-permission-set', environment);
}

/** What takes the switch off again, before the stack is deleted. */
export function dereferenceCommand(environment: string): string {
  return commandOf('detach-customer-managed-policy-reference-from-permission-set', environment);
}

function commandOf(verb: string, environment: string): string {
  const both = '--instance-arn <instance> --permission-set-arn <permission set>';
  const reference = `--customer-managed-policy-reference Name=${switchName(environment)},Path=${SWITCH_PATH}`;
  return `aws sso-admin ${verb} ${both} ${reference} && aws sso-admin provision-permission-set ${both} --target-type AWS_ACCOUNT --target-id <this account>`;
}
