import * as z from 'zod';
import { picoUsdPerToken } from '../core/prices';

/** What a configuration says of models that lists do not, or have wrong. */

const price = z.number().positive().refine(isWholePicoUsd, {
  error: 'a price in whole pico-dollars a token: at most six decimals per million tokens',
});

export const priceOverride = z.strictObject({
  inputUsdPerMillionTokens: price,
  outputUsdPerMillionTokens: price,
  cacheReadUsdPerMillionTokens: z.union([price, z.literal('unsupported')]),
  cacheWriteUsdPerMillionTokens: z.union([price, z.literal('unsupported')]),
  /** Where the price was read, and when: an offer, a bill, a page. */
  source: z.string().min(1),
});

/** US dollars per million tokens. */
export const declaredModel = z.strictObject({
  /** As it is called: a model id, or the id of a system-defined inference profile. */
  id: z.string().regex(/^[a-zA-Z0-9][\w.:-]{0,139}$/, { error: 'a Bedrock model id such as vendor.model-v1:0' }),
  name: z.string().min(1).optional(),
  route: z.union([
    z.literal('onDemand'),
    z.strictObject({
      /** The base id of the model behind the profile. */
      profileOf: z.string().min(1),
      /** Where it may answer; absent: anywhere, through the environment's own profile only. */
      destinationRegions: z.array(z.string().min(1)).min(1).readonly().optional(),
    }),
  ]),
  prices: z.strictObject({
    inputUsd: price,
    outputUsd: price,
    cacheReadUsd: z.union([price, z.literal('unsupported')]),
    /** Kept for five minutes, and for an hour. */
    cacheWrite5mUsd: z.union([price, z.literal('unsupported')]),
    cacheWrite1hUsd: z.union([price, z.literal('unsupported')]),
  }),
  /** Where model and prices were read, and when. */
  why: z.string().min(1),
});

export const quotaOverride = z.strictObject({
  tokensPerMinute: z.int().positive(),
  /** How much of the quota an output token uses up. */
  burndown: z.number().min(1).max(100),
  /** Where it was read, and when: the Service Quotas console of the account. */
  source: z.string().min(1),
});

export type DeclaredModel = z.output<typeof declaredModel>;
export type PriceOverride = z.output<typeof priceOverride>;
export type QuotaOverride = z.output<typeof quotaOverride>;

function isWholePicoUsd(usdPerMillionTokens: number): boolean {
  try {
    picoUsdPerToken(usdPerMillionTokens);
    return true;
  } catch {
    return false;
  }
}
