import { addDays, firstDay, nextMonth, utcDay, type UtcMonth } from '../calendar';
import { add, ZERO, type NanoUsd } from '../money';
import type { Reading } from '../reading';
import { callerOf, personNames } from './caller';
import { unpricedCalls } from './day';
import { gapsOf } from './gaps';
import { rowsOf, type SpentRow } from './rows';
import { share, WHY_IN_NO_FIGURE } from './top';
import type { BilledSpend, CallerUsage, SpendersOfMonth, SpendersSource, UnknownCalls } from './types';

/** What a month is divided by: callers as the invocation log has them, or the bill by a tag of principals, by model or by day. */
export const CALLER_DIVISIONS = ['person', 'role', 'session'] as const;
export type CallerDivision = (typeof CALLER_DIVISIONS)[number];
export const BILL_DIVISIONS = ['model', 'day'] as const;
export type BillDivision = (typeof BILL_DIVISIONS)[number];

/** A month by who or what spent it. `rows` add up to `total`. */
export interface SpentBy {
  readonly month: UtcMonth;
  readonly source: SpendersSource | 'bill';
  /** The log group, or the key of the tag. */
  readonly origin?: string;
  /** Those with an amount first, the dearest of them first; days in their order. What nobody's name stands at comes last. */
  readonly rows: readonly SpentRow[];
  /** Absent: unknown. */
  readonly total?: NanoUsd;
  /** More was spent than `total`: what is missing stands in `unknown`, or of a bill in `toCome`. */
  readonly atLeast: boolean;
  /** What is in no figure, in words. */
  readonly unknown: readonly string[];
  /** What is still to come, in words. */
  readonly toCome?: string;
  /** What the log has of others, and is in no figure here either, in words. */
  readonly apart: readonly string[];
  /** What Logs Insights read for these days, and charges for by the gigabyte. */
  readonly bytesScanned?: number;
}

type Callers = Extract<NonNullable<SpendersOfMonth['callers']>, { kind: 'known' }>['value'];
type Tagged = Extract<NonNullable<SpendersOfMonth['tagged']>, { kind: 'known' }>['value'];

/** Estimated: the log has tokens, which list prices are put to. */
export function spentByCaller(month: UtcMonth, callers: Callers, by: CallerDivision, now: number): SpentBy {
  const arns = new Set(callers.usage.map(({ arn }) => arn));
  const persons = personNames(arns);
  const parts = new Map([...arns].map((arn) => [arn, partOf(arn, by, persons.get(arn))]));
  const rows = rowsOf(
    callers.usage.map((usage) => ({
      ...(parts.get(usage.arn) ?? NOBODY),
      ...usage,
      unpricedCalls: unpricedCalls(usage),
    })),
  );
  const { toCome, unknown: days } = gapsOf({ ...callers, month }, now);
  const unknown = [...days, ...withoutFigure(callers)];
  const all = [...inOrder(rows), ...restOf(callers)];
  const isRead = callers.days.length > 0;
  return {
    ...{ month, source: 'invocationLogs', origin: callers.logGroup },
    ...(isRead ? withTotal(all) : { rows: all }),
    atLeast: unknown.length > 0 || all.some(({ atLeast }) => atLeast),
    ...{ unknown, apart: apartOf(callers), bytesScanned: callers.bytesScanned },
    ...(toCome === undefined ? {} : { toCome }),
  };
}

/** What the bill has at each value of the tag. */
export function spentByTag(month: UtcMonth, { tag, spend }: Tagged, now: number): SpentBy {
  const rows = rowsOf(
    spend.map((one) => ({
      ...one,
      kind: one.value === '' ? ('nameless' as const) : ('named' as const),
      name: one.value,
    })),
  );
  return billed({ month, source: 'principalTag', origin: tag }, inOrder(rows), now);
}

export function spentByBill(month: UtcMonth, bill: readonly BilledSpend[], by: BillDivision, now: number): SpentBy {
  const rows = rowsOf(bill.map((one) => ({ ...one, kind: 'named' as const, name: one[by] })));
  return billed({ month, source: 'bill' }, by === 'day' ? byName(rows) : inOrder(rows), now);
}

/** A source that does not answer is no month in which nothing was spent. */
export function notKnown(month: UtcMonth, source: SpentBy['source'], why: string): SpentBy {
  return { month, source, rows: [], atLeast: true, unknown: [why], apart: [] };
}

/** @param known makes the answer of what was read; a sum that money cannot hold is unknown */
export function spentBy<T>(
  { month, source }: Pick<SpentBy, 'month' | 'source'>,
  reading: Reading<T>,
  known: (value: T) => SpentBy,
): SpentBy {
  if (reading.kind === 'unavailable') return notKnown(month, source, reading.why);
  try {
    return known(reading.value);
  } catch (error) {
    if (error instanceof RangeError) return notKnown(month, source, error.message);
    throw error;
  }
}

/** A bill without any line may come later still: then nothing is known, rather than $0. */
function billed(of: Pick<SpentBy, 'month' | 'source' | 'origin'>, rows: readonly SpentRow[], now: number): SpentBy {
  if (rows.length === 0) return { ...of, ...notKnown(of.month, of.source, 'no line of it is on the bill yet') };
  const toCome = billToCome(of.month, now);
  return {
    ...{ ...of, ...withTotal(rows), atLeast: toCome !== undefined, unknown: [], apart: [] },
    ...(toCome === undefined ? {} : { toCome }),
  };
}

/** A bill is a day late or more: its days may grow until they are over by two. */
function billToCome(month: UtcMonth, now: number): string | undefined {
  const [first, growing] = [firstDay(month), addDays(utcDay(now), -2)];
  if (growing >= firstDay(nextMonth(month))) return undefined;
  return `lines of ${growing > first ? growing : first} and later, as a bill is a day late or more`;
}

function withTotal(rows: readonly SpentRow[]): Pick<SpentBy, 'rows'> & { readonly total: NanoUsd } {
  const total = sum(rows.flatMap(({ amount }) => amount ?? []));
  const shareOf = ({ amount }: SpentRow) =>
    amount === undefined || total <= 0 ? {} : { sharePercent: share(amount, total) };
  return { rows: rows.map((row) => ({ ...row, ...shareOf(row) })), total };
}

const NOBODY = { kind: 'nameless', name: '' } as const;

function partOf(arn: string, by: CallerDivision, person: string | undefined): Pick<SpentRow, 'kind' | 'name'> {
  const { kind, name, role, session } = callerOf(arn);
  switch (by) {
    case 'person':
      if (person !== undefined) return { kind: 'named', name: person };
      if (arn.trim() === '') return NOBODY;
      // Sessions of a role are named by whoever assumes it, and may be thousands of one application.
      return { kind: 'shared', name: kind === 'role' && role !== undefined ? `role ${role}` : name };
    case 'role':
      if (role === undefined) return NOBODY;
      // A role may have the name of a permission set, and is not it.
      return { kind: 'named', name: kind === 'identityCenter' ? `${role} (permission set)` : role };
    case 'session':
      return session === undefined ? NOBODY : { kind: 'named', name: role === undefined ? name : `${role}/${session}` };
  }
}

function restOf({ rest }: Callers): readonly SpentRow[] {
  const parts = rest.map((one) => ({ ...one, kind: 'rest' as const, name: '' }));
  const callers = rest.reduce((so, one) => so + one.callers, 0);
  return rowsOf(parts).map((row) => ({ ...row, callers }));
}

/** What was called and is in no amount. */
function withoutFigure({ usage, rest, unknown, otherRegions }: Callers): readonly string[] {
  const models = new Map<string, CallerUsage[]>();
  for (const one of usage) {
    if (unpricedCalls(one) === 0) continue;
    const of = models.get(one.modelId);
    if (of) of.push(one);
    else models.set(one.modelId, [one]);
  }
  const unpriced = callsOf(rest.map((one) => ({ calls: one.unpricedCalls })));
  return [
    ...[...models].map(([modelId, of]) => {
      const callers = new Set(of.map(({ arn }) => arn)).size;
      const calls = callsOf(of.map((one) => ({ calls: unpricedCalls(one) })));
      return `no price of ${modelId}: ${counted(calls, 'call')} by ${counted(callers, 'caller')}`;
    }),
    ...(unpriced === 0 ? [] : [`no price of ${counted(unpriced, 'call')} by callers whose names are not kept`]),
    ...(Object.keys(WHY_IN_NO_FIGURE) as UnknownCalls[]).flatMap((why) => {
      const calls = callsOf(unknown.filter((one) => one.why === why));
      return calls === 0 ? [] : [`${counted(calls, 'call')} ${WHY_IN_NO_FIGURE[why]}`];
    }),
    ...otherRegions.map((region) => `calls in ${region}, where the log group is not`),
  ];
}

function apartOf({ apart }: Callers): readonly string[] {
  const owners = [...new Set(apart.map(({ owner }) => owner))].sort(compared);
  return owners.map((owner) => {
    const calls = callsOf(apart.filter((one) => one.owner === owner));
    return `${counted(calls, 'call')} of ${owner}, which are not this environment's`;
  });
}

function callsOf(of: readonly { readonly calls: number }[]): number {
  return of.reduce((so, { calls }) => so + calls, 0);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** @throws RangeError beyond what money can hold */
function sum(amounts: readonly NanoUsd[]): NanoUsd {
  return amounts.reduce((so, amount) => add(so, amount), ZERO);
}

function inOrder(rows: readonly SpentRow[]): readonly SpentRow[] {
  const rank = ({ kind, amount }: SpentRow) => (kind === 'nameless' ? 2 : amount === undefined ? 1 : 0);
  return [...rows].sort(
    (a, b) =>
      rank(a) - rank(b) || (b.amount ?? 0) - (a.amount ?? 0) || compared(a.name, b.name) || compared(a.kind, b.kind),
  );
}

function byName(rows: readonly SpentRow[]): readonly SpentRow[] {
  return [...rows].sort((a, b) => compared(a.name, b.name));
}

/** By code unit, so that every machine has the same order. */
function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
