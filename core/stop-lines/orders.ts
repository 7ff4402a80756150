import type { Override } from './override';

/** What a person has ordered (pk `meter`, sk `order`); the last order stands. */
export type Order =
  { readonly kind: 'override'; readonly override: Override } | { readonly kind: 'stop'; readonly stop: ManualStop };

/** Holds until it is resumed, whatever is spent, over the month's turn too. */
export interface ManualStop {
  readonly since: number;
  readonly by: string;
  readonly reason: string;
}
