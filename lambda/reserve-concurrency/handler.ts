import * as z from 'zod/mini';
import type { AccountConcurrencyPort, SetAside } from '../../core/concurrency';
import type { CloudFormationPort } from '../../core/enforcement';
import { parseRequest } from '../custom-resource';
import type { ReserveConcurrencyEnv } from './env';
import { setAside } from './set-aside';

export interface ReserveConcurrencyDeps {
  readonly concurrency: AccountConcurrencyPort;
  readonly cloudFormation: CloudFormationPort;
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
}

/** Never changes: CloudFormation would otherwise delete the "old" resource. */
export const PHYSICAL_ID = 'spend-guard-reserved-concurrency';

/** By the health check; what is in a custom resource's request is not in it. */
const byHealthCheck = z.object({ command: z.literal('ensure'), ResponseURL: z.optional(z.never()) });

/**
 * Sets concurrency aside for the meter, where the account has room: a runaway must not starve what stops it. By each deployment,
 * as a custom resource rather than a property of the function, as a deployment must never fail for want of room; and by each run
 * of the health check.
 * @returns what became of it, to the health check
 * @throws GuardError EVENT_INVALID on an event that cannot be answered
 */
export function makeHandler(
  { concurrency, cloudFormation, log }: ReserveConcurrencyDeps,
  { FUNCTION_NAME }: ReserveConcurrencyEnv,
): (event: unknown) => Promise<SetAside | undefined> {
  const ensure = async () => {
    const outcome = await setAside(concurrency, FUNCTION_NAME);
    log({ event: 'concurrency.reserved', function: FUNCTION_NAME, ...outcome });
    return outcome;
  };
  return async (event) => {
    if (byHealthCheck.safeParse(event).success) return ensure();

    const request = parseRequest(event);
    // What is reserved goes with the function.
    const outcome = request.requestType === 'Delete' ? undefined : await ensure();
    await cloudFormation.respond(request, {
      status: 'SUCCESS',
      physicalResourceId: PHYSICAL_ID,
      data: { Reserved: outcome === undefined ? 'none' : inWords(outcome) },
    });
    return undefined;
  };
}

function inWords(outcome: SetAside): string {
  switch (outcome.kind) {
    case 'kept':
    case 'reserved':
      return String(outcome.concurrency);
    case 'none':
      return `none: ${outcome.why}; with a higher limit the health check sets it aside`;
    case 'unknown':
      return `none: ${outcome.why}`;
  }
}
