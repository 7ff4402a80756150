import type { NanoUsd } from '../money';
import type { Reaction } from '../estimates';
import type { Threshold } from '../stop-lines';

/** The lines of one environment, as the meter has them, and what is assumed of the time it takes. */
export interface ReplayLines extends Reaction {
  readonly limit: NanoUsd;
  readonly thresholds: readonly Threshold[];
  readonly stopAtPercent: number;
  readonly dailyLimit: NanoUsd;
  readonly hourlyBrake: NanoUsd;
  /** For the pacing: see core/estimates/overshoot.ts. */
  readonly worstCaseRatePerMinute: NanoUsd | 'unknown';
  readonly graceMinutes: number;
}
