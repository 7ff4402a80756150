import type { UtcDay } from '../calendar';
import type { UsageResolution } from '../meter';
import { divideUp, fromBigInt, add, type NanoUsd } from '../money';
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
  /** Absent: none of it has a price. */
  readonly amount?: NanoUsd;
  readonly unpricedCalls: number;
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
      const key = JSON.stringify([one.arn, one.modelId]);
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
function uncountedCalls({ calls, failed, withInput, withOutput }: LogRow, price: ModelPrice | undefined): number {
  const counted = price?.output === 0 ? withInput : Math.min(withInput, withOutput);
  return Math.max(0, calls - failed - counted);
}

function usageOf(
  { arn, calls, failed, tokens }: LogRow,
  day: UtcDay,
  { modelId, price }: Extract<Whose, { kind: 'ours' }>,
  uncounted: number,
): CallerUsage {
  // Nothing but calls that nobody counted: what they cost is unknown, and not nothing.
  const isUnknown = price === undefined || (uncounted > 0 && uncounted + failed >= calls);
  return { day, arn, modelId, calls, tokens, ...(isUnknown ? {} : { amount: exactCost(tokens, price) }) };
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

/** Tokens of a model that no price list has, or that is not paid for by tokens. */
export function isUnpriced({ amount, tokens }: CallerUsage): boolean {
  return amount === undefined && Object.values(tokens).some((count) => count > 0);
}

/** One caller and one model by several ids, such as a profile's and the model's own. */
function together(one: CallerUsage, other: CallerUsage): CallerUsage {
  const { amount: _, ...rest } = one;
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
  const calls = (of: readonly CallerUsage[]) => of.reduce((sum, one) => sum + one.calls, 0);
  return {
    kept: usage.slice(0, at),
    rest: {
      callers: new Set(left.map(({ arn }) => arn)).size,
      calls: calls(left),
      ...(amounts.length === 0 ? {} : { amount: add(...amounts) }),
      unpricedCalls: calls(left.filter(isUnpriced)),
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
