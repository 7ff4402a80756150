import type { TaggedProfile } from './resolve';
import type { Series, SeriesId } from './types';

/** Application inference profiles of a Region: whose usage an opaque id stands for (trap 39). */
export interface ApplicationProfilesPort {
  /** All of them, over all pages, without tags. @throws ServiceError */
  list(region: string): Promise<readonly ApplicationProfile[]>;
  /** The value of the environment tag; undefined where it carries none. @throws ServiceError */
  environmentOf(profileArn: string): Promise<string | undefined>;
}

export interface ApplicationProfile extends Omit<TaggedProfile, 'environment'> {
  readonly arn: string;
}

/** CloudWatch's token metrics of Bedrock. */
export interface UsageMetricsPort {
  /**
   * Every series of `AWS/Bedrock` and `AWS/BedrockMantle` that CloudWatch has seen in the last two weeks, over all pages; what
   * was used earlier in the month is no longer shown (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html).
   * @throws ServiceError
   */
  list(region: string): Promise<readonly SeriesId[]>;
  /**
   * Sums by hour over [from, to), whole hours; series that hold nothing come back without points.
   * @throws ServiceError where an answer failed as a whole
   */
  hourly(region: string, series: readonly SeriesId[], from: number, to: number): Promise<SeriesAnswer>;
  /**
   * The activity gate: calls of any model in [from, to), as one series without dimensions. Failed calls count too (trap 37): never
   * a price. @returns the minutes with calls, oldest first
   * @throws ServiceError
   */
  activity(region: string, from: number, to: number): Promise<readonly MinuteCalls[]>;
}

/** Calls that CloudWatch shows for one minute; more may still come. */
export interface MinuteCalls {
  /** Start of the minute, ms since the epoch. */
  readonly at: number;
  /** Above zero. */
  readonly calls: number;
}

/** Any status but Complete, and any page that is missing, makes the whole answer incomplete: nothing of it is used. */
export type SeriesAnswer =
  | { readonly kind: 'complete'; readonly series: readonly Series[] }
  | { readonly kind: 'incomplete'; readonly why: string };
