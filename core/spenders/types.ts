import type { UtcDay, UtcMonth } from '../calendar';
import type { TokenCounts } from '../meter';
import type { NanoUsd } from '../money';
import type { Reading } from '../reading';

/** Where it is known from: AWS's cost allocation by a tag of IAM principals, or the invocation log that the config names. */
export type SpendersSource = 'principalTag' | 'invocationLogs';

/** What one caller used of one model on one UTC day, by the invocation log. */
export interface CallerUsage {
  readonly day: UtcDay;
  /** `identity.arn` of the records, as it stands there. */
  readonly arn: string;
  /** Base model id, or what stands in the records where it is not known. */
  readonly modelId: string;
  readonly calls: number;
  readonly tokens: TokenCounts;
  /** Of `calls`, without token counts, and so in no amount: it has spent more than `amount`. Absent: none. */
  readonly uncounted?: number;
  /** Absent: unknown, for want of a price or of token counts, which is not nothing. */
  readonly amount?: NanoUsd;
}

/** What the bill has by a tag of principals: a value on a day. */
export interface TaggedSpend {
  readonly day: UtcDay;
  /** Empty: spend whose principal has no such tag. */
  readonly value: string;
  readonly amount: NanoUsd;
}

/** What an ARN of a log record is of. `unknown`: of none of these, or there is none. */
export type CallerKind =
  /** Of IAM. */
  | 'user'
  /** Of IAM Identity Center, by the role of a permission set. */
  | 'identityCenter'
  /** Whoever may assume it. */
  | 'role'
  /** An IAM user that Bedrock made for a long-term API key: whoever has the key. */
  | 'apiKey'
  /** By GetFederationToken: as the broker named it. */
  | 'federated'
  | 'root'
  | 'unknown';

/** Who an ARN of a log record is. */
export interface Caller {
  readonly kind: CallerKind;
  /** For people, never empty: the person; `role/session` where nobody says who stands behind a role. Not escaped. */
  readonly name: string;
  /** A user of IAM or of Identity Center. Absent: a role that several may use, and nobody says who did. */
  readonly person?: string;
  /** Absent: an IAM user's own key. */
  readonly role?: string;
  /** As the caller of the role chose it; absent without a role. */
  readonly session?: string;
  /** Of 12 digits, where the ARN has one. */
  readonly account?: string;
}

/** Why calls of the log are in no figure. */
export type UnknownCalls =
  /** Neither a token count nor an error. */
  | 'noTokenCounts'
  /** Through an inference profile of which nobody knows whose it is. */
  | 'noOwner'
  /** Beyond the rows that an answer of Logs Insights holds. */
  | 'beyondRows';

/** Of a month, as far as it is known. */
export interface SpendersOfMonth {
  readonly month: UtcMonth;
  readonly callers?: Reading<{
    readonly logGroup: string;
    readonly usage: readonly CallerUsage[];
    /** Days that were read in full. */
    readonly days: readonly UtcDay[];
    readonly missing: readonly { readonly day: UtcDay; readonly why: string }[];
    /** Usage of callers beyond what a day keeps, by day: in the totals, by no name. */
    readonly rest: readonly {
      readonly day: UtcDay;
      readonly callers: number;
      readonly calls: number;
      /** Absent: nothing of it has one. */
      readonly amount?: NanoUsd;
      /** Of `calls`, in no amount for want of a price. */
      readonly unpricedCalls: number;
      /** Of `calls`, in no amount for want of token counts. Absent: none. */
      readonly uncounted?: number;
    }[];
    /** Calls in the log that are in no figure, by day. */
    readonly unknown: readonly { readonly day: UtcDay; readonly why: UnknownCalls; readonly calls: number }[];
    /** Of others, and so in no figure here: `owner` is another environment, or what a call went through. */
    readonly apart: readonly { readonly day: UtcDay; readonly owner: string; readonly calls: number }[];
    /** Regions that are metered and whose log is not read: a log group is of one. */
    readonly otherRegions: readonly string[];
    /** What all these days' queries read, which Logs Insights charges for by the gigabyte. */
    readonly bytesScanned: number;
  }>;
  readonly tagged?: Reading<{ readonly tag: string; readonly spend: readonly TaggedSpend[] }>;
}

/** What the bill has of a day by model, from which `costs --by model` and `--by day` are made. */
export interface BilledSpend {
  readonly day: UtcDay;
  /** As the report's `byModel` names it. */
  readonly model: string;
  readonly service: string;
  readonly amount: NanoUsd;
}

/** The top of the daily report. */
export interface TopSpenders {
  readonly source: SpendersSource;
  /** Days that the figures are of, both included. */
  readonly from: UtcDay;
  readonly to: UtcDay;
  /** All that the source knows of, those without a name included. */
  readonly total: NanoUsd;
  /** At most five, the dearest first. @see Spender */
  readonly top: readonly Spender[];
  /** Beyond `top`. */
  readonly others: { readonly count: number; readonly amount: NanoUsd };
  /** Spend that nobody's name stands at. */
  readonly nameless: NanoUsd;
  /** What is not known and is in no figure, in words. */
  readonly unknown: readonly string[];
}

export interface Spender {
  /** A person; or `role/session` where nobody says who stands behind a role. */
  readonly name: string;
  readonly isPerson: boolean;
  readonly amount: NanoUsd;
  /** Of `total`, 0 to 100. */
  readonly sharePercent: number;
}
