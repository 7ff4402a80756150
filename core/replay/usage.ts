import type { AnswerUsage } from '../in-path';
import type { ModelPrice } from '../prices';

/** Tokens of one model, used from `at` on for `spanMs`: calls have a span of 0, an hour's sum one of an hour. */
export interface UsageRow {
  readonly at: number;
  readonly spanMs: number;
  /** As it is priced: with its scope, and its service tier after a plus. */
  readonly modelId: string;
  readonly tokens: AnswerUsage;
}

export interface PricedModel {
  readonly id: string;
  readonly tier: 'small' | 'large';
  readonly price: ModelPrice;
}
