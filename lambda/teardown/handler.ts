import { HOUR_MS, utcMonth } from '../../core/calendar';
import type { ConvergeDeps } from '../../core/concurrency/converge';
import type { OutcomeKind } from '../../core/concurrency/result';
import { restoreForDeploy } from '../../core/concurrency/restore-for-deploy';
import { GuardError } from '../../core/errors';
import type { AttachmentsPort, Principal } from '../../core/ports/attachments';
import type { CloudFormationPort } from '../../core/ports/cloudformation';
import type { MeterStatePort } from '../../core/ports/meter-state';
import { parseRequest } from '../custom-resource';
import type { TeardownEnv } from './env';

export interface TeardownDeps extends ConvergeDeps {
  readonly attachments: AttachmentsPort;
  readonly meterState: Pick<MeterStatePort, 'latest' | 'save'>;
  readonly cloudFormation: CloudFormationPort;
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Never changes: CloudFormation would otherwise delete the "old" resource, and lift a stop in the middle of an update. */
export const PHYSICAL_ID = 'spend-guard-teardown';

/** Budgets may attach again while its action is being deleted: look again, but not for ever. */
const ROUNDS = 3;

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
 * The custom resource behind the stack's deletion. Create and Update change nothing; Delete lifts the denies, and fails with
 * the names that are still stopped rather than leave them so in silence.
 * @throws GuardError EVENT_INVALID on an event that cannot be answered, as it names no response URL
 */
export function makeHandler(deps: TeardownDeps, env: TeardownEnv): (event: unknown) => Promise<void> {
  return async (event) => {
    const request = parseRequest(event);
    let failure: string | undefined;
    if (request.requestType === 'Delete') {
      // A state that cannot be read or written keeps nobody denied: what is lifted is looked at again afterwards.
      await closeMeter(deps).catch((error: unknown) => deps.log({ event: 'meter.not-closed', why: String(error) }));
      // Each alone: functions that stay asleep must not keep people denied, nor the other way round.
      const problems = await Promise.all(
        [lift(deps, env.POLICY_ARNS), wake(deps, env)].map((one) => one.catch((error: unknown) => String(error))),
      );
      failure = problems.filter((problem) => problem !== undefined).join('; ') || undefined;
      if (env.KEEPS_STATE === 'true') deps.log({ event: 'state.kept', table: env.STATE_TABLE_NAME });
    }
    await deps.cloudFormation.respond(request, {
      status: failure === undefined ? 'SUCCESS' : 'FAILED',
      physicalResourceId: PHYSICAL_ID,
      ...(failure === undefined ? keptReason(env) : { reason: failure }),
    });
  };
}

/**
 * No tick may attach again behind the lifting: one that acts is waited for, one that has only read finds its revision gone, and
 * one that comes later finds the state closed.
 */
async function closeMeter({ meterState, log, sleep, now }: TeardownDeps): Promise<void> {
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

/** CloudFormation keeps it with the event of this resource, and the function's log has it too. */
function keptReason({ KEEPS_STATE, STATE_TABLE_NAME }: TeardownEnv): { readonly reason?: string } {
  return KEEPS_STATE === 'true' ? { reason: `kept: the state table ${STATE_TABLE_NAME}` } : {};
}

/** @returns why it is not all lifted, or `undefined` */
async function lift({ attachments, log }: TeardownDeps, policyArns: readonly string[]): Promise<string | undefined> {
  let open: readonly string[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const attached = await listAll(attachments, policyArns);
    if (attached.length === 0) return undefined;
    const failed: string[] = [];
    for (const { policyArn, principal } of attached) {
      const change = await attachments.detach(policyArn, principal);
      log({ event: 'deny.lifted', round, policyArn, ...principal, outcome: change.kind });
      if (change.kind === 'failed') failed.push(`${principal.kind} ${principal.name} (${change.why})`);
    }
    open = failed;
  }
  const left = await listAll(attachments, policyArns);
  if (left.length === 0) return undefined;
  const names = open.length > 0 ? open : left.map(({ principal }) => `${principal.kind} ${principal.name}`);
  return `still denied: ${[...new Set(names)].join(', ')}. Detach the spend guard's policies from them, then delete the stack again`;
}

/**
 * Gives back the provisioned concurrency that auto-stop has lowered, while its records are still there. Lambda allocates in
 * its own time: what is asked for and not refused is enough.
 * @returns what is still owed, or `undefined`
 */
async function wake(deps: TeardownDeps, env: TeardownEnv): Promise<string | undefined> {
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

async function listAll(attachments: AttachmentsPort, policyArns: readonly string[]) {
  const lists = await Promise.all(
    policyArns.map(async (policyArn) =>
      (await attachments.attachedTo(policyArn)).map((principal: Principal) => ({ policyArn, principal })),
    ),
  );
  return lists.flat();
}
