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

/** An alarm of CloudWatch on one metric, as it is described. */
export interface AlarmDescription {
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** When it last went from one state to another, ms since the epoch; absent: CloudWatch does not say. */
  readonly changedAt?: number;
  /** Absent, as the others: none, such as of an alarm on an expression. */
  readonly namespace?: string;
  readonly metric?: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic?: string;
  readonly periodSeconds?: number;
  readonly evaluationPeriods?: number;
  /** As many as `evaluationPeriods` where CloudWatch does not say. */
  readonly datapointsToAlarm?: number;
  readonly comparison?: string;
  readonly threshold?: number;
  readonly missingData?: string;
}

export interface AlarmsPort {
  /** @returns undefined: there is no alarm of that name on a metric. @throws ServiceError */
  describe(alarmArn: string): Promise<AlarmDescription | undefined>;
}

/** The mark that an alarm's event leaves: whichever tick comes next looks, should the one that was told be in another's way. */
export interface ToldMarkPort {
  /** @throws ServiceError */
  put(at: number): Promise<void>;
  /** @returns ms since the epoch; undefined: no event has ever come. @throws ServiceError; GuardError ANSWER_INVALID */
  last(): Promise<number | undefined>;
}
