import { GuardError } from '../../core/errors';
import type { AttachmentsPort, Principal } from '../../core/ports/attachments';
import type { CloudFormationPort } from '../../core/ports/cloudformation';
import type { TeardownEnv } from './env';

export interface TeardownDeps {
  readonly attachments: AttachmentsPort;
  readonly cloudFormation: CloudFormationPort;
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
}

/** Never changes: CloudFormation would otherwise delete the "old" resource, and lift a stop in the middle of an update. */
export const PHYSICAL_ID = 'spend-guard-teardown';

/** Budgets may attach again while its action is being deleted: look again, but not for ever. */
const ROUNDS = 3;

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
      failure = await lift(deps, env.POLICY_ARNS).catch((error: unknown) => String(error));
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

async function listAll(attachments: AttachmentsPort, policyArns: readonly string[]) {
  const lists = await Promise.all(
    policyArns.map(async (policyArn) =>
      (await attachments.attachedTo(policyArn)).map((principal: Principal) => ({ policyArn, principal })),
    ),
  );
  return lists.flat();
}
