import { keepingLast } from '../kept';
import { percentOf, type NanoUsd } from '../money';

/** What reaching a percentage of the limit does. */
export type ThresholdEffect = 'notify' | 'degrade' | 'stop';

export interface Threshold {
  /** Of the monthly limit; may have two decimals. */
  readonly atPercent: number;
  readonly effect: ThresholdEffect;
  /** `forecast` compares what the month is expected to end at, and can only notify. */
  readonly basis: 'actual' | 'forecast';
}

/** A threshold with the amount it stands for, rounded down so that it never fires late. */
export interface CrossedThreshold extends Threshold {
  readonly amount: NanoUsd;
}

export function thresholdAmount(threshold: Threshold, limit: NanoUsd): NanoUsd {
  return percentOf(limit, threshold.atPercent);
}

/** The thresholds on actual spend that `spend` has reached: at the amount counts as reached. Lowest first. */
export function crossed(spend: NanoUsd, limit: NanoUsd, thresholds: readonly Threshold[]): readonly CrossedThreshold[] {
  return withAmounts(thresholds, limit).filter(({ amount }) => spend >= amount);
}

/** Those on actual spend, lowest first: asked each minute, and always the same. */
const withAmounts = keepingLast((thresholds: readonly Threshold[], limit: NanoUsd): readonly CrossedThreshold[] =>
  thresholds
    .filter((threshold) => threshold.basis === 'actual')
    .map((threshold) => ({ ...threshold, amount: thresholdAmount(threshold, limit) }))
    .sort((a, b) => a.amount - b.amount),
);
