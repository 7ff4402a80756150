import { activeOverride, type DesiredState } from '../../core/stop-lines';
import { decide, type Decision, type Alert, type MeterState } from '../../core/decision';
import {
  billLeftover,
  type BillLeftover,
  contradictionKey,
  leakAlert,
  type Keyed,
  type EnforcementAlert,
  planBillAction,
  type BillActionPlan,
  leaks,
  type Leak,
  beforeActing,
  enforcementOfMonth,
  planEnforcement,
  principalText,
  type EnforcementPlan,
  type Digest,
  type EnforcementState,
} from '../../core/enforcement';
import { newTrouble } from '../../core/meter';
import { percentOf } from '../../core/money';
import { reactionMinutes } from '../../core/estimates';
import { principalsOf } from '../principals';
import { budgetsAlert, budgetsState } from './budgets';
import type { SpendMeterEnv } from './env';
import type { TickReading } from './read';

/** Longer than a tick can live (`TICK_TIMEOUT_SECONDS`), shorter than two ticks are apart. */
export const CLAIM_MS = 55_000;
/** Of a second look: longer than what is left of its run by then, and over before the next tick. */
export const AGAIN_CLAIM_MS = 25_000;

/** All that a tick has decided, before anything is done. */
export interface Evaluation {
  /** What had been decided before. */
  readonly from: DesiredState;
  readonly decision: Decision;
  /** Nobody is denied in a dry run. */
  readonly enforced: DesiredState;
  readonly plan: EnforcementPlan;
  readonly leaks: readonly Leak[];
  readonly bill?: BillActionPlan;
  readonly leftover?: BillLeftover;
  /** What is written before anything is done: whoever comes next knows what was meant. */
  readonly state: MeterState;
}

const FRESH: EnforcementState = { pagedOpen: [] };

/** Pure: the whole of a tick's thinking. */
export function evaluate(
  env: SpendMeterEnv,
  before: MeterState | undefined,
  reading: TickReading,
  now: number,
  digest: Digest,
  again = false,
): Evaluation {
  const { order, calibration, assessment } = reading;
  const { TIMING: timing } = env;
  const installedAt = before?.installedAt ?? now;
  const decision = decide({
    assessment,
    ...env.LINES,
    delayMinutes: reactionMinutes(timing),
    ...(order?.kind === 'override' && { override: order.override }),
    ...(order?.kind === 'stop' && { manualStop: order.stop }),
    ...(before && { previous: before.decision }),
    installedAt,
    enforce: env.ENFORCE === 'true',
    onBlind: env.ON_BLIND,
    unknownAfterMinutes: timing.unknownAfterMinutes,
    graceMinutes: timing.graceMinutes,
    now,
    calibration: calibration?.factor ?? 1,
    ...(reading.reading.canaryOverdueSince !== undefined && {
      canary: { kind: 'overdue', since: reading.reading.canaryOverdueSince },
    }),
  });
  const { month } = decision.next;
  const enforced = decision.enforce ? decision.desired : 'open';
  const was = before === undefined ? FRESH : enforcementOfMonth(before.enforcement, before.month, month);
  const plan = planEnforcement({
    enforced,
    principals: principalsOf(env),
    versions: reading.switchVersions,
    attached: reading.attached,
    before: was,
    digest,
  });
  const known = reading.didRead && assessment.kind === 'known' ? assessment : undefined;
  const leaked = leaks(was, known, timing.longestGenerationMinutes + timing.metricDelayMinutes + timing.tickMinutes);
  const bill = billPlan(env, before, reading, decision, now);
  const leftover = leftoverOf(env, reading, decision);
  const leftoverTold = leftover?.holders.map(principalText).sort();
  const alerts: readonly Alert[] = [
    ...decision.alerts,
    ...driftAlert(plan, enforced, month, now),
    ...leakAlert(leaked.leaks, month, now),
    ...billAlerts(env, bill, before, month, now),
    ...toldAlert(before, reading, month, now),
    ...budgetsAlert(before?.budgets, reading.budgets, month, now),
    ...(leftover && leftoverTold?.join() !== before?.bill.leftoverTold?.join()
      ? [
          {
            kind: 'billLeftover',
            key: `${month}|billLeftover|${now}`,
            policyArn: env.DENY_BILL_ARN,
            ...leftover,
          } as const,
        ]
      : []),
  ];
  const { leakBaseline: _, ...kept } = was;
  const budgets = budgetsState(before?.budgets, reading.budgets, now);
  return {
    from: before?.decision.desired ?? 'open',
    decision,
    enforced,
    plan,
    leaks: leaked.leaks,
    ...(bill && { bill }),
    ...(leftover && { leftover }),
    state: {
      schemaVersion: 1,
      month,
      revision: (before?.month === month ? before.revision : 0) + 1,
      desired: enforced,
      installedAt,
      decision: { ...decision.next, alerted: [...decision.next.alerted, ...keysOf(bill, month, before)] },
      ...(assessment.kind === 'known' && reading.didRead
        ? { memory: assessment.memory }
        : before?.memory && { memory: before.memory }),
      reading: reading.reading,
      gate: reading.gate,
      claimedUntil: now + (again ? AGAIN_CLAIM_MS : CLAIM_MS),
      outbox: [...(before?.outbox ?? []), ...alerts],
      enforcement: {
        ...beforeActing(kept, plan),
        ...(leaked.leakBaseline && { leakBaseline: leaked.leakBaseline }),
      },
      bill: withLeftover(bill?.next ?? before?.bill ?? {}, leftoverTold),
      ...(budgets && { budgets }),
    },
  };
}

function billPlan(
  env: SpendMeterEnv,
  before: MeterState | undefined,
  { bill, order, assessment }: TickReading,
  decision: Decision,
  now: number,
): BillActionPlan | undefined {
  if (bill === undefined) return undefined;
  const override = order?.kind === 'override' ? activeOverride(order.override, now) : undefined;
  const sees = assessment.kind === 'known' && !assessment.lowerBound && !decision.blind;
  return planBillAction({
    ...bill,
    line: percentOf(env.LINES.limit, Number(env.BILL_ACTION_AT_PERCENT)),
    ...(override && { override }),
    month: decision.next.month,
    before: before?.bill ?? {},
    isStopOrdered: order?.kind === 'stop',
    ...(sees && { meter: assessment.monthToDate }),
  });
}

/** Only where a deny was found on somebody, and it is known what the action is doing. */
function leftoverOf(
  env: SpendMeterEnv,
  { bill, billHolders, assessment, calibration }: TickReading,
  decision: Decision,
): BillLeftover | undefined {
  if (billHolders.kind === 'unavailable') return undefined;
  const action = env.BILL_ACTION_ID === '' ? ({ kind: 'missing' } as const) : bill?.action;
  if (action === undefined) return undefined;
  const sees = assessment.kind === 'known' && !assessment.lowerBound && !decision.blind;
  return billLeftover({
    holders: billHolders.value,
    action,
    line: percentOf(env.LINES.limit, Number(env.BILL_ACTION_AT_PERCENT || env.LINES.stopAtPercent)),
    ...(sees && { meter: assessment.monthToDate }),
    calibration: calibration?.factor ?? 1,
  });
}

function withLeftover(bill: MeterState['bill'], told: readonly string[] | undefined): MeterState['bill'] {
  const { leftoverTold: _, ...others } = bill;
  return told === undefined ? others : { ...others, leftoverTold: told };
}

function driftAlert(
  { drift }: EnforcementPlan,
  enforced: DesiredState,
  month: string,
  now: number,
): readonly Keyed<EnforcementAlert>[] {
  return drift.length === 0 ? [] : [{ kind: 'drift', key: `${month}|drift|${now}`, drift, enforced }];
}

function toldAlert(
  before: MeterState | undefined,
  { gate }: TickReading,
  month: string,
  now: number,
): readonly Alert[] {
  const trouble = newTrouble(before?.gate.told, gate.told);
  return trouble === undefined ? [] : [{ kind: 'notTold', key: `${month}|notTold|${now}`, trouble }];
}

function billAlerts(
  env: SpendMeterEnv,
  bill: BillActionPlan | undefined,
  before: MeterState | undefined,
  month: Decision['next']['month'],
  now: number,
): readonly Keyed<EnforcementAlert>[] {
  const alerts: Keyed<EnforcementAlert>[] = [];
  if (bill?.execute) {
    const did = bill.execute === 'REVERSE_BUDGET_ACTION' ? 'reverse' : 'reset';
    alerts.push({ kind: 'billAction', key: `${month}|billAction|${did}|${now}`, did, why: bill.why ?? '' });
  }
  if (bill?.contradicted && keysOf(bill, month, before).length > 0) {
    const key = contradictionKey(month, bill.contradicted.status);
    alerts.push({ kind: 'contradiction', key, environment: env.ENVIRONMENT, ...bill.contradicted });
  }
  return alerts;
}

/** A contradiction is paged once a month for each kind of action. */
function keysOf(
  bill: BillActionPlan | undefined,
  month: Decision['next']['month'],
  before: MeterState | undefined,
): readonly string[] {
  if (!bill?.contradicted) return [];
  const key = contradictionKey(month, bill.contradicted.status);
  return before?.decision.alerted.includes(key) ? [] : [key];
}
