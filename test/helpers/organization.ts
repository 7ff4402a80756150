import { nanoUsd, type NanoUsd, usd } from '../../core/money';
import type { AccountItems } from '../../core/organization/account';
import type { Organization } from '../../core/organization/limits';
import type { Standing } from '../../core/organization/standing';
import { mergeStanding, type StoredStanding } from '../../core/organization/stored-standing';

export const MANAGEMENT = '000000000001';
export const ONE = '111111111111';
export const TWO = '222222222222';
export const NEVER = '333333333333';
export const AUTOMATIC = '444444444444';
export const UNLISTED = '999999999999';

/** A limit of $100 each, a line of $110. */
export const ORGANIZATION: Organization = {
  managementAccount: MANAGEMENT,
  approval: 'needsApproval',
  atPercent: 110,
  defaultLimit: usd(100),
  accounts: {
    [MANAGEMENT]: { limit: usd(100), brake: 'automatic' },
    [ONE]: { limit: usd(100) },
    [TWO]: { limit: usd(100) },
    [NEVER]: { limit: usd(100), brake: 'never' },
    [AUTOMATIC]: { limit: usd(100), brake: 'automatic' },
  },
};

export const NOON = Date.parse('2026-11-12T12:00:00Z');

/** Of `dev`, at noon, open, with a tenth of its limit spent. */
export function standing(over: Partial<Standing> = {}): Standing {
  return {
    schemaVersion: 1,
    environment: 'dev',
    month: '2026-11',
    at: new Date(NOON).toISOString(),
    asOf: new Date(NOON - 60_000).toISOString(),
    desired: 'open',
    enforced: 'open',
    spentNano: usd(10),
    atLeast: false,
    limitNano: usd(100),
    blind: false,
    enforce: true,
    reason: 'spend is under all lines',
    guardVersion: '1.2.3',
    ...over,
  };
}

export function at(minutesAfterNoon: number): { readonly at: string } {
  return { at: new Date(NOON + minutesAfterNoon * 60_000).toISOString() };
}

/** What the hub keeps after it has heard these, in this order. */
export function heard(account: string, ...standings: readonly Standing[]): AccountItems {
  const kept = new Map<string, StoredStanding>();
  for (const one of standings) {
    const next = mergeStanding(kept.get(one.environment), { account, standing: one }, Date.parse(one.at));
    if (next !== undefined) kept.set(one.environment, next);
  }
  return { account, standings: [...kept.values()], unread: [] };
}

/** One nano-dollar less. */
export function under(amount: NanoUsd): NanoUsd {
  return nanoUsd(amount - 1);
}
