import { addUpTo, divideUp, MOST, nanoUsd, percentOf, ZERO, type NanoUsd } from '../money';
import type { ModelPrice, PicoUsd } from '../prices';
import { cost, type CountedClass } from './pricing';
import type { TokenCounts } from './types';

/** Below a quarter of what a model costs its writes do not explain the bill, whatever they lose. */
export const WRITES_PERCENT = 25;

/** In pico-dollars a token. */
export interface CachePrices {
  readonly price: ModelPrice;
  /** What a token costs to read. */
  readonly read: PicoUsd;
  /** The dearer of the known ones, at which the meter counts a write, and the cheaper. */
  readonly write: PicoUsd;
  readonly cheapWrite: PicoUsd;
}

/** Which prices a cache is judged by; one that is only assumed judges nothing, however safe it is to count by. */
export function pricesOf(counted: CountedClass): CachePrices | { readonly why: string } {
  if (counted.kind === 'unattributed') return { why: 'no price of the model is known' };
  const price = counted.kind === 'ours' ? counted.model.price : counted.price;
  const { input, cacheRead: read, cacheWrite: write, cacheWrite5m = write } = price;
  if (read === 'unsupported' || write === 'unsupported' || cacheWrite5m === 'unsupported') {
    return { why: 'its price list says that it has no cache' };
  }
  // The price library counts an unlisted read as input, and an unlisted write at twice that (config/price-library.ts).
  if (read >= input) return { why: 'no price of a cache read is known' };
  if (price.cacheWrite5m === undefined && write === input * 2) return { why: 'no price of a cache write is known' };
  return { price, read, write, cheapWrite: Math.min(write, cacheWrite5m) as PicoUsd };
}

/** Whether writes are enough of what the model costs. */
export function dominates(tokens: TokenCounts, prices: CachePrices): boolean {
  return cost(tokens.cacheWrite, prices.write) >= percentOf(spendOf(tokens, prices), WRITES_PERCENT);
}

/** Exact, in pico-dollars: what caching cost beyond the same tokens sent plainly. Below zero it has saved. */
export function lostOf({ cacheRead, cacheWrite }: TokenCounts, { price, read }: CachePrices, write: PicoUsd): bigint {
  return BigInt(cacheWrite) * BigInt(write - price.input) - BigInt(cacheRead) * BigInt(price.input - read);
}

/** What the input tokens of a time cost beyond what the same number would have in the earlier mix of plain, read and written. */
export function aboveEarlier(earlier: TokenCounts, tokens: TokenCounts, { price, read, write }: CachePrices): NanoUsd {
  const pico = ({ input, cacheRead, cacheWrite }: TokenCounts) =>
    BigInt(input) * BigInt(price.input) + BigInt(cacheRead) * BigInt(read) + BigInt(cacheWrite) * BigInt(write);
  const count = ({ input, cacheRead, cacheWrite }: TokenCounts) =>
    BigInt(input) + BigInt(cacheRead) + BigInt(cacheWrite);
  return nanoOf(pico(tokens) - divideUp(pico(earlier) * count(tokens), count(earlier)));
}

export function spendOf(tokens: TokenCounts, { price, read, write }: CachePrices): NanoUsd {
  return addUpTo(
    cost(tokens.input, price.input),
    cost(tokens.output, price.output),
    cost(tokens.cacheRead, read),
    cost(tokens.cacheWrite, write),
  );
}

/** Reads a write at which a cache costs as much as it saves; `read` is below `input`. */
export function breakEven(input: PicoUsd, read: PicoUsd, write: PicoUsd): number {
  return Math.max(0, (write - input) / (input - read));
}

/** Rounded up, as every amount of the meter; never below zero. */
export function nanoOf(pico: bigint): NanoUsd {
  const nano = divideUp(pico, 1000n);
  if (nano <= 0n) return ZERO;
  return nano > BigInt(MOST) ? MOST : nanoUsd(Number(nano));
}

/** A ratio for people. */
export function ratioText(ratio: number): string {
  if (ratio === 0) return '0';
  if (ratio < 0.01) return 'less than 0.01';
  return ratio < 10 ? String(Number(ratio.toFixed(2))) : String(Math.round(ratio));
}
