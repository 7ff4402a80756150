import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { Bounds, TierLimits } from '../core/in-path';
import type { AnswersPort, GuardStatusPort, LedgerPort, RateLimitPort } from '../core/ledger';
import type { CallOptions } from './call-options';
import type { OnEvent } from './events';
import type { OnWarning } from './watch';

export interface SpendGuardOptions extends CallOptions, Bounds {
  /** For the user's own logger or tracer. */
  readonly onEvent?: OnEvent;
  /** Told when 80, 90 and 95 percent of a budget that calls are charged to are gone: once each in a period and process. */
  readonly onWarning?: OnWarning;
  /**
   * How long a call waits where only calls in flight are in its way, before it is refused.
   * @default 3000
   */
  readonly waitMs?: number;
  /**
   * What may be charged in an hour without known usage, over all processes, as where Bedrock is out: then calls are refused
   * until the next hour.
   * @default a fifth of the month's limit
   */
  readonly unsettledPerHourUsd?: number;
  /**
   * A reader who breaks a stream off: `cancel` closes the connection and is charged what was reserved; `drainMs` reads on
   * for at most so long, and is charged what was used, which may be more tokens than were read.
   * @default 'cancel'
   */
  readonly earlyExit?: 'cancel' | { readonly drainMs: number };
  /**
   * By then a stream that has not ended is charged in full.
   * @default 840000, a minute before the reservation itself runs out
   */
  readonly streamDeadlineMs?: number;
  /**
   * A local model that has not answered by then (a stream: not begun to) is given up for the next tier.
   * @default 60000: the first call loads it from disk
   */
  readonly localTimeoutMs?: number;
  /**
   * Tokens at which a model itself ends its answer, by its id in the config: sent where a request has no maxTokens.
   * @default the config's, where a document says
   */
  readonly maxOutputTokens?: Readonly<Record<string, number>>;
  /** What `tier: 'auto'` asks of the cheaper tiers at most. */
  readonly tierLimits?: Readonly<Record<'local' | 'small', TierLimits>>;
  /**
   * Answers kept in this process's memory, in bytes.
   * @default 67108864
   */
  readonly cacheBytes?: number;
  /** Answers shared with other processes, such as `dynamoDbAnswers`. */
  readonly answers?: AnswersPort;
  /**
   * Of the leases table.
   * @default those of the client that the guard is on; with `fetch` and `requestHandler` the SDK's usual sources
   */
  readonly tableCredentials?: DynamoDBClientConfig['credentials'];
  /** Other stores than the leases table, and a clock. For tests, and for callers who have their own. */
  readonly ledger?: LedgerPort;
  readonly rateLimit?: RateLimitPort;
  readonly status?: GuardStatusPort;
  readonly now?: () => number;
}
