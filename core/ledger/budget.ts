import { HOUR_MS } from '../calendar';
import { add, nanoUsd, subtract, ZERO, type NanoUsd } from '../money';
import type { CompleteSpend, GuardStatus } from './ports';
import { hourOf, type Hold } from './hold';

/** One period's budget as it is stored: `remaining + spent + active = limit`, to the nano-dollar and after every write. */
export interface BudgetState {
  /** With what was carried over. */
  readonly limit: NanoUsd;
  /** The part of `limit` that was left of the period before. Absent: nothing. */
  readonly carried?: NanoUsd;
  /** Neither spent nor held; below zero where the limit was lowered under what is, which stops all grants. */
  readonly remaining: NanoUsd;
  /** What callers charged, and `raised`. */
  readonly spent: NanoUsd;
  /** The part of `spent` that no caller charged: the meter saw it. */
  readonly raised: NanoUsd;
  /** The part of `spent` that was charged since nobody could tell what was used: broken calls, and holds that ran out. */
  readonly unsettled: NanoUsd;
  /** What was charged in the last hours; of hours that are missing nothing was, or it is too long ago. */
  readonly hours: readonly ChargedHour[];
  /** How often something of it was released: a release that comes late, or twice, finds another number. */
  readonly releases: number;
  /** `asOf` of the last status that was applied; 0: none. */
  readonly statusAsOf: number;
}

export interface ChargedHour {
  /** Hours since the epoch, by `hourOf`. */
  readonly hour: number;
  readonly known: NanoUsd;
  readonly unsettled: NanoUsd;
}

/** A period's budget and all that is held of it, as they are stored together. */
export interface BudgetRecord {
  readonly state: BudgetState;
  readonly holds: readonly Hold[];
}

/** Hours are told apart for so long; enough for the meter to have been away for some of them. */
const KEPT_HOURS = 6;

/** Hours to forget at `now`: what was charged in them stays charged. */
export function forgotten({ hours }: BudgetState, now: number): readonly number[] {
  return hours.map(({ hour }) => hour).filter((hour) => !isKept(hour, now));
}

export function isKept(hour: number, now: number): boolean {
  return hour > hourOf(now) - KEPT_HOURS;
}

/** What calls in flight, and leases, hold. */
export function active({ limit, remaining, spent }: BudgetState): NanoUsd {
  return nanoUsd(limit - remaining - spent);
}

/** A period nobody has spent in yet. @param limit without what is carried over */
export function untouched(limit: NanoUsd, carried: NanoUsd = ZERO): BudgetState {
  const whole = add(limit, carried);
  return {
    ...{ limit: whole, remaining: whole },
    ...(carried > 0 && { carried }),
    ...{ spent: ZERO, raised: ZERO, unsettled: ZERO, hours: [], releases: 0, statusAsOf: 0 },
  };
}

/** As one process knows it that finds it gone: what was spent counts on, by its word. */
export function restored({ limit, carried = ZERO, spent }: BudgetState): BudgetState {
  return { ...untouched(subtract(limit, carried), carried), spent, remaining: nanoUsd(limit - spent) };
}

/** One conditional write to the budget alone: it holds only where the budget still has `from`'s limit, raise and status. */
export interface Adjustment {
  readonly from: Pick<BudgetState, 'limit' | 'raised' | 'statusAsOf'>;
  readonly to: Pick<BudgetState, 'limit' | 'raised' | 'statusAsOf'>;
  /** Added to what is stored by then: grants and settlements go on meanwhile. */
  readonly remaining: NanoUsd;
  readonly spent: NanoUsd;
}

/** What somebody else than its callers says of a budget. */
export interface BudgetWord extends Pick<GuardStatus, 'asOf' | 'spentAtLeast' | 'complete'> {
  /** Without what is carried over. */
  readonly limit: NanoUsd;
}

/**
 * What the meter's word changes; undefined where a newer one was applied. Its limit replaces the budget's, and its
 * `spentAtLeast` raises `spent` to the larger of both. The raise is found anew each time: what a caller charges later of
 * the same spend is not counted twice for longer than until the next status.
 */
export function adjustment(
  state: BudgetState,
  status: Pick<BudgetWord, 'asOf' | 'limit' | 'spentAtLeast'>,
): Adjustment | undefined {
  if (status.asOf <= state.statusAsOf) return undefined;
  const limit = add(status.limit, state.carried ?? ZERO);
  const raised = raiseOver(nanoUsd(state.spent - state.raised), status);
  const spent = subtract(raised, state.raised);
  return {
    from: { limit: state.limit, raised: state.raised, statusAsOf: state.statusAsOf },
    to: { limit, raised, statusAsOf: status.asOf },
    remaining: nanoUsd(limit - state.limit - spent),
    spent,
  };
}

function raiseOver(charged: NanoUsd, { spentAtLeast }: Pick<GuardStatus, 'spentAtLeast'>): NanoUsd {
  return nanoUsd(Math.max(0, spentAtLeast - charged));
}

/** One conditional write: it holds only where `from` and `holds` are still what is stored, and counts one more release. */
export interface Release {
  readonly from: Pick<BudgetState, 'unsettled' | 'raised' | 'releases' | 'statusAsOf'>;
  readonly to: Pick<BudgetState, 'unsettled' | 'raised'>;
  readonly remaining: NanoUsd;
  readonly spent: NanoUsd;
  /** Charged holds that are among it, and go with it: their processes shall not give it back a second time. */
  readonly holds: readonly Hold[];
  /** Charged holds that stay, of nothing: a process that lives learns by it which of its writes has happened. */
  readonly emptied?: readonly Hold[];
  /** Whose unsettled charges hold nobody up any more. */
  readonly hours?: readonly number[];
  /** Kept beside the budget where a person has released it. */
  readonly note?: ReleaseNote;
}

/** Who has released what, when and why. */
export interface ReleaseNote {
  readonly by: string;
  readonly reason: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly amount: NanoUsd;
}

/** In one write: an expression of DynamoDB has room for 4 KB. */
const MOST_HOLDS = 100;

/**
 * What was charged without known usage and, by the meter's tokens, was not used. Until an hour that is complete the meter
 * has seen all that callers settled by then and all that they used beside; what it saw above the former may be the latter.
 * A call may go on at the provider after its caller has lost it, for less than an hour.
 */
export function release(
  { state, holds }: BudgetRecord,
  status: Pick<GuardStatus, 'spentAtLeast' | 'complete'>,
  now: number,
): Release | undefined {
  const { complete } = status;
  if (!complete) return undefined;
  const until = Math.floor(complete.until / HOUR_MS);
  // The hour before counts below, and a clock that is early has forgotten an hour more.
  if (!isKept(until - 2, now)) return undefined;
  const mayBeUsed = unexplained(state, complete);
  const ended = Math.min(state.unsettled, state.unsettled - chargedSince(state, until - 1, 'unsettled'));
  const gone = holds.filter(({ expiresAtMs }) => hourOf(expiresAtMs) < until - 1);
  const charged = gone.filter(({ claim }) => claim === 'charged');
  const forgotten = charged.slice(0, MOST_HOLDS);
  // With the last of them: whoever still stands there could give his part back himself.
  const amount = forgotten.length < charged.length ? 0 : Math.max(0, ended - mayBeUsed);
  if (amount === 0 && forgotten.length === 0) return undefined;
  return { ...released(state, status, amount), holds: forgotten };
}

/** What the meter has seen by an hour that is complete, above all that callers had settled by then: by charges nobody settled, or past the budget. */
export function unexplained(state: BudgetState, complete: CompleteSpend): NanoUsd {
  const until = Math.floor(complete.until / HOUR_MS);
  const known = state.spent - state.raised - state.unsettled - chargedSince(state, until, 'known');
  return nanoUsd(Math.max(0, complete.spent - known));
}

function chargedSince({ hours }: BudgetState, from: number, part: 'known' | 'unsettled'): NanoUsd {
  return add(ZERO, ...hours.filter(({ hour }) => hour >= from).map((hour) => hour[part]));
}

/**
 * A person's word that none of it was used: all of it, but what the meter saw counts as before. Where many holds were charged it
 * empties some of them first, and gives nothing back yet: to be asked again.
 */
export function releaseAll(
  { state, holds }: BudgetRecord,
  status: Pick<GuardStatus, 'spentAtLeast'> | undefined,
  note: Omit<ReleaseNote, 'amount'>,
): Release | undefined {
  if (state.unsettled === 0) return undefined;
  const charged = holds.filter((hold) => hold.claim === 'charged' && hold.amount > 0);
  const emptied = charged.slice(0, MOST_HOLDS);
  const amount = emptied.length < charged.length ? ZERO : state.unsettled;
  const release = { ...released(state, status ?? { spentAtLeast: ZERO }, amount), holds: [], emptied };
  const hours = state.hours.map(({ hour }) => hour);
  return amount === 0 ? release : { ...release, hours, note: { ...note, amount } };
}

function released(
  state: BudgetState,
  status: Pick<GuardStatus, 'spentAtLeast'>,
  amount: number,
): Omit<Release, 'holds'> {
  const raised = raiseOver(nanoUsd(state.spent - state.raised - amount), status);
  const spent = nanoUsd(raised - state.raised - amount);
  return {
    from: {
      unsettled: state.unsettled,
      raised: state.raised,
      releases: state.releases,
      statusAsOf: state.statusAsOf,
    },
    to: { unsettled: nanoUsd(state.unsettled - amount), raised },
    remaining: nanoUsd(-spent),
    spent,
  };
}
