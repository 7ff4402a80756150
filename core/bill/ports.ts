import type { ExactDecimal } from '../money';
import type { UtcDay } from '../calendar';

/** ActionStatus of AWS Budgets' API. */
export type BudgetActionStatus =
  | 'STANDBY'
  | 'PENDING'
  | 'EXECUTION_IN_PROGRESS'
  | 'EXECUTION_SUCCESS'
  | 'EXECUTION_FAILURE'
  | 'REVERSE_IN_PROGRESS'
  | 'REVERSE_SUCCESS'
  | 'REVERSE_FAILURE'
  | 'RESET_IN_PROGRESS'
  | 'RESET_FAILURE';

export type BudgetReading =
  | {
      readonly kind: 'known';
      readonly currency: string;
      /** What AWS Budgets has counted this month, in `currency`; absent: it has calculated nothing. */
      readonly spent?: ExactDecimal;
      /** When it was made or last changed, which drops its spend to zero (trap 10); absent: AWS does not say. */
      readonly changedAtMs?: number;
      /** The names of services that its filter lets through; absent: AWS does not say, or it filters on none. */
      readonly services?: readonly string[];
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unavailable'; readonly why: string };

export type BudgetActionReading =
  | { readonly kind: 'known'; readonly status: BudgetActionStatus }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unavailable'; readonly why: string };

export interface BudgetsPort {
  /** `currency` is that of the spend Budgets has calculated, or of the limit before it has. */
  budget(name: string): Promise<BudgetReading>;
  action(budgetName: string, actionId: string): Promise<BudgetActionReading>;
}

/** What AWS Budgets has counted in a budget's month; hours behind. */
export interface CalculatedSpendPort {
  calculated(budgetName: string): Promise<CalculatedSpend>;
}

export type CalculatedSpend =
  | {
      readonly kind: 'known';
      readonly actual: ExactDecimal;
      /** Absent where AWS makes none, as with too little history. */
      readonly forecast?: ExactDecimal;
      /** Of both, such as `USD`. */
      readonly currency: string;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unavailable'; readonly why: string };

export type TagStatus =
  | { readonly kind: 'known'; readonly state: 'active' | 'inactive' | 'unseen' }
  /** `isNotEnabled`: AWS says that nobody has enabled Cost Explorer. Absent: only the question has failed. */
  | { readonly kind: 'unavailable'; readonly why: string; readonly isNotEnabled?: true };

export interface CostAllocationTagsPort {
  /** `unseen`: Cost Explorer does not know the tag, as nothing tagged was used yet. Payers only; members are refused. */
  tagStatus(key: string): Promise<TagStatus>;
}

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
