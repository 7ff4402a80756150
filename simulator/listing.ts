import { DAY_MS, MINUTE_MS } from '../core/calendar';
import { between, seededRandom } from './random';

/**
 * How late ListMetrics may be for a series that is new, by AWS's own words: "After you create a metric, allow up to 15 minutes for
 * the metric to appear. To see metric statistics sooner, use GetMetricData"; and what has "not reported data in the past two weeks"
 * is listed no more (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html, read 2026-11-28).
 */
export const LISTED_WITHIN_MS = 15 * MINUTE_MS;
export const FORGOTTEN_AFTER_MS = 14 * DAY_MS;

/** From a series' first point to its first listing, in ms; the same for the same series and seed. */
export type ListingDelay = (seriesName: string) => number;

/** Anything from none to all of it, by series: what is listed and what is not yet are mixed, as with AWS. */
export function seededListingDelay(seed: number): ListingDelay {
  return (seriesName) => between(seededRandom(seed, 'ListMetrics', seriesName), 0, LISTED_WITHIN_MS);
}
