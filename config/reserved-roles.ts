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
