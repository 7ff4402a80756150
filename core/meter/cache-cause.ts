import { HOUR_MS, utcTime } from '../calendar';
import type { TokenCounts } from './types';

/** Tokens read from a cache and written to it within an hour. */
export interface HourOfCache {
  readonly reads: number;
  readonly writes: number;
}

export interface CauseInput {
  /** Of the month, by start of the hour. */
  readonly hours: ReadonlyMap<number, HourOfCache>;
  readonly from: number;
  readonly to: number;
  /** Between the two. */
  readonly tokens: TokenCounts;
  readonly breakEven: number;
  /** Reads a write earlier in the month, where they have fallen since. */
  readonly before: number | undefined;
}

/** Fewer say nothing of a rhythm. */
const HOURS_OF_A_RHYTHM = 3;
/** Writes for one read above which nothing is read to speak of. */
const WRITES_FOR_A_READ = 100;

/**
 * What hourly sums can tell, and what they cannot is said. Calls are not counted by model, so that an hour of one call and an hour of a
 * thousand look alike. A cache lives for 5 minutes or an hour, as the call asks (`ttl`,
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CachePointBlock.html), from its last use, as others say of it
 * (https://strandsagents.com/docs/user-guide/sdk/model-providers/amazon-bedrock-prompt-caching/; both read 2026-11-29).
 */
export function likelyCause(input: CauseInput): string {
  const { tokens, before } = input;
  if (before !== undefined) {
    return `the start of the prompt differs from call to call ${sinceText(input)}, such as by a time or an id in it, or tools in another order: a new version, or a changed setting`;
  }
  if (standAlone(input)) {
    return 'calls come hours apart and a cache lives 5 minutes, or an hour where that is asked for: each time it is written anew';
  }
  if (tokens.cacheRead * WRITES_FOR_A_READ < tokens.cacheWrite) {
    return 'the start of the prompt differs in each call, such as by a time or an id in it; or calls come further apart than the 5 minutes that a cache lives. Hourly figures do not tell which';
  }
  return 'too few calls share the start of a prompt while its cache lives (5 minutes, or an hour where that is asked for): it changes now and then, calls pause, or many short-lived callers each write their own';
}

/**
 * Whether a cache that was read well no longer is. Well: by twice the break-even of the dearest writes, and by more tokens than are
 * written now, so that a trial of last week is no yardstick.
 * @param fallenTo the part of the earlier ratio that the present one is below
 */
export function hasTurned(earlier: TokenCounts, tokens: TokenCounts, breakEven: number, fallenTo: number): boolean {
  if (earlier.cacheWrite === 0 || earlier.cacheRead < tokens.cacheWrite) return false;
  const before = earlier.cacheRead / earlier.cacheWrite;
  return before >= 2 * breakEven && tokens.cacheRead * fallenTo < before * tokens.cacheWrite;
}

/** Start of the hours on end, up to `to`, whose writes are read less than `line` times each; hours without writes say nothing. */
export function badlySince(hours: ReadonlyMap<number, HourOfCache>, to: number, line: number): number | undefined {
  const written = [...hours].filter(([at, { writes }]) => at < to && writes > 0).sort(([a], [b]) => b - a);
  const well = written.findIndex(([, { reads, writes }]) => reads >= line * writes);
  return (well < 0 ? written.at(-1) : written[well - 1])?.[0];
}

/** From when on it is read far less than earlier in the month. */
function sinceText({ hours, from, to, breakEven, before = 0 }: CauseInput): string {
  // One that still pays has fallen all the same.
  const since = badlySince(hours, to, Math.max(breakEven, before / 2)) ?? from;
  return `since about ${utcTime(since)}`;
}

/** Whether most hours with writes have none before and after them. */
function standAlone({ hours, from, to }: CauseInput): boolean {
  const writes = (at: number) => (hours.get(at)?.writes ?? 0) > 0;
  const written = [...hours.keys()].filter((at) => at >= from && at < to && writes(at));
  const alone = written.filter((at) => !writes(at - HOUR_MS) && !writes(at + HOUR_MS));
  return written.length >= HOURS_OF_A_RHYTHM && alone.length * 2 >= written.length;
}
