import { MINUTE_MS } from '../calendar';
import type { EnforcementState } from './state';
import type { KnownAssessment, ModelSpend } from '../meter';
import { since, ZERO, type NanoUsd } from '../money';

export interface Leak {
  readonly model: ModelSpend;
  readonly amount: NanoUsd;
}

/**
 * Spend after everybody was denied. What was in flight at the stop shows for as long as the longest answer and the delay of the
 * metrics take: the first read after that is the baseline, and whatever comes on top has got past the deny.
 */
export function leaks(
  before: Pick<EnforcementState, 'stoppedSince' | 'leakBaseline'>,
  read: KnownAssessment | undefined,
  settleMinutes: number,
): { readonly leaks: readonly Leak[]; readonly leakBaseline?: Readonly<Record<string, NanoUsd>> } {
  const { stoppedSince, leakBaseline } = before;
  if (stoppedSince === undefined) return { leaks: [] };
  const kept = leakBaseline === undefined ? {} : { leakBaseline };
  if (read === undefined || read.asOf < stoppedSince + settleMinutes * MINUTE_MS) return { leaks: [], ...kept };
  if (leakBaseline === undefined) return { leaks: [], leakBaseline: baselineOf(read) };
  const found = read.byModel
    .map((model) => ({ model, amount: since(model.monthToDate, leakBaseline[keyOf(model)] ?? ZERO) }))
    .filter(({ amount }) => amount > ZERO);
  // What has been told is the new baseline: the next leak is what comes after it.
  return { leaks: found, leakBaseline: found.length > 0 ? baselineOf(read) : leakBaseline };
}

export function keyOf({ region, metricId }: Pick<ModelSpend, 'region' | 'metricId'>): string {
  return `${region}|${metricId}`;
}

function baselineOf({ byModel }: KnownAssessment): Readonly<Record<string, NanoUsd>> {
  return Object.fromEntries(byModel.map((model) => [keyOf(model), model.monthToDate]));
}
