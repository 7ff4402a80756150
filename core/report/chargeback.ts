import { addDays, DAY_MS, daysIn, dayStart, firstDay, utcMonth, type UtcMonth } from '../calendar';
import { nanoUsd, type NanoUsd } from '../money';
import type { Reading } from '../reading';
import {
  BUDGET_KEPT_MS,
  ENVIRONMENT_BUDGET,
  isWithin,
  parentOf,
  periodAt,
  periodEnd,
  periodStart,
  type BudgetNode,
  type BudgetPath,
  type PeriodKey,
} from '../shared-budgets';
import { inTreeOrder } from './budget-tree';
import type { BudgetInPeriod, StoredBudget } from './ports';

/** A row of what a month has cost by budget. Those of kind `budget` and `rest` add up to `total`. */
export interface ChargeRow {
  readonly kind:
    /** Within the environment's own. */
    | 'budget'
    /** Within another budget, whose `spent` has this one's in it. */
    | 'within'
    /** The environment's, in no budget within it. */
    | 'rest'
    | 'total';
  readonly path: BudgetPath;
  readonly period: PeriodKey;
  readonly limit?: NanoUsd;
  /** Absent: unknown, or nobody has called. */
  readonly spent?: NanoUsd;
  readonly unsettled?: NanoUsd;
  readonly held?: NanoUsd;
  /** Why nobody knows what was spent. */
  readonly unknown?: string;
  readonly note?: string;
}

/**
 * What to ask for: the month of the environment first, then every period of each budget that is the month's and has begun. A week
 * is of the month that its Thursday is in, as it is of the year, so that no week is charged in two months.
 */
export function periodsOf(nodes: readonly BudgetNode[], month: UtcMonth, now: number): readonly BudgetInPeriod[] {
  return [
    { path: ENVIRONMENT_BUDGET, period: month },
    ...inTreeOrder(nodes).flatMap(({ path, period }) =>
      periodsIn(period, month)
        .filter((one) => periodStart(one) <= now)
        .map((one) => ({ path, period: one })),
    ),
  ];
}

export interface ChargebackInput {
  readonly month: UtcMonth;
  /** See {@link periodsOf}. */
  readonly asked: readonly BudgetInPeriod[];
  /** Answers to it, in its order. */
  readonly stored: readonly Reading<StoredBudget | undefined>[];
  readonly now: number;
}

export function chargeback({ month, asked, stored, now }: ChargebackInput): readonly ChargeRow[] {
  const rows = asked.flatMap((one, at): ChargeRow[] => {
    const reading = remembered(one, stored[at], now);
    const isMonth = one.period === month;
    // Of the days and weeks only those that somebody has called in.
    if (reading.kind === 'known' && reading.value === undefined && !isMonth) return [];
    return [rowOf(one, reading)];
  });
  const [environment, ...budgets] = rows;
  if (environment === undefined) return [];
  return [...budgets, restOf(environment, budgets, month), { ...environment, kind: 'total' }];
}

/** An item that is gone for its age is none that nobody has written. */
function remembered(
  { period }: BudgetInPeriod,
  reading: Reading<StoredBudget | undefined> | undefined,
  now: number,
): Reading<StoredBudget | undefined> {
  if (reading === undefined) return { kind: 'unavailable', why: 'the table gave no answer for it' };
  const isForgotten = now >= periodEnd(period) + BUDGET_KEPT_MS;
  if (reading.kind === 'unavailable' || reading.value !== undefined || !isForgotten) return reading;
  return { kind: 'unavailable', why: `no item is kept for more than ${BUDGET_KEPT_MS / DAY_MS} days after its period` };
}

function rowOf({ path, period }: BudgetInPeriod, reading: Reading<StoredBudget | undefined>): ChargeRow {
  const row = { kind: parentOf(path) === ENVIRONMENT_BUDGET ? ('budget' as const) : ('within' as const), path, period };
  if (reading.kind === 'unavailable') return { ...row, unknown: reading.why };
  if (reading.value === undefined) {
    return { ...row, note: 'nobody has called in this period' };
  }
  const { limit, spent, remaining, unsettled } = reading.value;
  const held = moneyOf(limit - spent - remaining);
  // Callers can write what they like: one nonsensical item hides no other.
  return held === undefined
    ? { ...row, unknown: 'its amounts make no sense' }
    : { ...row, limit, spent, unsettled, held };
}

/** What the environment has spent beyond its budgets of the first level. */
function restOf(environment: ChargeRow, budgets: readonly ChargeRow[], month: UtcMonth): ChargeRow {
  const row = { kind: 'rest', path: ENVIRONMENT_BUDGET, period: month } as const;
  const own = budgets.filter(({ kind }) => kind === 'budget');
  const { spent: all, unknown, note } = environment;
  if (all === undefined) return { ...row, ...(unknown && { unknown }), ...(note && { note }) };
  const unread = own.find((one) => one.unknown !== undefined);
  if (unread) return { ...row, unknown: `that of ${unread.path} is` };
  const spent = moneyOf(own.reduce<number>((left, one) => left - (one.spent ?? 0), all));
  if (spent === undefined) return { ...row, unknown: 'those of the budgets make no sense together' };
  const across = own.find(({ period }) => !isWithin(period, month));
  return {
    ...row,
    spent,
    ...(across ? { note: `less what ${across.period} has in another month, and the other way round` } : {}),
  };
}

function periodsIn(period: BudgetNode['period'], month: UtcMonth): readonly PeriodKey[] {
  if (period === 'month') return [month];
  const days = Array.from({ length: daysIn(month) }, (_, at) => addDays(firstDay(month), at));
  if (period === 'day') return days;
  const weeks = new Set(days.map((day) => periodAt('week', dayStart(day))));
  return [...weeks].filter((week) => utcMonth(periodStart(week) + 3 * DAY_MS) === month);
}

/** Undefined: beyond what money can hold. */
function moneyOf(amount: number): NanoUsd | undefined {
  return Number.isSafeInteger(amount) ? nanoUsd(amount) : undefined;
}
