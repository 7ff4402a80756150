import type { Reading } from '../reading';
import type { Spent } from './account';
import { type Attention, attentionOf } from './attention';
import { type BrakeStatus, type RolledAccount, type RollUp } from './roll-up';
import type { Standing } from './standing';

/** The roll-up for machines. Amounts are nano-dollars, null where unknown; times are ISO, UTC. */
export interface OrganizationDocument {
  readonly schemaVersion: 1;
  readonly at: string;
  readonly month: string;
  readonly spentNano: number | null;
  readonly atLeast: boolean;
  readonly limitNano: number;
  readonly attention: readonly Attention[];
  readonly accounts: readonly AccountDocument[];
}

export interface AccountDocument {
  readonly account: string;
  readonly listed: boolean;
  readonly heard: 'heard' | 'silent' | 'unheard';
  readonly spentNano: number | null;
  readonly atLeast: boolean;
  /** Where `spentNano` is null. */
  readonly why?: string;
  readonly limitNano: number;
  /** Where the brake is wanted. */
  readonly lineNano: number;
  readonly brake: {
    readonly mode: 'never' | 'needsApproval' | 'automatic';
    readonly status: BrakeStatus;
    readonly decision?: string;
    readonly reason?: string;
    readonly failure?: string;
    readonly override?: { readonly by: string; readonly reason: string; readonly until?: string };
  };
  readonly environments: readonly (Standing & { readonly silent: boolean })[];
}

export function organizationDocument(rolled: RollUp): OrganizationDocument {
  return {
    schemaVersion: 1,
    at: iso(rolled.at),
    month: rolled.month,
    ...spentOf(rolled.spent),
    limitNano: rolled.limit,
    attention: attentionOf(rolled),
    accounts: rolled.accounts.map(accountOf),
  };
}

function accountOf({
  account,
  isListed,
  heard,
  spent,
  limit,
  line,
  brake,
  brakeStatus,
  ...one
}: RolledAccount): AccountDocument {
  const { hold, failure, override } = one.record;
  return {
    account,
    listed: isListed,
    heard,
    ...spentOf(spent),
    ...(spent.kind === 'unavailable' && { why: spent.why }),
    limitNano: limit,
    lineNano: line,
    brake: {
      mode: brake,
      status: brakeStatus,
      ...(hold && { decision: hold.decision, reason: hold.reason }),
      ...(failure && { failure: failure.why }),
      ...(override && {
        override: {
          by: override.by,
          reason: override.reason,
          ...(override.until !== undefined && { until: iso(override.until) }),
        },
      }),
    },
    environments: one.environments.map(({ stored, isSilent }) => ({ ...stored.standing, silent: isSilent })),
  };
}

function spentOf(spent: Reading<Spent>) {
  return spent.kind === 'known'
    ? { spentNano: spent.value.amount, atLeast: spent.value.atLeast }
    : { spentNano: null, atLeast: true };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
