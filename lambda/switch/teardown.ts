import { HOUR_MS, utcMonth } from '../../core/calendar';
import { type OutcomeKind, restoreForDeploy } from '../../core/concurrency';
import { dereferenceCommand } from '../../core/enforcement';
import { GuardError } from '../../core/errors';
import type { SwitchDeps } from './deps';
import type { SwitchEnv } from './env';
import { letGo, permissionSetsIn } from './principals';
import { leaveOpen } from './versions';

/** What auto-stop's outcomes leave nothing owed by: `restoring` and `warming` are asked for, and Lambda allocates. */
const GIVEN_BACK: ReadonlySet<OutcomeKind> = new Set<OutcomeKind>([
  ...(['awake', 'floor', 'restored', 'superseded', 'restoring', 'warming'] as const),
  // Nothing is there that could be given anything back.
  ...(['absent', 'missing', 'gone'] as const),
]);
/** As long as a dead run's claim can last: another run may have been in the middle of a change. */
const WAKE_ATTEMPTS = 4;
const WAKE_PAUSE_MS = 50_000;

/** A tick's claim ends within a minute; two ticks in a row may be in the way. */
const CLOSE_ATTEMPTS = 3;
const LONGEST_CLAIM_MS = 60_000;

/**
 * Before the stack goes: no tick acts any more, the switch is back at its own version with no other beside it and on nobody, nor is
 * Budgets' deny, and what sleeps is woken. Each step also where another has failed.
 * @returns what is not undone, in words, or `undefined`
 */
export async function tearDown(deps: SwitchDeps, env: SwitchEnv): Promise<string | undefined> {
  // A state that cannot be read or written keeps nobody denied: what is lifted is looked at again afterwards.
  await closeMeter(deps).catch((error: unknown) => deps.log({ event: 'meter.not-closed', why: String(error) }));
  const inWords = (step: Promise<string | undefined>) => step.catch((error: unknown) => String(error));
  // Each alone: functions that stay asleep must not keep people denied, nor the other way round.
  const problems = await Promise.all([inWords(openSwitch(deps)), inWords(lift(deps, env)), inWords(wake(deps, env))]);
  if (env.KEEPS_STATE === 'true') deps.log({ event: 'state.kept', table: env.STATE_TABLE_NAME });
  return problems.filter((problem) => problem !== undefined).join('; ') || undefined;
}

async function openSwitch(deps: SwitchDeps): Promise<undefined> {
  await leaveOpen(deps);
}

async function lift(deps: SwitchDeps, env: SwitchEnv): Promise<string | undefined> {
  const left = await letGo(deps, [env.SWITCH_ARN, env.DENY_BILL_ARN]);
  if (left.length === 0) return undefined;
  const sets = permissionSetsIn(left);
  const referred =
    sets.length === 0
      ? ''
      : `. Permission sets still refer to the switch (${sets.join(', ')}): in the management account run ${dereferenceCommand(env.ENVIRONMENT)}`;
  return `still attached: ${left.join(', ')}. Detach the spend guard's policies from them, then delete the stack again${referred}`;
}

/**
 * No tick may attach again behind the lifting: one that acts is waited for, one that has only read finds its revision gone, and
 * one that comes later finds the state closed.
 */
async function closeMeter({ meterState, log, sleep, now }: SwitchDeps): Promise<void> {
  for (let attempt = 1; attempt <= CLOSE_ATTEMPTS; attempt++) {
    const state = await meterState.latest(utcMonth(now()));
    if (state === undefined || state.closed === true) return;
    const wait = Math.min(Math.max(0, state.claimedUntil - now()), LONGEST_CLAIM_MS);
    if (wait > 0) await sleep(wait);
    try {
      const current = await meterState.latest(utcMonth(now()));
      if (current === undefined) return;
      await meterState.save({ ...current, revision: current.revision + 1, closed: true }, current.revision);
      log({ event: 'meter.closed', month: current.month });
      return;
    } catch (error) {
      if (!(error instanceof GuardError && error.code === 'STATE_CONFLICT')) throw error;
    }
  }
}

/**
 * Gives back the provisioned concurrency that auto-stop has lowered, while its records are still there. Lambda allocates in
 * its own time: what is asked for and not refused is enough.
 * @returns what is still owed, or `undefined`
 */
async function wake(deps: SwitchDeps, env: SwitchEnv): Promise<string | undefined> {
  if (env.MANAGED_FUNCTIONS.length === 0) return undefined;
  const settings = { environment: env.ENVIRONMENT, region: env.AWS_REGION, functions: env.MANAGED_FUNCTIONS };
  let owed: readonly string[] = [];
  for (let attempt = 1; attempt <= WAKE_ATTEMPTS; attempt++) {
    if (attempt > 1) await deps.sleep(WAKE_PAUSE_MS);
    const hold = { untilMs: deps.now() + HOUR_MS, by: 'deletion of the stack' };
    const { result } = await restoreForDeploy(deps, settings, hold);
    deps.log({ event: 'concurrency.woken', attempt, outcomes: result.outcomes });
    owed = result.outcomes
      .filter(({ outcome }) => !GIVEN_BACK.has(outcome))
      .map(({ functionName, qualifier, reason }) => `${functionName}${qualifier ? `:${qualifier}` : ''} (${reason})`);
    if (owed.length === 0) return undefined;
  }
  return `provisioned concurrency is still lowered: ${owed.join(', ')}. Set it by hand, then delete the stack again`;
}
