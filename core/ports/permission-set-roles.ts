/** Roles that IAM Identity Center has made in this account, by name. */
export interface PermissionSetRolesPort {
  /** Over all pages; also those of permission sets that no configuration names. @throws ServiceError */
  roles(signal: AbortSignal): Promise<readonly string[]>;
  /** Those that have the policy attached. A policy that is gone is on none. @throws ServiceError */
  rolesWith(policyArn: string, signal: AbortSignal): Promise<readonly string[]>;
}
