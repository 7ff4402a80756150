import { permissionSetOf, referenceCommand, RESERVED_PREFIX } from '../enforcement';
import { cannotTell, type Answer, type Finding } from './finding';

export interface PermissionSetRoles {
  readonly roles: Answer<readonly string[]>;
  /** Those that have the switch. */
  readonly rolesWith: Answer<readonly string[]>;
}

/** Regardless of case, as IAM takes no two names that differ in it alone; another set's name may begin with this one's. */
export function isOfPermissionSet(roleName: string, permissionSet: string): boolean {
  const name = roleName.replace(new RegExp(`^${RESERVED_PREFIX}`, 'i'), RESERVED_PREFIX);
  return permissionSetOf(name)?.toLowerCase() === permissionSet.toLowerCase();
}

/**
 * Whether people who have a permission set carry the switch. Its roles are IAM Identity Center's, so that nobody but an
 * administrator of the management account can give it to them.
 */
export function assessPermissionSet(
  environment: string,
  permissionSet: string,
  { roles, rolesWith }: PermissionSetRoles,
): Finding {
  const base = { check: 'permission-set', subject: permissionSet } as const;
  if (roles.kind === 'unavailable') return cannotTell(base.check, base.subject, roles.problem, roles.latencyMs);
  const own = roles.value.filter((role) => isOfPermissionSet(role, permissionSet));
  if (own.length === 0) {
    const detail = 'not provisioned in this account: nobody has it here, so there is nobody to stop';
    return { ...base, status: 'ok', detail };
  }
  if (rolesWith.kind === 'unavailable') {
    return cannotTell(base.check, base.subject, rolesWith.problem, rolesWith.latencyMs);
  }
  const without = own.filter((role) => !rolesWith.value.includes(role));
  if (without.length === 0) return { ...base, status: 'ok', detail: `has the switch, by ${own.join(', ')}` };
  return {
    ...base,
    status: 'failed',
    detail: `no switch on ${without.join(', ')}: a stop does not reach whoever has this permission set`,
    fix: `in the management account run once: ${referenceCommand(environment)}`,
  };
}
