import { GuardError } from '../../core/errors';
import type { AccountConcurrencyPort } from '../../core/ports/account-concurrency';
import type { CloudFormationPort } from '../../core/ports/cloudformation';
import { ServiceError } from '../../core/ports/service-error';
import { parseRequest } from '../custom-resource';
import type { ReserveConcurrencyEnv } from './env';

export interface ReserveConcurrencyDeps {
  readonly concurrency: AccountConcurrencyPort;
  readonly cloudFormation: CloudFormationPort;
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
}

/** Never changes: CloudFormation would otherwise delete the "old" resource. */
export const PHYSICAL_ID = 'spend-guard-reserved-concurrency';

/** A tick each minute, and one that a person asks for beside it. */
export const RESERVED = 2;
/**
 * Lambda refuses to reserve what leaves less than this unreserved; a new account has 10 in all, of which nothing can be
 * reserved (trap 28; https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html, read 2026-11-23).
 */
export const LEFT_FOR_OTHERS = 100;

/**
 * Sets concurrency aside for the meter, where the account has room: a runaway must not starve what stops it. A custom resource
 * rather than a property of the function, as a deployment must never fail for want of room.
 * @throws GuardError EVENT_INVALID on an event that cannot be answered
 */
export function makeHandler(
  { concurrency, cloudFormation, log }: ReserveConcurrencyDeps,
  { FUNCTION_NAME }: ReserveConcurrencyEnv,
): (event: unknown) => Promise<void> {
  return async (event) => {
    const request = parseRequest(event);

    // What is reserved goes with the function.
    const outcome = request.requestType === 'Delete' ? 'none' : await reserve(concurrency, FUNCTION_NAME);

    log({ event: 'concurrency.reserved', function: FUNCTION_NAME, outcome });
    await cloudFormation.respond(request, {
      status: 'SUCCESS',
      physicalResourceId: PHYSICAL_ID,
      data: { Reserved: outcome },
    });
  };
}

async function reserve(concurrency: AccountConcurrencyPort, functionName: string): Promise<string> {
  try {
    const has = await concurrency.reserved(functionName);
    if (has !== undefined && has > 0) return String(has);
    const unreserved = await concurrency.unreserved();
    if (unreserved - RESERVED < LEFT_FOR_OTHERS) {
      return `none: the account has ${unreserved} unreserved, and ${LEFT_FOR_OTHERS} must be left; ask for a higher limit, then deploy again`;
    }
    await concurrency.reserve(functionName, RESERVED);
    return String(RESERVED);
  } catch (error) {
    if (error instanceof ServiceError) return `none: Lambda answers ${error.errorName}`;
    if (error instanceof GuardError) return `none: ${error.message}`;
    throw error;
  }
}
