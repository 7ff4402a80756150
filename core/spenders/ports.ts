import type { UtcDay } from '../calendar';
import type { LogRow } from './log-query';
import type { SpendersDay } from './day';

export type LogAnswer =
  | {
      readonly kind: 'known';
      readonly rows: readonly LogRow[];
      /** Records that the query's filter let through, whether a row holds them or not. */
      readonly recordsMatched: number;
      readonly recordsScanned: number;
      readonly bytesScanned: number;
    }
  | { readonly kind: 'missing' }
  /** Not complete in time: it was stopped. */
  | { readonly kind: 'slow'; readonly seconds: number }
  | { readonly kind: 'unavailable'; readonly why: string };

/** Bedrock's invocation log, read and never configured: the configuration is one per account and Region (trap 63). */
export interface InvocationLogPort {
  /** One query over a whole UTC day, charged by what it scans. @throws ServiceError on a refusal */
  usage(logGroup: string, day: UtcDay): Promise<LogAnswer>;
}

export interface LogGroup {
  /** Such as `STANDARD`; absent: the answer does not say. */
  readonly logClass?: string;
  /** Absent: records are never deleted. */
  readonly retentionDays?: number;
}

export interface LogGroupsPort {
  /** Of the account and Region that are asked; undefined: there is none of that name. @throws ServiceError */
  group(name: string, signal: AbortSignal): Promise<LogGroup | undefined>;
}

/** How Bedrock logs invocations, in one account and Region. */
export interface InvocationLogging {
  /** Absent: to S3 alone. */
  readonly logGroup?: string;
  /** Absent: the answer does not say. */
  readonly isTextDelivered?: boolean;
}

export interface InvocationLoggingPort {
  /** Undefined: it is off. @throws ServiceError */
  configuration(signal: AbortSignal): Promise<InvocationLogging | undefined>;
}

/** The days that were read, in the state table. */
export interface SpendersStatePort {
  /** Both included, oldest first; a day that was not read is missing. @throws ServiceError, GuardError ANSWER_INVALID */
  days(from: UtcDay, to: UtcDay): Promise<readonly SpendersDay[]>;
  /** @throws ServiceError */
  keepDay(day: SpendersDay): Promise<void>;
}
