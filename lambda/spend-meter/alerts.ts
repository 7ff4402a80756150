import type { Alert, Decision, Firing, MeterState, Stamp } from '../../core/decision';
import {
  type BillActionPlan,
  type BillLeftover,
  contradictionKey,
  type EnforcementAlert,
  type EnforcementPlan,
  isSettled,
  type Keyed,
  type Leak,
  leakAlert,
  principalText,
} from '../../core/enforcement';
import { isInOrder, newTrouble } from '../../core/meter';
import type { DesiredState } from '../../core/stop-lines';
import { budgetsAlerts } from './budgets';
import type { SpendMeterEnv } from './env';
import type { TickReading } from './read';

/** What a tick has found, beside what it has decided. */
export interface Found {
  readonly enforced: DesiredState;
  readonly plan: EnforcementPlan;
  readonly leaks: readonly Leak[];
  /** Absent: nobody asked, or there is none. */
  readonly bill?: BillActionPlan;
  /** Bill and meter are known not to contradict each other. */
  readonly isAgreed: boolean;
  /** `unknown`: nobody can say. */
  readonly leftover: BillLeftover | 'none' | 'unknown';
}

export interface FoundAlerts {
  readonly alerts: readonly Alert[];
  /** Keys by which they are never sent again. */
  readonly keys: readonly string[];
  readonly firing: Firing;
  /** Whom AWS Budgets has left its deny, as people know. */
  readonly leftoverTold?: readonly string[];
}

/** What people are told of what was found: each once, and its end once. */
export function foundAlerts(
  env: SpendMeterEnv,
  before: MeterState | undefined,
  reading: TickReading,
  found: Found,
  { next: { month } }: Decision,
  now: number,
): FoundAlerts {
  const { enforced, plan, leaks } = found;
  const { firing = {}, gate } = before ?? {};
  const bill = billAlerts(env, before, reading, found, month, now);
  const leftover = leftoverAlerts(env, before, found.leftover, month, now);
  const trouble = newTrouble(gate?.told, reading.gate.told);
  const isToldAgain = trouble === undefined && firing.notTold === true && isInOrder(reading.gate.told, now);
  const isLeakOver = firing.leak === true && enforced !== 'stopped';
  return {
    alerts: [
      ...(plan.drift.length === 0
        ? []
        : [{ kind: 'drift', key: `${month}|drift|${now}`, drift: plan.drift, enforced } as const]),
      ...leakAlert(leaks, month, now),
      ...(isLeakOver ? [{ kind: 'leakEnded', key: `${month}|leakEnded|${now}`, enforced } as const] : []),
      ...bill.alerts,
      ...(trouble === undefined ? [] : [{ kind: 'notTold', key: `${month}|notTold|${now}`, trouble } as const]),
      ...(isToldAgain ? [{ kind: 'toldAgain', key: `${month}|toldAgain|${now}` } as const] : []),
      ...budgetsAlerts(before?.budgets, reading.budgets, month, now),
      ...leftover.alerts,
    ],
    keys: bill.keys,
    firing: {
      ...((leaks.length > 0 || (firing.leak === true && !isLeakOver)) && { leak: true }),
      ...(bill.contradiction && { contradiction: true }),
      ...(bill.action !== undefined && { billAction: bill.action }),
      ...((trouble !== undefined || (firing.notTold === true && !isToldAgain)) && { notTold: true }),
    },
    ...(leftover.told && { leftoverTold: leftover.told }),
  };
}

function billAlerts(
  env: SpendMeterEnv,
  before: MeterState | undefined,
  reading: TickReading,
  { bill, isAgreed }: Found,
  month: MeterState['month'],
  now: number,
): {
  readonly alerts: readonly Keyed<EnforcementAlert>[];
  readonly keys: readonly string[];
  readonly contradiction: boolean;
  readonly action: Firing['billAction'];
} {
  const { firing = {}, decision } = before ?? {};
  const alerts: Keyed<EnforcementAlert>[] = [];
  const did = bill?.execute && (bill.execute === 'REVERSE_BUDGET_ACTION' ? 'reverse' : 'reset');
  const isGone = env.BILL_ACTION_ID === '';
  const status = reading.bill?.action;
  const isLooked = isGone || (status !== undefined && status.kind !== 'unavailable');
  let action = firing.billAction;
  if (action !== undefined && action !== did && isLooked) {
    const isDone = status !== undefined && isSettled(action, status);
    alerts.push({ kind: 'billActionSettled', key: `${month}|billActionSettled|${now}`, did: action, isDone });
    action = undefined;
  }
  // What has failed is tried again in each look, and people know.
  if (did !== undefined && action === undefined) {
    alerts.push({ kind: 'billAction', key: `${month}|billAction|${did}|${now}`, did, why: bill?.why ?? '' });
  }
  const { contradicted } = bill ?? {};
  const told = decision?.alerted ?? [];
  const key = contradicted && contradictionKeySince(told, month, contradicted.status);
  const isNew = key !== undefined && !told.includes(key);
  if (contradicted && isNew) {
    alerts.push({ kind: 'contradiction', key, environment: env.ENVIRONMENT, ...contradicted });
  }
  const isOver = firing.contradiction === true && (isGone || isAgreed);
  const endKey = `${endsOf(month)}${now}`;
  if (isOver) alerts.push({ kind: 'contradictionEnded', key: endKey });
  return {
    alerts,
    keys: [...(isNew ? [key] : []), ...(isOver ? [endKey] : [])],
    contradiction: isNew || (firing.contradiction === true && !isOver),
    action,
  };
}

function endsOf(month: MeterState['month']): string {
  return `${month}|contradictionEnded|`;
}

/** Once it has ended in a month it is told anew when it comes again: its key counts the ends that people were told of. */
function contradictionKeySince(told: readonly string[], month: MeterState['month'], status: string): string {
  const key = contradictionKey(month, status);
  const ends = told.filter((one) => one.startsWith(endsOf(month))).length;
  return ends === 0 ? key : `${key}|${ends + 1}`;
}

function leftoverAlerts(
  env: SpendMeterEnv,
  before: MeterState | undefined,
  leftover: Found['leftover'],
  month: MeterState['month'],
  now: number,
): { readonly alerts: readonly Keyed<EnforcementAlert>[]; readonly told?: readonly string[] | undefined } {
  const was = before?.bill.leftoverTold;
  if (leftover === 'unknown') return { alerts: [], told: was };
  if (leftover === 'none') {
    const key = `${month}|billLeftoverEnded|${now}`;
    return { alerts: was === undefined ? [] : [{ kind: 'billLeftoverEnded', key }] };
  }
  const told = leftover.holders.map(principalText).sort();
  if (told.join() === was?.join()) return { alerts: [], told };
  const key = `${month}|billLeftover|${now}`;
  return { alerts: [{ kind: 'billLeftover', key, policyArn: env.DENY_BILL_ARN, ...leftover }], told };
}

/** Each later than all before, by a millisecond where it must be: chats and pagers tell by it which of a fact was the last. */
export function stamped(
  alerts: readonly Alert[],
  lastAt: number | undefined,
  spend: Stamp['spend'],
  now: number,
): readonly Alert[] {
  const first = Math.max(now, (lastAt ?? 0) + 1);
  return alerts.map((alert, after) => ({ ...alert, at: first + after, ...(spend && { spend }) }));
}

/** Of the month, as it is known now. */
export function spendOf(env: SpendMeterEnv, { assessment }: TickReading, decision: Decision): Stamp['spend'] {
  const { lastKnown, month } = decision.next;
  if (lastKnown?.month !== month) return undefined;
  const isAll = assessment.kind === 'known' && !assessment.lowerBound && !decision.blind;
  return { amount: lastKnown.monthToDate, limit: env.LINES.limit, ...(!isAll && { lowerBound: true }) };
}

/** When the last of them was, where there is any. */
export function lastAtOf(alerts: readonly Alert[], before: number | undefined): number | undefined {
  return alerts.at(-1)?.at ?? before;
}
