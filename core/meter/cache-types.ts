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
  /** Below it the cache costs more than it saves, by the model's own prices. */
  readonly breakEven: number;
  /** What writes and reads cost beyond the same tokens sent without a cache. */
  readonly lost: NanoUsd;
  /** What of the model's spend is cache writes, 0 to 100. */
  readonly writesPercent: number;
  /** In words, the likeliest first. */
  readonly likelyCause: string;
}
