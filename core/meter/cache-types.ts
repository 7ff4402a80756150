import type { NanoUsd } from '../money';
import type { TokenCounts } from './types';

/**
 * A model whose prompt cache costs more than it saves: prompts are written to it and seldom read again. Cached tokens cost more to write
 * than to send, and a tenth or so to read.
 */
export interface CacheBurn {
  readonly metricId: string;
  readonly region: string;
  readonly modelId: string;
  readonly tokens: TokenCounts;
  /** Tokens read for each one written. */
  readonly readsPerWrite: number;
  /** Below it the cache costs more than it saves, by the model's own prices; writes that live 5 minutes and an hour have different ones, and this is of the cheaper. */
  readonly breakEven: number;
  /**
   * What writes and reads cost beyond the same tokens sent without a cache. At most so much: CloudWatch does not tell a 5-minute write
   * from a 1-hour one, and each is counted as the dearer. 0 only where {@link CacheBurn.aboveBefore} is what matters.
   */
  readonly lost: NanoUsd;
  /** What of the model's spend is cache writes, 0 to 100. */
  readonly writesPercent: number;
  /** In words, the likeliest first. */
  readonly likelyCause: string;
  /** Of what time, ms since the epoch, from the first to before the second. Always there on what the meter finds. */
  readonly from?: number;
  readonly to?: number;
  /** If every write was of the cheaper kind. Absent where the model has one price for both. */
  readonly lostAtLeast?: NanoUsd;
  /** What the model cost in that time. */
  readonly spend?: NanoUsd;
  /** Reads a write earlier in the month, where the cache was read well then: it has turned since. */
  readonly before?: number;
  /** What its input, cached or not, cost at most beyond what it would have by the earlier ratio. */
  readonly aboveBefore?: NanoUsd;
}

/** A cache whose writes matter, and nobody can tell whether it pays. */
export interface CacheUnknown {
  readonly metricId: string;
  readonly region: string;
  readonly modelId: string;
  /** What its writes are counted at this month. */
  readonly writes: NanoUsd;
  readonly why: string;
}

/** What a read of the month shows of prompt caches; of each list the dearest few. What matters of it: `burnsOf`, `burnsToTell`. */
export interface CacheUse {
  /** Of the month so far, and where that is well, since it turned, or since the day before began. */
  readonly burns: readonly CacheBurn[];
  /** Of the last whole hours, as many as have it. */
  readonly lately: readonly CacheBurn[];
  readonly unknown: readonly CacheUnknown[];
}
