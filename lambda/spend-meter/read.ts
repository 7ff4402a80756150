import { MINUTE_MS, utcMonth } from '../../core/calendar';
import type { CalculatedSpend, Principal, PolicyVersion } from '../../core/enforcement';
import type { Reading } from '../../core/reading';
import {
  boundedCalibration,
  pace,
  type Pace,
  type Assessment,
  type UnseenCalls,
  untilFirstCall,
} from '../../core/meter';
import type { GateState, LastReading, MeterState, StoredCalibration } from '../../core/decision';
import { type Order, activeOverride } from '../../core/stop-lines';
import { decimalToNano } from '../../core/money';
import type { BudgetActionReading } from '../../core/bill';
import { errorNameOf } from '../../core/errors';
import type { SpendMeterDeps } from './deps';
import type { SpendMeterEnv } from './env';
import type { Asked } from './event';
import { type BudgetsReading, readBudgets } from './budgets';
import { fullRead } from './full-read';
import { boundOf, gateAfterRead, gateOf, unseenOf } from './gate';
import { askGate, type GateAnswer, withUnseen } from './told';

/** AWS Budgets changes a few times a day; it is asked when something of it may have changed, and else this often. */
const BILL_EVERY_MS = 15 * MINUTE_MS;

/** Everything that the decision and the plan rest on. */
export interface TickReading {
  readonly order: Order | undefined;
  readonly calibration: StoredCalibration | undefined;
  readonly gate: MeterState['gate'];
  readonly gateWhy: GateAnswer['why'];
  readonly pace: Pace;
  /** Of this tick, or the last one where pacing has found it still good. */
  readonly assessment: Assessment;
  readonly didRead: boolean;
  readonly reading: LastReading;
  readonly switchVersions: Reading<readonly PolicyVersion[]>;
  /** Who has the switch. */
  readonly attached: Reading<readonly Principal[]>;
  /** Who has Budgets' own deny. */
  readonly billHolders: Reading<readonly Principal[]>;
  /** Absent on ticks that do not ask, and without a budgets action. */
  readonly bill?: { readonly action: BudgetActionReading; readonly calculated: CalculatedSpend };
  /** Absent where the environment has none within its own. */
  readonly budgets?: BudgetsReading;
}

export async function read(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  before: MeterState | undefined,
  { readNow, again, told }: Asked,
  now: number,
): Promise<TickReading> {
  const [order, calibration, budgets, answer, switchVersions, attached, billHolders] = await Promise.all([
    deps.state.order(),
    deps.state.calibration(),
    readBudgets(deps, env, now),
    askGate(deps, env, before?.gate, { told, reads: false }, now),
    looked(() => deps.switchVersions.list()),
    looked(() => deps.attachments.attachedTo(env.SWITCH_ARN)),
    looked(() => deps.attachments.attachedTo(env.DENY_BILL_ARN)),
  ]);
  const first = shownBy(before?.gate, answer, now);
  const { gate, unseen } = first;
  const figures = { order, calibration: boundedCalibration(calibration?.factor ?? 1) };
  const calls = before && boundOf(env, { ...before, gate }, unseen, figures, now);
  const last = before?.reading;
  const paced = pace({
    now,
    ...(last && { lastFullRead: last.at, assessment: lastAssessment(last) }),
    ...(last?.burnPrevious !== undefined && { burnPrevious: last.burnPrevious }),
    gate: { ...gate, failed: answer.seen === 'failed' },
    ...env.LINES,
    worstCaseRatePerMinute: env.WORST_CASE_RATE,
    metricDelayMinutes: env.TIMING.metricDelayMinutes,
    ...(calls && { calls }),
    again: again || last?.again === true,
  });
  const didRead = paced.read || (readNow && paced.reason.kind !== 'tooSoon');
  const late =
    didRead && answer.seen === undefined ? await askGate(deps, env, gate, { told, reads: true }, now) : undefined;
  const shown = late === undefined ? first : shownBy(before?.gate, late, now);
  const { seen } = late ?? answer;
  const reading = didRead
    ? { ...(await readingOf(deps, env, withSilence(before, shown.unseen), now)), ...(again && { again }) }
    : (last as LastReading);
  const settled =
    didRead && seen !== undefined
      ? gateAfterRead(env, shown.gate, seen, shown.unseen, { before: last, after: reading, now })
      : gate;
  const isBillDenying = billHolders.kind === 'known' && billHolders.value.length > 0;
  const bill = await readBill(deps, env, before, order, { didRead, isBillDenying }, now);
  return {
    order,
    calibration,
    gate: withUnseen(settled, seen, now),
    gateWhy: (late ?? answer).why,
    pace: paced,
    assessment: lastAssessment(reading),
    didRead,
    reading,
    switchVersions,
    attached,
    billHolders,
    ...(bill && { bill }),
    ...(budgets && { budgets }),
  };
}

function shownBy(before: GateState | undefined, { seen, told }: GateAnswer, now: number) {
  // Without an alarm what was known of one is forgotten: it would be judged by times before it was there again.
  const { told: _, ...others } = gateOf(before, seen ?? []);
  const gate = { ...others, ...(told && { told }) };
  return { gate, unseen: seen === undefined ? told?.unseen : unseenOf(gate, seen, now) };
}

function withSilence(before: MeterState | undefined, unseen: UnseenCalls | undefined): MeterState | undefined {
  if (before?.memory === undefined) return before;
  return { ...before, memory: untilFirstCall(before.memory, unseen?.since) };
}

async function readingOf(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  before: MeterState | undefined,
  now: number,
): Promise<LastReading> {
  const { assessment, canaryOverdue } = await fullRead(deps, env, before, now);
  const last = before?.reading;
  if (assessment.kind === 'unknown') {
    // What was overdue stays so: nothing has shown up.
    const overdue = last?.canaryOverdueSince;
    return {
      at: now,
      ...(last?.known && { known: last.known }),
      unknown: assessment.why,
      ...(overdue !== undefined && { canaryOverdueSince: overdue }),
    };
  }
  return {
    at: now,
    known: assessment,
    ...(last?.known && { burnPrevious: last.known.burnPerMinute }),
    ...(canaryOverdue && { canaryOverdueSince: canaryOverdue.since }),
  };
}

function lastAssessment({ known, unknown }: LastReading): Assessment {
  if (unknown !== undefined || known === undefined) {
    return { kind: 'unknown', why: unknown ?? 'nothing has been read', ...(known && { since: known.asOf }) };
  }
  return known;
}

async function looked<T>(look: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: 'known', value: await look() };
  } catch (error) {
    return { kind: 'unavailable', why: errorNameOf(error) };
  }
}

async function readBill(
  { budgetActions }: SpendMeterDeps,
  env: SpendMeterEnv,
  before: MeterState | undefined,
  order: Order | undefined,
  { didRead, isBillDenying }: { readonly didRead: boolean; readonly isBillDenying: boolean },
  now: number,
): Promise<TickReading['bill']> {
  if (env.BILL_ACTION_ID === '') return undefined;
  const ordered = order?.kind === 'override' ? activeOverride(order.override, now)?.since : undefined;
  const changed = ordered !== before?.decision.override?.since || before?.month !== utcMonth(now);
  const isTime = Math.floor(now / BILL_EVERY_MS) !== Math.floor((now - MINUTE_MS) / BILL_EVERY_MS);
  // Whether an action accounts for a deny that somebody has is looked up each time: nobody else would take it off.
  if (!isBillDenying && !changed && !isTime && !(didRead && before?.bill.appliedMonth !== undefined)) return undefined;
  const [action, calculated] = await Promise.all([
    budgetActions.action(env.BUDGET_NAME, env.BILL_ACTION_ID),
    budgetActions.calculated(env.BUDGET_NAME),
  ]);
  return { action, calculated: spendOf(calculated) };
}

function spendOf(reading: Awaited<ReturnType<SpendMeterDeps['budgetActions']['calculated']>>): CalculatedSpend {
  if (reading.kind === 'missing') return { kind: 'unavailable', why: 'the budget is gone' };
  if (reading.kind === 'unavailable') return reading;
  return reading.currency === 'USD'
    ? { kind: 'known', amount: decimalToNano(reading.actual) }
    : { kind: 'unavailable', why: `the bill is in ${reading.currency}` };
}
