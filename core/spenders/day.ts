import type { UtcDay } from '../calendar';
import type { UsageResolution } from '../meter';
import { divideUp, fromBigInt, add, ZERO, type NanoUsd } from '../money';
import type { ModelPrice } from '../prices';
import type { LogRow } from './log-query';
import type { CallerUsage, UnknownCalls } from './types';

/** What a day keeps of the log, by caller and model. */
export interface SpendersDay {
  readonly day: UtcDay;
  readonly logGroup: string;
  /** When it was read, ms. */
  readonly readAt: number;
  readonly bytesScanned: number;
  /** The dearest first. */
  readonly usage: readonly CallerUsage[];
  /** Beyond what a day keeps by name; absent: nothing is. */
  readonly rest?: DayRest;
  readonly unknown: readonly { readonly why: UnknownCalls; readonly calls: number }[];
  readonly apart: readonly { readonly owner: string; readonly calls: number }[];
}

export interface DayRest {
  readonly callers: number;
  readonly calls: number;
  /** Absent: nothing of it has one. */
  readonly amount?: NanoUsd;
  readonly unpricedCalls: number;
  /** Of `calls`, without token counts. Absent: none. */
  readonly uncounted?: number;
}

/** So many rows stand by name. */
export const KEPT_ROWS = 300;
/**
 * And no more than so many bytes of JSON: an item of DynamoDB holds 400 KB, and what is smaller counts more, a function's answer 6 MB, in
 * which a month of 31 days must fit (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, read 2026-11-29).
 */
export const KEPT_BYTES = 120_000;

export interface DayInput {
  readonly day: UtcDay;
  readonly logGroup: string;
  readonly readAt: number;
  readonly rows: readonly LogRow[];
  /** Of the answer, which may hold fewer in its rows. */
  readonly recordsMatched: number;
  readonly bytesScanned: number;
  /** Whose each model id of the rows is. */
  readonly resolution: Pick<UsageResolution, 'classes' | 'metering'>;
}

/** What a day cost by caller and model. Nothing is lost on the way: each call is in a row, in the rest, apart, or unknown. */
export function spendersDay(input: DayInput): SpendersDay {
  const { day, logGroup, readAt, bytesScanned, rows, recordsMatched, resolution } = input;
  const usage = new Map<string, CallerUsage>();
  const apart = new Map<string, number>();
  const unknown = new Map<UnknownCalls, number>();
  const count = <Key>(map: Map<Key, number>, key: Key, calls: number) =>
    calls === 0 ? map : map.set(key, (map.get(key) ?? 0) + calls);
  for (const row of rows) {
    const whose = whoseIs(row.modelId, resolution);
    if (whose.kind === 'apart') count(apart, whose.owner, row.calls);
    else if (whose.kind === 'unknown') count(unknown, 'noOwner', row.calls);
    else {
      const uncounted = uncountedCalls(row, whose.price);
      count(unknown, 'noTokenCounts', uncounted);
      const one = usageOf(row, day, whose, uncounted);
      // A part with a price must not hide one without.
      const key = JSON.stringify([one.arn, one.modelId, whose.price === undefined]);
      const other = usage.get(key);
      usage.set(key, other ? together(other, one) : one);
    }
  }
  count(unknown, 'beyondRows', Math.max(0, recordsMatched - rows.reduce((sum, { calls }) => sum + calls, 0)));
  const { kept, rest } = cut([...usage.values()].sort(dearestFirst));
  return {
    day,
    logGroup,
    readAt,
    bytesScanned,
    usage: kept,
    ...(rest && { rest }),
    unknown: [...unknown].map(([why, calls]) => ({ why, calls })),
    apart: [...apart].map(([owner, calls]) => ({ owner, calls })),
  };
}

type Whose =
  | { readonly kind: 'ours'; readonly modelId: string; readonly price?: ModelPrice }
  | { readonly kind: 'apart'; readonly owner: string }
  | { readonly kind: 'unknown' };

const NOBODY = 'models called without a profile';
/** The only ids behind which a neighbour may stand, nobody's where only own profiles count. */
const PROFILE = /:application-inference-profile\/|^[^.:/]*$/;

function whoseIs(modelId: string, { classes, metering }: DayInput['resolution']): Whose {
  const found = Object.hasOwn(classes, modelId) ? classes[modelId] : undefined;
  switch (found?.kind) {
    case 'ours':
      return { kind: 'ours', modelId: found.model.modelId, price: found.model.price };
    case 'listed':
      return { kind: 'ours', modelId: found.modelId, price: found.price };
    case 'unattributed':
      return { kind: 'ours', modelId };
    case 'foreign':
      return { kind: 'apart', owner: found.owner };
    case 'unguarded':
      return { kind: 'apart', owner: NOBODY };
    case undefined:
      if (metering === 'account') return { kind: 'ours', modelId };
      return PROFILE.test(modelId) ? { kind: 'unknown' } : { kind: 'apart', owner: NOBODY };
  }
}

/** A failed call has no tokens. What a model answers without a price for it, such as embeddings, has no count of output either. */
function uncountedCalls(
  { calls, failed, withInput, withOutput, tokens }: LogRow,
  price: ModelPrice | undefined,
): number {
  // Counts of nothing but 0 are those of failed calls: one that succeeds has a token.
  if (!hasTokens(tokens)) return Math.max(0, calls - failed);
  const counted = price?.output === 0 ? withInput : Math.min(withInput, withOutput);
  return Math.max(0, calls - failed - counted);
}

function usageOf(
  { arn, calls, tokens }: LogRow,
  day: UtcDay,
  { modelId, price }: Extract<Whose, { kind: 'ours' }>,
  uncounted: number,
): CallerUsage {
  const amount = amountOf(tokens, price, uncounted);
  return {
    ...{ day, arn, modelId, calls, tokens },
    ...(uncounted === 0 ? {} : { uncounted }),
    ...(amount === undefined ? {} : { amount }),
  };
}

/** Nothing but calls that nobody counted: what they cost is unknown. Nothing but calls that failed: nothing, at any price. */
function amountOf(
  tokens: CallerUsage['tokens'],
  price: ModelPrice | undefined,
  uncounted: number,
): NanoUsd | undefined {
  if (hasTokens(tokens)) return price && exactCost(tokens, price);
  return uncounted > 0 ? undefined : ZERO;
}

function hasTokens(tokens: CallerUsage['tokens']): boolean {
  return Object.values(tokens).some((count) => count > 0);
}

/** All components together, rounded up once. */
export function exactCost(tokens: CallerUsage['tokens'], price: ModelPrice): NanoUsd {
  const orInput = (component: ModelPrice['cacheRead']) => (component === 'unsupported' ? price.input : component);
  const part = (count: number, each: number) => BigInt(count) * BigInt(each);
  const pico =
    part(tokens.input, price.input) +
    part(tokens.output, price.output) +
    part(tokens.cacheRead, orInput(price.cacheRead)) +
    part(tokens.cacheWrite, orInput(price.cacheWrite));
  return fromBigInt(divideUp(pico, 1000n));
}

/** Calls with tokens of a model that no price list has, or that is not paid for by tokens. */
export function unpricedCalls({ amount, tokens, calls, uncounted = 0 }: CallerUsage): number {
  return amount === undefined && hasTokens(tokens) ? calls - uncounted : 0;
}

/** One caller and one model by several ids, such as a profile's and the model's own. */
function together(one: CallerUsage, other: CallerUsage): CallerUsage {
  const { amount: _, uncounted: __, ...rest } = one;
  const uncounted = (one.uncounted ?? 0) + (other.uncounted ?? 0);
  const amounts = [one.amount, other.amount].filter((amount) => amount !== undefined);
  return {
    ...rest,
    calls: one.calls + other.calls,
    tokens: {
      input: one.tokens.input + other.tokens.input,
      output: one.tokens.output + other.tokens.output,
      cacheRead: one.tokens.cacheRead + other.tokens.cacheRead,
      cacheWrite: one.tokens.cacheWrite + other.tokens.cacheWrite,
    },
    ...(uncounted === 0 ? {} : { uncounted }),
    ...(amounts.length === 0 ? {} : { amount: add(...amounts) }),
  };
}

function dearestFirst(a: CallerUsage, b: CallerUsage): number {
  return (b.amount ?? -1) - (a.amount ?? -1) || b.calls - a.calls || (a.arn < b.arn ? -1 : 1);
}

function cut(usage: readonly CallerUsage[]): { readonly kept: readonly CallerUsage[]; readonly rest?: DayRest } {
  let bytes = 2;
  let at = 0;
  for (; at < Math.min(usage.length, KEPT_ROWS); at++) {
    bytes += utf8Length(JSON.stringify(usage[at])) + 1;
    if (bytes > KEPT_BYTES) break;
  }
  const left = usage.slice(at);
  if (left.length === 0) return { kept: usage };
  const amounts = left.flatMap(({ amount }) => (amount === undefined ? [] : [amount]));
  const sum = (of: (one: CallerUsage) => number) => left.reduce((so, one) => so + of(one), 0);
  const uncounted = sum((one) => one.uncounted ?? 0);
  return {
    kept: usage.slice(0, at),
    rest: {
      callers: new Set(left.map(({ arn }) => arn)).size,
      calls: sum(({ calls }) => calls),
      ...(amounts.length === 0 ? {} : { amount: add(...amounts) }),
      unpricedCalls: sum(unpricedCalls),
      ...(uncounted === 0 ? {} : { uncounted }),
    },
  };
}

/** Bytes of a text as DynamoDB counts them. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
