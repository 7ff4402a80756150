import type { UtcMonth } from '../../core/calendar';
import { untouched, type BudgetRecord } from '../../core/ledger/budget';
import { hourOf, transition, type Hold, type Transition } from '../../core/ledger/hold';
import type { LedgerStore } from '../../core/ledger/store';
import { usd, ZERO, type NanoUsd } from '../../core/money';
import type { BudgetPath } from '../../core/shared-budgets';

export interface LedgerStoreSubject {
  readonly store: LedgerStore;
  /** Of a budget within the environment's own. */
  readonly storeOf: (budget: BudgetPath) => LedgerStore;
  /** Replaces an attribute of the month's budget, as another release or an accident would. */
  readonly alter: (attribute: string, value: unknown) => Promise<void>;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
}

export const LEDGER_MONTH = '2026-11' as UtcMonth;
export const LIMIT = usd(100);
export const NOW = Date.parse('2026-11-12T10:00:00Z');
export const HOUR = hourOf(NOW);

export function hold(id: string, amount: NanoUsd, more: Partial<Hold> = {}): Hold {
  return { id, claim: 'active', amount, expiresAtMs: NOW, writtenBy: '1', ...more };
}

/** A hold that is not there yet takes its amount. */
export const taken = (to: Hold) => transition(undefined, to, { spent: ZERO, grants: true, now: NOW });
/** Gives back all but what was spent. */
export const settled = (from: Hold, spent: NanoUsd, unsettled: NanoUsd = ZERO) =>
  transition(from, { ...from, amount: ZERO, writtenBy: '2' }, { spent, unsettled, grants: false, now: NOW });

export async function opened({ store }: LedgerStoreSubject): Promise<LedgerStore> {
  await store.open(LEDGER_MONTH, untouched(LIMIT));
  return store;
}

export async function read(store: LedgerStore): Promise<BudgetRecord> {
  const record = await store.read(LEDGER_MONTH);
  if (!record) throw new Error('the month is not open');
  return record;
}

export const state = async (store: LedgerStore) => (await read(store)).state;
export const holdIn = async (store: LedgerStore, id: string) => (await read(store)).holds.find((one) => one.id === id);

/** And whatever the store says of what is stored, is. */
export async function done(store: LedgerStore, change: Transition, forget?: readonly number[]): Promise<boolean> {
  const committed = await store.commit(LEDGER_MONTH, change, forget);
  if (committed.stored) expect(committed.stored).toEqual(await store.read(LEDGER_MONTH));
  return committed.done;
}

/** What, the attribute, and what it then says. */
export const ALTERED: readonly [string, string, unknown][] = [
  ['of another schemaVersion', 'schemaVersion', 2],
  ['without whole nano-dollars', 'remaining', 0.5],
  ['with part of a nano-dollar carried over', 'carried', 0.5],
  ['with text for an amount', 'spent', 'much'],
  ['with a hold that is none', 'habc', 'a.1.zz'],
  ['with part of a nano-dollar in an hour', `u${HOUR}`, 0.5],
];
