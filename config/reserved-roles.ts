import { lastPart } from './iam-names';
import { RESERVED_PATH, RESERVED_PREFIX } from '../core/enforcement';

/** Where people of IAM Identity Center are named. */
export const PERMISSION_SET_HINT =
  "write the permission set's name into principals.permissionSets, or use a service control policy";

/** Whether a name, with a path or without, is of a role that IAM Identity Center makes; also where it is a pattern, or misspelt in case. */
export function isReservedRole(nameOrArn: string): boolean {
  const text = nameOrArn.toLowerCase();
  const name = text.slice(text.lastIndexOf('/') + 1);
  return name.startsWith(RESERVED_PREFIX.toLowerCase()) || text.includes(RESERVED_PATH.slice(1));
}

/** IAM refuses changes to these, so the guard could never stop them (trap 41). */
export function unchangeable(name: string): string | undefined {
  if (isReservedRole(name)) return `is made by IAM Identity Center and cannot be changed: ${PERMISSION_SET_HINT}`;
  if (name.includes('aws-service-role/') || lastPart(name).startsWith('AWSServiceRoleFor')) {
    return 'is a service-linked role and cannot be changed: use a service control policy';
  }
  return lastPart(name) === 'root'
    ? 'the root user cannot be denied by a policy: use a service control policy'
    : undefined;
}
