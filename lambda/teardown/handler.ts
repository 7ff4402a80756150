import { HOUR_MS } from '../../core/calendar';
import type { ConvergeDeps } from '../../core/concurrency/converge';
import type { OutcomeKind } from '../../core/concurrency/result';
import { restoreForDeploy } from '../../core/concurrency/restore-for-deploy';
import { GuardError } from '../../core/errors';
import type { AttachmentsPort, Principal } from '../../core/ports/attachments';
import type { CloudFormationPort } from '../../core/ports/cloudformation';
import type { TeardownEnv } from './env';

export interface TeardownDeps extends ConvergeDeps {
  readonly attachments: AttachmentsPort;
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

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

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
      // Each alone: functions that stay asleep must not keep people denied, nor the other way round.
      const problems = await Promise.all(
        [lift(deps, env.POLICY_ARNS), wake(deps, env)].map((one) => one.catch((error: unknown) => String(error))),
      );
      failure = problems.filter((problem) => problem !== undefined).join('; ') || undefined;
    }
    await deps.cloudFormation.respond(request, {
      status: failure === undefined ? 'SUCCESS' : 'FAILED',
      physicalResourceId: PHYSICAL_ID,
      ...(failure === undefined ? {} : { reason: failure }),
    });
  };
}

function parseRequest(event: unknown) {
  const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId } = (event ?? {}) as Record<string, unknown>;
  if (typeof ResponseURL !== 'string' || !isSafeToAnswer(ResponseURL)) {
    throw new GuardError(
      'EVENT_INVALID',
      'ResponseURL must be a URL, https but on a loopback host: this function is a CloudFormation custom resource',
    );
  }
  return {
    requestType: String(RequestType),
    responseUrl: ResponseURL,
    stackId: String(StackId),
    requestId: String(RequestId),
    logicalResourceId: String(LogicalResourceId),
  };
}

/** AWS signs an https URL; an emulator on this machine has none. */
function isSafeToAnswer(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
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
