import { addDays, DAY_MS, dayStart, firstDay, previousMonth, utcDay, utcMonth, type UtcDay } from '../calendar';
import { isBedrockService } from './bedrock-services';
import type { Metering } from '../metering';
import { add, addDecimals, decimalToNano, ZERO, type ExactDecimal, type NanoUsd } from '../money';
import type { Reading } from '../reading';
import type { CostAnswer, CostQuery, CostRow } from './ports';

/** How the account's bill is split among environments. */
export type BillScope =
  | {
      readonly identity: 'profile';
      readonly tagKey: string;
      readonly environment: string;
      /** As it is metered: what carries its own tag, or also what carries none. */
      readonly metering: Metering;
    }
  | { readonly identity: 'direct' };

export interface Amount {
  readonly name: string;
  readonly amount: NanoUsd;
}

/** One day by model, as the bill or the meter has it; not known is not nothing. */
export type DayReading =
  | { readonly kind: 'known'; readonly amounts: readonly Amount[] }
  | { readonly kind: 'unavailable'; readonly why: string };

/** What a model or a service was billed on a day. */
export interface NamedDay extends Amount {
  readonly day: UtcDay;
}

/** What a model was billed on a day under one of the names of Bedrock. */
export interface BilledDay {
  readonly day: UtcDay;
  /** As `byModel` names it. */
  readonly model: string;
  readonly service: string;
  readonly amount: NanoUsd;
}

/** A day that is missing was not read. */
export type DayReadings = ReadonlyMap<UtcDay, DayReading>;

/** Bedrock on the bill of the month so far, in US dollars. */
export interface Bill {
  readonly kind: 'known';
  readonly monthToDate: NanoUsd;
  /** No line of this environment is on this month's bill yet: what was used is not known, and not nothing. */
  readonly nothingYet: boolean;
  readonly lastMonth: NanoUsd;
  /** This month and the one before; a day without a row was billed nothing yet. */
  readonly byDay: ReadonlyMap<UtcDay, NanoUsd>;
  /** The same by service. */
  readonly serviceDays: readonly NamedDay[];
  /** As `byDay`, of all Bedrock in the account, whoever used it. */
  readonly accountByDay: ReadonlyMap<UtcDay, NanoUsd>;
  /** Largest first. */
  readonly byService: readonly Amount[];
  /** All names of Bedrock in the account this month, whoever used them. */
  readonly billedServices: readonly string[];
  /** The same since the first of the month before. */
  readonly recentServices: readonly string[];
  /** The last day with a line that carries this environment's own tag; absent: none does, or nothing is split by one. */
  readonly taggedUntil?: UtcDay;
  /** Bedrock that carries no environment's tag and does not count here: no guard stops it. */
  readonly untagged: NanoUsd;
  /** Bedrock that carries another environment's tag: its own guard counts it. */
  readonly foreign: NanoUsd;
}

export type BillReading = Bill | { readonly kind: 'unavailable'; readonly why: string; readonly retryable: boolean };

/**
 * From the first of the month before, so that the first days of a month have a usual day; to tomorrow, as the end is
 * exclusive and an empty period is refused on day 1. All services: what belongs to Bedrock is decided by `isBedrockService`,
 * because Cost Explorer can only compare names exactly (trap 1).
 */
export function billQuery(scope: BillScope, now: number): CostQuery {
  return {
    from: firstDay(previousMonth(utcMonth(now))),
    to: addDays(utcDay(now), 1),
    granularity: 'DAILY',
    groupBy: [
      ...(scope.identity === 'profile' ? [{ kind: 'TAG', key: scope.tagKey } as const] : []),
      { kind: 'SERVICE' } as const,
    ],
  };
}

/**
 * What was spent for, by day: this environment's part, under the names of Bedrock that the bill has. One question for the month so far
 * and for a few days that may be of the month before, because each costs (docs/adr/0014-what-the-guard-itself-costs-now.md).
 * @param days oldest first, one at least
 */
export function modelQuery(
  scope: BillScope,
  services: readonly string[],
  days: readonly UtcDay[],
  now: number,
): CostQuery {
  const first = firstDay(utcMonth(now));
  const [from = first] = days;
  return {
    from: from < first ? from : first,
    to: addDays(utcDay(now), 1),
    granularity: 'DAILY',
    groupBy: [{ kind: 'SERVICE' }, { kind: 'USAGE_TYPE' }],
    services,
    ...(scope.identity === 'profile'
      ? { tag: { key: scope.tagKey, value: scope.environment, orNone: scope.metering === 'account' } }
      : {}),
  };
}

export function readBill(answer: CostAnswer, scope: BillScope, now: number): BillReading {
  if (answer.kind === 'unavailable') return answer;
  const rows = answer.rows
    .map((row) => ({
      row,
      tag: scope.identity === 'profile' ? row.keys[0] : undefined,
      service: row.keys.at(-1) ?? '',
    }))
    .filter(({ service }) => isBedrockService(service));
  const currency = otherCurrency(rows.map(({ row }) => row));
  if (currency !== undefined) {
    return {
      kind: 'unavailable',
      why: `the bill is in ${currency}, not in USD: nothing is converted`,
      retryable: false,
    };
  }
  const thisMonth = rows.filter(({ row }) => row.day >= firstDay(utcMonth(now)));
  const isOurs = ({ tag }: { tag: string | undefined }) =>
    scope.identity === 'direct' || tag === scope.environment || (scope.metering === 'account' && tag === '');
  const ours = thisMonth.filter(isOurs);
  const lastMonth = rows.filter((one) => isOurs(one) && one.row.day < firstDay(utcMonth(now)));
  const amountOf = (of: readonly { row: CostRow }[]) => total(of.map(({ row }) => row.amount));
  const others = thisMonth.filter((one) => !isOurs(one));
  const taggedUntil = rows
    .filter(({ tag }) => scope.identity === 'profile' && tag === scope.environment)
    .map(({ row }) => row.day)
    .sort()
    .at(-1);
  return {
    kind: 'known',
    monthToDate: amountOf(ours),
    nothingYet: ours.length === 0,
    lastMonth: amountOf(lastMonth),
    byDay: new Map(groups(rows.filter(isOurs), ({ row }) => row.day, amountOf)),
    serviceDays: byDayAndName(rows.filter(isOurs), ({ row, service }) => [row.day, service]).map(
      ([[day, name], of]) => ({
        day,
        name,
        amount: amountOf(of),
      }),
    ),
    accountByDay: new Map(groups(rows, ({ row }) => row.day, amountOf)),
    byService: amounts(groups(ours, ({ service }) => service, amountOf)),
    billedServices: [...new Set(thisMonth.map(({ service }) => service))].sort(),
    recentServices: [...new Set(rows.map(({ service }) => service))].sort(),
    ...(taggedUntil === undefined ? {} : { taggedUntil }),
    untagged: amountOf(others.filter(({ tag }) => tag === '')),
    foreign: amountOf(others.filter(({ tag }) => tag !== '')),
  };
}

/** Bills are up to a day late, and a day may pass without a call. */
const TAG_PROVED_DAYS = 3;

/**
 * Whether the bill itself proves that the cost allocation tag is active: only an active key can be grouped by
 * (https://devcraftly.com/aws/cost-allocation-tags, read 2026-11-29). Should lines keep a key that was deactivated, these days are how
 * late it is noticed. False says nothing: then ask.
 */
export function provesTag({ taggedUntil }: Pick<Bill, 'taggedUntil'>, now: number): boolean {
  return taggedUntil !== undefined && taggedUntil >= addDays(utcDay(now), -TAG_PROVED_DAYS);
}

/** Budgets is refreshed up to three times a day and may come late; two days after a call it has had its time. */
export const BUDGETS_LAG_MS = 2 * DAY_MS;

/** What this month's days that began two days ago or earlier were billed: AWS Budgets must know of it by now. */
export function billedLongAgo(byDay: ReadonlyMap<UtcDay, NanoUsd>, now: number): NanoUsd {
  const first = firstDay(utcMonth(now));
  const isDue = (day: UtcDay) => day >= first && dayStart(day) + BUDGETS_LAG_MS <= now;
  return add(...[...byDay].flatMap(([day, amount]) => (isDue(day) ? [amount] : [])));
}

export type ModelReading =
  | { readonly kind: 'known'; readonly byModel: readonly Amount[] }
  | { readonly kind: 'unavailable'; readonly why: string };

/** Of the month so far. */
export function readModels(answer: CostAnswer, now: number): ModelReading {
  if (answer.kind === 'unavailable') return { kind: 'unavailable', why: answer.why };
  const first = firstDay(utcMonth(now));
  return { kind: 'known', byModel: byLabel(answer.rows.filter(({ day }) => day >= first)) };
}

/**
 * What each day was billed, by label. A day without any line of this environment is not known: it may come later still, and
 * before the tag of the profiles was active nothing carries it.
 */
export function readDailyModels(answer: CostAnswer, days: readonly UtcDay[]): DayReadings {
  const nothing = (why: string): DayReadings => new Map(days.map((day) => [day, { kind: 'unavailable', why }]));
  if (answer.kind === 'unavailable') return nothing(answer.why);
  const currency = otherCurrency(answer.rows);
  if (currency !== undefined) return nothing(`it is in ${currency}, not in USD: nothing is converted`);
  const read = (day: UtcDay): DayReading => {
    const rows = answer.rows.filter((row) => row.day === day);
    return rows.length === 0
      ? { kind: 'unavailable', why: 'no line of this environment' }
      : { kind: 'known', amounts: byLabel(rows) };
  };
  return new Map(days.map((day) => [day, read(day)]));
}

/**
 * All that the answer has, by day, model and service, the oldest day first. A day without a row is not known to be a day without spend.
 * @param answer to {@link modelQuery}
 */
export function readBilledDays(answer: CostAnswer): Reading<readonly BilledDay[]> {
  if (answer.kind === 'unavailable') return { kind: 'unavailable', why: answer.why };
  const currency = otherCurrency(answer.rows);
  if (currency !== undefined) {
    return { kind: 'unavailable', why: `the bill is in ${currency}, not in USD: nothing is converted` };
  }
  const days = byDayAndName(answer.rows, (row) => [row.day, ...labelAndService(row)]).map(
    ([[day, model, service], of]): BilledDay => ({
      day,
      model,
      service,
      amount: total(of.map(({ amount }) => amount)),
    }),
  );
  return { kind: 'known', value: days.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : b.amount - a.amount)) };
}

function labelAndService({ keys: [service = '', usageType = ''] }: CostRow): [string, string] {
  return [modelLabel(service, usageType), service];
}

function byDayAndName<Item, Key extends readonly [UtcDay, ...string[]]>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): [Key, Item[]][] {
  const byKey = new Map<string, [Key, Item[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const text = JSON.stringify(key);
    const group = byKey.get(text);
    if (group) group[1].push(item);
    else byKey.set(text, [key, [item]]);
  }
  return [...byKey.values()];
}

function byLabel(rows: readonly CostRow[]): readonly Amount[] {
  return amounts(
    groups(
      rows,
      (row) => labelAndService(row)[0],
      (of) => total(of.map(({ amount }) => amount)),
    ),
  );
}

/**
 * The model in a usage type, such as `Nova2.0Lite` in `USE1-Nova2.0Lite-input-tokens`. What is sold through Marketplace has
 * the model in the service's name instead. A usage type of another shape is shown as it is, never dropped.
 */
export function modelLabel(service: string, usageType: string): string {
  const sold = /^(.+) \(Amazon Bedrock Edition\)$/.exec(service)?.[1];
  if (sold !== undefined) return sold;
  const named =
    /^(?:[A-Z]{2,4}\d{0,2}-)?(.+?)-(?:input|output|cache-?read|cache-?write|cached)(?:-[a-z0-9-]*)?-?tokens?\b/i.exec(
      usageType,
    );
  return named?.[1] ?? usageType;
}

function otherCurrency(rows: readonly CostRow[]): string | undefined {
  return rows.find(({ currency }) => currency !== 'USD')?.currency;
}

function total(decimals: readonly ExactDecimal[]): NanoUsd {
  return decimals.length === 0 ? ZERO : decimalToNano(addDecimals(decimals));
}

function groups<Item, Key extends string>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  sum: (items: readonly Item[]) => NanoUsd,
): [Key, NanoUsd][] {
  const byKey = new Map<Key, Item[]>();
  for (const item of items) {
    const group = byKey.get(keyOf(item));
    if (group) group.push(item);
    else byKey.set(keyOf(item), [item]);
  }
  return [...byKey].map(([key, of]) => [key, sum(of)]);
}

function amounts(of: readonly [string, NanoUsd][]): readonly Amount[] {
  return of
    .map(([name, amount]) => ({ name, amount }))
    .sort((a, b) => b.amount - a.amount || a.name.localeCompare(b.name));
}
