import { type Alert, alertMail, alertNotice, type Firing, type MeterState } from '../../core/decision';
import {
  openNames,
  type EnforcementAlert,
  type Keyed,
  applyPlan,
  type Applied,
  attempting,
  stopBatchJobs,
  afterActing,
} from '../../core/enforcement';
import type { BudgetsWord } from '../../core/ledger';
import { ZERO } from '../../core/money';
import { namesOf } from '../principals';
import { lastAtOf, stamped } from './alerts';
import type { SpendMeterDeps } from './deps';
import type { SpendMeterEnv } from './env';
import type { Evaluation } from './evaluate';

export interface Acted {
  readonly applied: Applied;
  /** What went wrong on the way, in words; the next tick tries it again. */
  readonly troubles: readonly string[];
  readonly mailed: readonly Alert[];
}

/**
 * Does what was decided, the most urgent first. Every step hurts nobody when repeated, each may fail alone, and what is left
 * to do stays in the state for the next tick.
 */
export async function act(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  evaluation: Evaluation,
  now: number,
): Promise<Acted> {
  const { enforced, plan, state, leftover } = evaluation;
  const troubles: string[] = [...plan.unread];
  const attempt = attempting(troubles);

  const applied = await applyPlan(deps, env.SWITCH_ARN, enforced, plan, deps.digest);
  troubles.push(...applied.troubles);
  if (leftover?.lift === true) await attempt('detaching deny-bill', () => deps.switchDeploy.liftBill());
  const told =
    state.enforcement.toldAutoStop === enforced || (await attempt('auto-stop', () => deps.autoStop.converge()))
      ? enforced
      : state.enforcement.toldAutoStop;
  const alerts: Keyed<EnforcementAlert>[] = [];
  if (enforced === 'stopped' && env.STOP_BATCH_JOBS === 'true') {
    await attempt('batch jobs', async () => alerts.push(...(await batchAlerts(deps, env, state, now))));
  }
  const bill = await billAction(deps, env, evaluation, now);
  alerts.push(...bill.alerts, ...partialAlerts(evaluation, applied, now));

  const meant = withAlerts(
    {
      ...state,
      ...(bill.firing && { firing: bill.firing }),
      enforcement: {
        ...afterActing(state.enforcement, plan, applied, enforced, now),
        ...(told && { toldAutoStop: told }),
      },
    },
    evaluation,
    alerts,
    now,
  );
  // What was found only now is written before it is sent: a run that dies in between sends the same again, and no other.
  if (alerts.length > 0) await deps.state.save(meant, state.revision);

  const { mailed, left } = await sendAll(deps, env, meant.outbox, attempt, now);
  const after: MeterState = { ...meant, revision: meant.revision + 1, claimedUntil: 0, outbox: left };
  await deps.state.save(after, meant.revision);
  await say(deps, env, evaluation, after, { now, attempt });
  if (
    mailed.length > 0 ||
    evaluation.from !== evaluation.decision.desired ||
    applied.switched ||
    applied.attached > 0
  ) {
    await attempt('event', () => deps.events.record(eventOf(env, evaluation, mailed, now)));
  }
  return { applied, troubles, mailed };
}

/** What a tick says that has nothing to do. */
export async function sayOnly(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  evaluation: Evaluation,
  after: MeterState,
  now: number,
): Promise<Acted> {
  const troubles: string[] = [];
  await say(deps, env, evaluation, after, { now, attempt: attempting(troubles) });
  return { ...NOTHING_DONE, troubles };
}

/** What a tick has done that neither did nor said anything. */
export const NOTHING_DONE: Acted = {
  applied: { switched: false, inEffect: true, attached: 0, failed: [], troubles: [] },
  troubles: [],
  mailed: [],
};

/** For callers; where it could not be written the next tick does not wait for its time to say it. */
async function say(
  { status, state }: SpendMeterDeps,
  env: SpendMeterEnv,
  { enforced, decision }: Evaluation,
  after: MeterState,
  { now, attempt }: { readonly now: number; readonly attempt: ReturnType<typeof attempting> },
): Promise<void> {
  const isSaid = await attempt('status', () =>
    status.write({
      desired: enforced,
      asOf: now,
      month: after.month,
      spentAtLeast: spentAtLeast(after),
      limit: decision.override?.limit ?? env.LINES.limit,
      complete: completeSpend(after),
      budgets: budgetsWord(after),
      revision: after.revision,
    }),
  );
  if (isSaid) return;
  const unsaid = { ...after, revision: after.revision + 1, unsaid: true };
  await attempt('that callers have not been told', () => state.save(unsaid, after.revision));
}

async function batchAlerts(
  { batchJobs }: SpendMeterDeps,
  env: SpendMeterEnv,
  state: MeterState,
  now: number,
): Promise<readonly Keyed<EnforcementAlert>[]> {
  const { stopped, failed } = await stopBatchJobs(batchJobs, env.METER_REGIONS, {
    environment: env.ENVIRONMENT,
    identity: env.IDENTITY,
    roleNames: [env.INVOKER_ROLE, ...namesOf(env, 'roles')],
  });
  // What fails in tick after tick is told with the first, and again when something is stopped.
  const isNews = stopped.length > 0 || (failed.length > 0 && state.enforcement.stoppedSince === undefined);
  return isNews ? [{ kind: 'batch', key: `${state.month}|batch|${now}`, stopped, failed }] : [];
}

/** The same names are paged once, and again when it begins or ends to matter that they are left out. */
function partialAlerts(
  { state, enforced }: Evaluation,
  { failed }: Applied,
  now: number,
): readonly Keyed<EnforcementAlert>[] {
  const { pagedOpen, pagedWhileOpen = enforced === 'open' } = state.enforcement;
  const open = openNames(failed);
  const isAsPaged = open.join() === pagedOpen.join() && (open.length === 0 || pagedWhileOpen === (enforced === 'open'));
  if (isAsPaged) return [];
  const key = `${state.month}|partial|${now}`;
  return [open.length > 0 ? { kind: 'partial', key, open: failed, enforced } : { kind: 'complete', key, enforced }];
}

/** What AWS Budgets refuses in try after try is told with the first, and its end once. */
async function billAction(
  { budgetActions }: SpendMeterDeps,
  env: SpendMeterEnv,
  { bill, state }: Evaluation,
  now: number,
): Promise<{ readonly alerts: readonly Keyed<EnforcementAlert>[]; readonly firing?: Firing }> {
  if (bill?.execute === undefined) return { alerts: [] };
  const outcome = await budgetActions.execute(env.BUDGET_NAME, env.BILL_ACTION_ID, bill.execute);
  const did = bill.execute === 'REVERSE_BUDGET_ACTION' ? 'reverse' : 'reset';
  const { billAction: told, ...firing } = state.firing ?? {};
  if (outcome.kind === 'failed') {
    const key = `${state.month}|billActionFailed|${now}`;
    return {
      alerts: told === did ? [] : [{ kind: 'billActionFailed', key, did, why: outcome.why }],
      firing: { ...firing, billAction: did },
    };
  }
  if (told !== did) return { alerts: [] };
  const key = `${state.month}|billActionSettled|${now}`;
  return { alerts: [{ kind: 'billActionSettled', key, did, isDone: true }], firing };
}

function withAlerts(state: MeterState, { spend }: Evaluation, found: readonly Alert[], now: number): MeterState {
  if (found.length === 0) return state;
  const alerts = stamped(found, state.lastAlertAt, spend, now);
  const lastAlertAt = lastAtOf(alerts, state.lastAlertAt);
  return {
    ...state,
    revision: state.revision + 1,
    outbox: [...state.outbox, ...alerts],
    ...(lastAlertAt !== undefined && { lastAlertAt }),
  };
}

/** In order, until one cannot be sent. */
async function sendAll(
  { mail }: SpendMeterDeps,
  env: SpendMeterEnv,
  outbox: readonly Alert[],
  attempt: ReturnType<typeof attempting>,
  now: number,
): Promise<{ readonly mailed: readonly Alert[]; readonly left: readonly Alert[] }> {
  const of = { environment: env.ENVIRONMENT, enforce: env.ENFORCE === 'true', now };
  for (const [at, alert] of outbox.entries()) {
    const { subject, text: body } = alertMail(alert, of);
    const isSent = await attempt(`mail '${alert.kind}'`, () =>
      mail.send({ subject, body, notice: alertNotice(alert, of) }),
    );
    if (!isSent) return { mailed: outbox.slice(0, at), left: outbox.slice(at) };
  }
  return { mailed: outbox, left: [] };
}

function spentAtLeast({ decision }: MeterState) {
  const { lastKnown, month } = decision;
  return lastKnown?.month === month ? lastKnown.monthToDate : ZERO;
}

/** Of the last complete read, which later ticks may not have had reason to repeat. */
function completeSpend({ reading, month }: MeterState) {
  return reading?.known?.month === month ? reading.known.complete : undefined;
}

function budgetsWord({ budgets }: MeterState): BudgetsWord | undefined {
  return budgets && { limits: budgets.limits, since: budgets.since };
}

function eventOf(env: SpendMeterEnv, { decision, from }: Evaluation, mailed: readonly Alert[], now: number) {
  return {
    schemaVersion: 1 as const,
    environment: env.ENVIRONMENT,
    at: new Date(now).toISOString(),
    from,
    desired: decision.desired,
    reason: decision.reason.text,
    cause: decision.reason.cause,
    enforce: decision.enforce,
    blind: decision.blind,
    ...(decision.monthToDate && { monthToDate: decision.monthToDate.raw }),
    limit: env.LINES.limit,
    alerts: mailed.map(({ kind }) => kind),
  };
}
