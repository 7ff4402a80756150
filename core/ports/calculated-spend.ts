import type { ExactDecimal } from '../money';

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
