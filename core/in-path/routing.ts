import type { CompleteClientModel } from './config';
import type { RequestShape } from './request';

export type Tier = 'local' | 'small' | 'large';

/** From cheap to dear. */
export const TIERS: readonly Tier[] = ['local', 'small', 'large'];

export type Candidate =
  | { readonly tier: 'local'; readonly tag: string }
  | { readonly tier: 'small' | 'large'; readonly model: CompleteClientModel };

export interface TierLimits {
  /** Of the request's text, and of its answer. */
  readonly bytes: number;
  readonly maxTokens: number;
}

/** What a tier is asked at most, where the caller leaves the choice to the request: a guess at difficulty by size. */
export const DEFAULT_TIER_LIMITS: Readonly<Record<'local' | 'small', TierLimits>> = {
  local: { bytes: 2_000, maxTokens: 512 },
  small: { bytes: 20_000, maxTokens: 2_048 },
};

/** The cheapest tier that the request is small enough for. Tools and media go to the large models. */
export function tierFor(
  shape: RequestShape,
  bytes: number,
  maxTokens: number,
  limits: Readonly<Record<'local' | 'small', TierLimits>> = DEFAULT_TIER_LIMITS,
): Tier {
  if (shape.tools || Object.keys(shape.media).length > 0) return 'large';
  const fits = (tier: 'local' | 'small') => bytes <= limits[tier].bytes && maxTokens <= limits[tier].maxTokens;
  if (fits('local')) return 'local';
  return fits('small') ? 'small' : 'large';
}

export interface Offer {
  readonly local: readonly string[];
  readonly models: readonly CompleteClientModel[];
}

/** Every model of the tier and of those above it, in the config's order: where one fails, the next is asked. */
export function ladder(from: Tier, offer: Offer, upTo: Tier = 'large'): readonly Candidate[] {
  const within = (tier: Tier) =>
    TIERS.indexOf(tier) >= TIERS.indexOf(from) && TIERS.indexOf(tier) <= TIERS.indexOf(upTo);
  return TIERS.filter(within).flatMap((tier): Candidate[] =>
    tier === 'local'
      ? offer.local.map((tag) => ({ tier, tag }))
      : offer.models.filter((model) => model.tier === tier).map((model) => ({ tier, model })),
  );
}
