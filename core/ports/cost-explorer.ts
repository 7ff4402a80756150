import type { UtcDay } from '../calendar';
import type { ExactDecimal } from '../money';

export type CostGroup = { readonly kind: 'SERVICE' | 'USAGE_TYPE' } | { readonly kind: 'TAG'; readonly key: string };

export interface CostQuery {
  readonly from: UtcDay;
  /** Exclusive, and after `from`: Cost Explorer refuses an empty period. */
  readonly to: UtcDay;
  readonly granularity: 'DAILY' | 'MONTHLY';
  /** One or two: Cost Explorer takes no more. */
  readonly groupBy: readonly CostGroup[];
  /** @default - every service */
  readonly services?: readonly string[];
  /** @default - tagged or not */
  readonly tag?: {
    readonly key: string;
    readonly value: string;
    /** With what does not carry the key at all. @default false */
    readonly orNone?: boolean;
  };
}

export interface CostRow {
  /** The first day of the period. */
  readonly day: UtcDay;
  /** One per group, in their order. A tag's is its value, empty for what is not tagged. */
  readonly keys: readonly string[];
  /** Unblended, without credits, refunds and tax. */
  readonly amount: ExactDecimal;
  /** Such as `USD`. */
  readonly currency: string;
}

export type CostAnswer =
  | { readonly kind: 'known'; readonly rows: readonly CostRow[]; readonly requests: number }
  | {
      readonly kind: 'unavailable';
      readonly why: string;
      /** Whether asking again soon may help. */
      readonly retryable: boolean;
      readonly requests: number;
    };

export interface CostExplorerPort {
  /** All pages. @throws GuardError PAGE_TOKEN_REPEATED, ANSWER_INVALID on an answer that cannot be trusted */
  costs(query: CostQuery): Promise<CostAnswer>;
}
