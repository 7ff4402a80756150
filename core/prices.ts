import { divideUp, fromBigInt, nanoUsd, parseDecimal, type NanoUsd } from './money';

/** Integer pico-dollars per token. $1 per million tokens = 1,000,000 pico-dollars a token. */
export type PicoUsd = number & { readonly unit: 'PicoUsd' };

/** What a token costs. `unsupported` says that the model has no prompt cache; it is not a missing price. */
export interface ModelPrice {
  readonly input: PicoUsd;
  readonly output: PicoUsd;
  readonly cacheRead: PicoUsd | 'unsupported';
  /** CloudWatch does not separate 5-minute from 1-hour writes: this is the dearer of the known ones. */
  readonly cacheWrite: PicoUsd | 'unsupported';
  /** Where both are known: an answer itself tells them apart. */
  readonly cacheWrite5m?: PicoUsd;
  readonly cacheWrite1h?: PicoUsd;
}

/** Prices of one model, where a long context may cost more. */
export interface ContextPrices {
  /** Of any request. */
  readonly price: ModelPrice;
  /** Of a request of at most so many tokens of context. */
  readonly shortContext?: { readonly upToTokens: number; readonly price: ModelPrice };
}

/** @param contextTokens all of a request's input: plain, read from a cache, and written to one */
export function priceOfContext({ price, shortContext }: ContextPrices, contextTokens: number): ModelPrice {
  return shortContext && contextTokens <= shortContext.upToTokens ? shortContext.price : price;
}

/** Whole tokens. `input` excludes what was read from or written to a cache. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/**
 * A list price as published, per million tokens, to an exact integer.
 * @throws RangeError on a negative price, or one finer than a pico-dollar a token
 */
export function picoUsdPerToken(usdPerMillionTokens: number | string): PicoUsd {
  const { digits, scale } = parseDecimal(String(usdPerMillionTokens));
  const scaled = digits * 10n ** 6n;
  const divisor = 10n ** BigInt(scale);
  if (digits < 0n || scaled % divisor !== 0n || scaled / divisor > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`not a price in whole pico-dollars a token: $${usdPerMillionTokens} per million tokens`);
  }
  return Number(scaled / divisor) as PicoUsd;
}

/** What one component of one series costs, rounded up once. @throws RangeError unless tokens are a whole number >= 0 */
export function tokenCost(tokens: number, price: PicoUsd): NanoUsd {
  if (!Number.isSafeInteger(tokens) || tokens < 0) throw new RangeError(`not a token count: ${tokens}`);
  const pico = tokens * price;
  if (pico <= Number.MAX_SAFE_INTEGER) return nanoUsd(Math.ceil(pico / 1000));
  return fromBigInt(divideUp(BigInt(tokens) * BigInt(price), 1000n));
}

/**
 * The cost of a usage, each component a series of its own. Cache tokens of a model that is said to have no cache are
 * charged at the input price: a wrong catalogue must not make them free.
 */
export function usageCost(usage: TokenUsage, price: ModelPrice): NanoUsd {
  const orInput = (component: PicoUsd | 'unsupported') => (component === 'unsupported' ? price.input : component);
  return nanoUsd(
    tokenCost(usage.input, price.input) +
      tokenCost(usage.output, price.output) +
      tokenCost(usage.cacheRead, orInput(price.cacheRead)) +
      tokenCost(usage.cacheWrite, orInput(price.cacheWrite)),
  );
}
