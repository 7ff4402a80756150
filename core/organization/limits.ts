import { type NanoUsd, percentOf } from '../money';

/** `needsApproval`: a person approves each decision; `automatic`: the policy is attached at once. */
export type BrakeApproval = 'needsApproval' | 'automatic';
export type BrakeMode = BrakeApproval | 'never';

/** The organisation's limits file, as its functions are told it. */
export interface Organization {
  /** No service control policy reaches it. */
  readonly managementAccount: string;
  readonly approval: BrakeApproval;
  /** Of an account's limit: where its brake is wanted. */
  readonly atPercent: number;
  readonly defaultLimit: NanoUsd;
  readonly accounts: Readonly<Record<string, AccountLimit>>;
}

export interface AccountLimit {
  readonly limit: NanoUsd;
  /** @default - the organisation's */
  readonly brake?: BrakeMode | undefined;
}

export interface AccountTerms {
  readonly isListed: boolean;
  readonly isManagement: boolean;
  readonly limit: NanoUsd;
  /** Where the brake is wanted. */
  readonly line: NanoUsd;
  readonly brake: BrakeMode;
}

/**
 * What holds for an account. One that the file does not list has the default limit, and a person decides about its brake:
 * nobody has ever said of it that a machine may.
 */
export function termsOf({ accounts, ...organization }: Organization, account: string): AccountTerms {
  const listed = Object.hasOwn(accounts, account) ? accounts[account] : undefined;
  const limit = listed?.limit ?? organization.defaultLimit;
  const isManagement = account === organization.managementAccount;
  const wished = listed === undefined ? 'needsApproval' : (listed.brake ?? organization.approval);
  return {
    isListed: listed !== undefined,
    isManagement,
    limit,
    line: percentOf(limit, organization.atPercent),
    brake: isManagement ? 'never' : wished,
  };
}
