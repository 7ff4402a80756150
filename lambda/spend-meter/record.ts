import { openNames } from '../../core/enforcement';
import { aboveZero, asFindings, metrics, type MetricValue } from '../../core/metrics';
import { NANO_PER_USD } from '../../core/money';
import type { Acted } from './act';
import type { Evaluation } from './evaluate';
import type { TickReading } from './read';
import type { Work } from './work';

/** Counts go out only above zero, and the spend only where it was read in this tick: an unknown figure is none. */
export function tickMetrics(reading: TickReading, evaluation: Evaluation, { applied }: Acted): readonly MetricValue[] {
  const { didRead, assessment } = reading;
  const { decision, plan, leaks } = evaluation;
  const known = didRead && assessment.kind === 'known' ? assessment : undefined;
  const counts: readonly MetricValue[] = [
    { metric: metrics.meterBlind, value: decision.blind ? 1 : 0 },
    { metric: metrics.meterLeaks, value: leaks.length },
    { metric: metrics.openPrincipals, value: openNames(applied.failed).length },
    { metric: metrics.driftRepairs, value: plan.drift.length },
    { metric: metrics.unattributedModels, value: known?.unattributed.length ?? 0 },
  ];
  return [
    ...(known ? [{ metric: metrics.meterMonthToDateUsd, value: known.monthToDate / NANO_PER_USD }] : []),
    ...aboveZero(counts),
    ...asFindings(counts.reduce((sum, { value }) => sum + value, 0)),
  ];
}

/** One line a tick: what was decided, and why. */
export function tickRecord(
  reading: TickReading,
  evaluation: Evaluation,
  acted: Acted,
  work: Work['kind'],
): Readonly<Record<string, unknown>> {
  const { decision, state, from } = evaluation;
  return {
    event: 'meter.ticked',
    month: state.month,
    revision: work === 'none' ? state.revision - 1 : state.revision,
    wrote: work !== 'none',
    pace: reading.pace.reason.kind,
    gate: reading.gateWhy,
    ...(reading.gate.told?.trouble && { notTold: reading.gate.told.trouble }),
    ...(reading.budgets?.unread && { budgetOrders: reading.budgets.unread }),
    read: reading.didRead,
    from,
    desired: decision.desired,
    enforced: evaluation.enforced,
    cause: decision.reason.cause,
    reason: decision.reason.text,
    blind: decision.blind,
    ...(decision.monthToDate && {
      monthToDateNanoUsd: decision.monthToDate.raw,
      calibration: decision.monthToDate.calibration,
    }),
    switched: acted.applied.switched,
    attached: acted.applied.attached,
    open: openNames(acted.applied.failed),
    mailed: acted.mailed.map(({ key }) => key),
    ...(acted.troubles.length > 0 && { troubles: acted.troubles }),
  };
}
