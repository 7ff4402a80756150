import { MINUTE_MS, DAY_MS, HOUR_MS } from '../calendar';

/** How much each step does; `cost.ts` bounds what that costs. */

export const NAME_CALLS = 3;
/** Five that the ModelId could be, by three metrics. */
export const SERIES_A_NAMES_LOOK = 15;
/** Enough for a 95th percentile that is not the largest. */
export const DELAY_CALLS = 20;
/** CloudWatch sums by the minute: twenty of them are spread over one. */
export const DELAY_CALLS_APART_MS = 3_000;
export const FLIPS = 5;
/** A change has arrived once so many calls in a row say so: IAM's servers do not all learn of it at once. */
export const CONFIRMATIONS = 3;
export const LONG_ANSWER_TOKENS = 2_000;
/** One after the other, until the deny meets one. */
export const MOST_STREAMS = 20;

/** At the most, in milliseconds. */
export const WAITS = {
  names: 15 * MINUTE_MS,
  /** AWS: up to 15 minutes (ListMetrics, trap 46). */
  listing: 20 * MINUTE_MS,
  delay: 15 * MINUTE_MS,
  delayCalls: DELAY_CALLS * DELAY_CALLS_APART_MS,
  flip: 2 * MINUTE_MS,
  /** Until a new role can be assumed, and its policy is known everywhere. */
  ready: 3 * MINUTE_MS,
} as const;

/** AWS's own bound (ListMetrics, trap 46). */
export const LISTED_WITHIN_MS = 15 * MINUTE_MS;

/** AWS Budgets counts up to three times a day: a spelling that then reads nothing beside one that counts is the wrong one. */
export const BUDGET_READ_AFTER_MS = DAY_MS;
/** After which nothing beside spend in Cost Explorer is nothing for ever (trap 49). */
export const BUDGET_SURE_AFTER_MS = 2 * DAY_MS;

/** Older than any run can be: what nobody's journal names is then left over. */
export const RUN_IS_OVER_AFTER_MS = 3 * HOUR_MS;
/** Budgets are left on purpose, for a later run that may have another journal. */
export const BUDGET_IS_LEFT_AFTER_MS = 7 * DAY_MS;
