import { type UtcMonth, utcMonth } from '../calendar';
import { addUpTo, MOST, type NanoUsd } from '../money';
import type { Reading } from '../reading';
import { type AccountItems, type AccountStand, type Spent, standOf } from './account';
import { isToBeAttached, isWaiting } from './brake-decide';
import { renewHold } from './brake-hold';
import { type BrakeRecord, freshBrake } from './brake-record';
import type { Organization } from './limits';
import type { BrakesLooked } from './ports';

/** `attaching`, `detaching`: begun, and not yet seen done. */
export type BrakeStatus = 'none' | 'waiting' | 'attaching' | 'attached' | 'detaching' | 'unreadable';

export interface RolledAccount extends AccountStand {
  readonly brakeStatus: BrakeStatus;
  readonly record: BrakeRecord;
}

export interface RollUp {
  readonly at: number;
  readonly month: UtcMonth;
  /** By account number. */
  readonly accounts: readonly RolledAccount[];
  readonly spent: Reading<Spent>;
  readonly limit: NanoUsd;
  /** Undefined: the brake has never run. */
  readonly looked: Reading<BrakesLooked | undefined>;
}

/** Every account of the limits file, and every other that was heard of. */
export function rollUp(
  organization: Organization,
  items: readonly AccountItems[],
  looked: Reading<BrakesLooked | undefined>,
  now: number,
): RollUp {
  const month = utcMonth(now);
  const accounts = withUnheard(organization, items).map((one) => rolled(organization, one, month, now));
  return {
    at: now,
    month,
    accounts,
    spent: totalOf(accounts),
    limit: addUpTo(...accounts.map(({ limit }) => limit)),
    looked,
  };
}

/** Those of the file of which the table has nothing, too: what is not heard of is named, and never left out. */
export function withUnheard({ accounts }: Organization, items: readonly AccountItems[]): readonly AccountItems[] {
  const known = new Set(items.map(({ account }) => account));
  const unheard = Object.keys(accounts)
    .filter((account) => !known.has(account))
    .map((account) => ({ account, standings: [], unread: [] }));
  return [...items, ...unheard].toSorted((a, b) => (a.account < b.account ? -1 : 1));
}

/** Whether the brake has anything to do for an account, as far as can be told without a look at AWS Organizations. */
export function needsBrake(organization: Organization, items: AccountItems, now: number): boolean {
  const stand = standOf(organization, items, utcMonth(now), now);
  const before = items.brake ?? freshBrake(items.account);
  const record = renewHold(before, stand, now);
  return record !== before || before.outbox.length > 0 || isToBeAttached(record, stand) !== isConfirmed(before);
}

function isConfirmed({ ours }: BrakeRecord): boolean {
  return ours?.confirmedAt !== undefined && ours.detaching === undefined;
}

function rolled(organization: Organization, items: AccountItems, month: UtcMonth, now: number): RolledAccount {
  const stand = standOf(organization, items, month, now);
  const record = renewHold(items.brake ?? freshBrake(items.account), stand, now);
  return {
    ...stand,
    record,
    brakeStatus: items.unread.includes(BRAKE_KEY) ? 'unreadable' : brakeStatus(record, stand),
  };
}

/** The sort key of an account's brake in the hub's table. */
export const BRAKE_KEY = 'BRAKE';

/** By its record alone. */
export function brakeStatus(record: BrakeRecord, stand: Pick<AccountStand, 'brake'>): BrakeStatus {
  const { ours } = record;
  if (ours?.detaching !== undefined) return 'detaching';
  if (ours?.confirmedAt !== undefined) return isToBeAttached(record, stand) ? 'attached' : 'detaching';
  if (isToBeAttached(record, stand)) return 'attaching';
  return isWaiting(record, stand) ? 'waiting' : 'none';
}

function totalOf(accounts: readonly RolledAccount[]): Reading<Spent> {
  const known = accounts.flatMap(({ spent }) => (spent.kind === 'known' ? [spent.value] : []));
  if (known.length === 0) return { kind: 'unavailable', why: 'no account has told what it has spent this month' };
  const amount = addUpTo(...known.map((one) => one.amount));
  const atLeast = known.length < accounts.length || amount === MOST || known.some((one) => one.atLeast);
  return { kind: 'known', value: { amount, atLeast } };
}
