import { activeOverride, type DesiredState } from '../../core/stop-lines';
import { decide, type Decision, type MeterState } from '../../core/decision';
import {
  billLeftover,
  type BillLeftover,
  isAgreed,
  planBillAction,
  type BillActionPlan,
  leaks,
  type Leak,
  beforeActing,
  enforcementOfMonth,
  planEnforcement,
  type EnforcementPlan,
  type Digest,
  type EnforcementState,
} from '../../core/enforcement';
import type { NoticeSpend } from '../../core/notice';
import { percentOf } from '../../core/money';
import { reactionMinutes } from '../../core/estimates';
import { principalsOf } from '../principals';
import { foundAlerts, lastAtOf, spendOf, stamped } from './alerts';
import { budgetsState } from './budgets';
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
  /** Of the month, as it is known now. */
  readonly spend?: NoticeSpend;
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
  const { bill, isAgreed: agreed = false } = billPlan(env, before, reading, decision, now);
  const leftover = leftoverOf(env, reading, decision);
  const found = foundAlerts(
    env,
    before,
    reading,
    { enforced, plan, leaks: leaked.leaks, ...(bill && { bill }), isAgreed: agreed, leftover },
    decision,
    now,
  );
  const spend = spendOf(env, reading, decision);
  const alerts = stamped([...decision.alerts, ...found.alerts], before?.lastAlertAt, spend, now);
  const lastAlertAt = lastAtOf(alerts, before?.lastAlertAt);
  const { leakBaseline: _, ...kept } = was;
  const budgets = budgetsState(before?.budgets, reading.budgets, now);
  return {
    from: before?.decision.desired ?? 'open',
    decision,
    enforced,
    plan,
    leaks: leaked.leaks,
    ...(bill && { bill }),
    ...(spend && { spend }),
    ...(typeof leftover === 'object' && { leftover }),
    state: {
      schemaVersion: 1,
      month,
      revision: (before?.month === month ? before.revision : 0) + 1,
      desired: enforced,
      installedAt,
      decision: { ...decision.next, alerted: [...decision.next.alerted, ...found.keys] },
      ...(assessment.kind === 'known' && reading.didRead
        ? { memory: assessment.memory }
        : before?.memory && { memory: before.memory }),
      reading: reading.reading,
      gate: reading.gate,
      claimedUntil: now + (again ? AGAIN_CLAIM_MS : CLAIM_MS),
      outbox: [...(before?.outbox ?? []), ...alerts],
      ...(lastAlertAt !== undefined && { lastAlertAt }),
      ...(Object.keys(found.firing).length > 0 && { firing: found.firing }),
      enforcement: {
        ...beforeActing(kept, plan),
        ...(leaked.leakBaseline && { leakBaseline: leaked.leakBaseline }),
      },
      bill: withLeftover(bill?.next ?? before?.bill ?? {}, found.leftoverTold),
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
): { readonly bill?: BillActionPlan; readonly isAgreed?: boolean } {
  if (bill === undefined) return {};
  const override = order?.kind === 'override' ? activeOverride(order.override, now) : undefined;
  const sees = assessment.kind === 'known' && !assessment.lowerBound && !decision.blind;
  const input = {
    ...bill,
    line: percentOf(env.LINES.limit, Number(env.BILL_ACTION_AT_PERCENT)),
    ...(override && { override }),
    month: decision.next.month,
    before: before?.bill ?? {},
    isStopOrdered: order?.kind === 'stop',
    ...(sees && { meter: assessment.monthToDate }),
  };
  const plan = planBillAction(input);
  return { bill: plan, isAgreed: isAgreed(input, plan) };
}

/** Only where a deny was found on somebody is it to be known what the action is doing. */
function leftoverOf(
  env: SpendMeterEnv,
  { bill, billHolders, assessment, calibration }: TickReading,
  decision: Decision,
): BillLeftover | 'none' | 'unknown' {
  if (billHolders.kind === 'unavailable') return 'unknown';
  if (billHolders.value.length === 0) return 'none';
  const action = env.BILL_ACTION_ID === '' ? ({ kind: 'missing' } as const) : bill?.action;
  if (action === undefined || action.kind === 'unavailable') return 'unknown';
  const sees = assessment.kind === 'known' && !assessment.lowerBound && !decision.blind;
  const left = billLeftover({
    holders: billHolders.value,
    action,
    line: percentOf(env.LINES.limit, Number(env.BILL_ACTION_AT_PERCENT || env.LINES.stopAtPercent)),
    ...(sees && { meter: assessment.monthToDate }),
    calibration: calibration?.factor ?? 1,
  });
  return left ?? 'none';
}

function withLeftover(bill: MeterState['bill'], told: readonly string[] | undefined): MeterState['bill'] {
  const { leftoverTold: _, ...others } = bill;
  return told === undefined ? others : { ...others, leftoverTold: told };
}
