import type { CrossRegionProfile } from './types';

/** The AWS model card: id, lifecycle, Marketplace product, prompt caching, Regions, profiles and their destinations. */
export function modelCard(page: string): string {
  return `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-${page}.html, read 2026-11-23`;
}

/** "Max output tokens" of a card, as a copy or a translation of it has that line. */
export function maxOutput(thousands: number, page: string, copy: string) {
  const source = `docs.aws.amazon.com/bedrock/latest/userguide/model-card-${page}.html, "Max output tokens: ${thousands}K", by ${copy}, read 2026-11-28`;
  return { tokens: thousands * 1_000, source };
}

/**
 * Maximum output by models.dev, which the price library is made from and drops it: as a public list of models "Generated from the pi
 * model registry (models.dev)" has its table `amazon-bedrock`, read 2026-11-29. Above the cards' figures where both are known.
 */
export function longestAnswer(tokens: number) {
  return { tokens, source: 'models.dev, table amazon-bedrock of a list generated from it, read 2026-11-29' };
}

/**
 * What Bedrock itself answered, Region by Region. Cards list Regions of the bedrock-mantle endpoint too, where the base id
 * is another one: a Region is on demand here only if the card and this list both say so.
 */
export const LISTED = 'ListFoundationModels answers of 2026-08-21 (github.com/mirai73/bedrock-models 3c07e5f)';

/** Which models have a prompt cache, and which of those keep it for an hour. */
export const CACHING = 'https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html, read 2026-11-23';

/** Anthropic's rule, 1.25 times the input price for five minutes and twice for an hour, as others quote its price page. */
export const HOUR_CACHE = 'https://docs.rs/synaps/0.3.3/synaps_cli/pricing/ (anthropic.com/pricing), read 2026-11-23';

/**
 * Default of the US Regions of the copy, the larger of the one for on-demand and the one for cross-Region calls. An account may have more or less,
 * and the page may have changed since: the overshoot built on it is an estimate.
 */
export const QUOTAS =
  'docs.aws.amazon.com/general/latest/gr/bedrock.html (service quotas), a copy of 2025-06-05, read 2026-11-23';

/** How many tokens of quota an output token uses up. */
export const BURNDOWN = 'docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html, read 2026-11-23';

export const US_REGIONS = ['us-east-1', 'us-east-2', 'us-west-2'] as const;

/**
 * One profile of a card's "Geo inference details". In every table read, a source reaches the shared destinations and,
 * where it is not one of them, itself. Sources outside the profile's geography (il-central-1 on `eu.`, ca-central-1 on
 * `us.`) are left out: AWS charges the rate of the source Region, and the library has one rate a profile.
 */
export function geographic(
  profileId: string,
  shared: readonly string[],
  alsoFrom: readonly string[] = [],
  sources: readonly string[] = shared,
): readonly CrossRegionProfile[] {
  return [
    { profileId, sourceRegions: sources, destinationRegions: shared },
    ...alsoFrom.map((region) => ({
      profileId,
      sourceRegions: [region],
      destinationRegions: [...shared, region],
    })),
  ];
}
