import { aboveZero, asFindings, metrics, type MetricValue } from '../metrics';
import type { Reading } from '../reading';
import type { DesiredState } from '../stop-lines';
import { NANO_PER_USD, type NanoUsd } from '../money';
import type { Applied } from './apply';
import type { RestKind } from './decide';
import type { FailureNews } from './failures';
import type { DeployHold } from './record';

export type OutcomeKind =
  | Applied['as']
  | RestKind
  /** An optional function that does not exist. */
  | 'absent'
  /** A function that should exist and does not. */
  | 'missing'
  /** Left to the next run: throttled, or out of time. */
  | 'deferred';

/** What became of one alias or version, or of a function as a whole. */
export interface Outcome {
  readonly functionName: string;
  readonly qualifier?: string;
  readonly outcome: OutcomeKind;
  readonly reason: string;
  /** What is owed, where something is. */
  readonly saved?: number;
  readonly savedPerHour?: Reading<NanoUsd>;
}

export interface ConvergeResult {
  readonly schemaVersion: 1;
  readonly environment: string;
  /** ISO time, UTC. */
  readonly at: string;
  readonly desired: Reading<DesiredState>;
  /** Where the state is not the meter's own word for this month. */
  readonly note?: string;
  readonly hold?: DeployHold;
  readonly sleeping: number;
  readonly failed: number;
  readonly savedPerHour: Reading<NanoUsd>;
  readonly outcomes: readonly Outcome[];
}

export function convergeMetrics(
  { sleeping, failed, savedPerHour }: ConvergeResult,
  { standing }: Pick<FailureNews, 'standing'>,
): readonly MetricValue[] {
  return [
    ...asFindings(standing),
    ...aboveZero([
      { metric: metrics.sleepingFunctions, value: sleeping },
      { metric: metrics.concurrencyFailures, value: failed },
      ...(savedPerHour.kind === 'known'
        ? [{ metric: metrics.concurrencySavedUsdPerHour, value: savedPerHour.value / NANO_PER_USD }]
        : []),
    ]),
  ];
}
