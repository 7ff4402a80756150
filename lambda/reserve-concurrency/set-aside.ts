import { GuardError, ServiceError } from '../../core/errors';
import type { AccountConcurrencyPort, SetAside } from '../../core/concurrency';

/** A tick each minute, and one that a person asks for beside it. */
export const RESERVED = 2;
/**
 * Lambda refuses to reserve what leaves less than this unreserved; a new account has 10 in all, of which nothing can be
 * reserved (trap 28; https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html, read 2026-11-23).
 */
export const LEFT_FOR_OTHERS = 100;

/** Looks first: what somebody else has set aside is left as it is. */
export async function setAside(concurrency: AccountConcurrencyPort, functionName: string): Promise<SetAside> {
  let has: number | undefined;
  let isKnown = false;
  try {
    has = await concurrency.reserved(functionName);
    isKnown = true;
    if (has !== undefined && has > 0) return { kind: 'kept', concurrency: has };
    const unreserved = await concurrency.unreserved();
    if (unreserved - RESERVED < LEFT_FOR_OTHERS) {
      const why = `the account has ${unreserved} unreserved, and ${LEFT_FOR_OTHERS} must be left`;
      return { kind: 'none', why, isOff: has === 0 };
    }
    await concurrency.reserve(functionName, RESERVED);
    return { kind: 'reserved', concurrency: RESERVED };
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof GuardError)) throw error;
    const why = error instanceof ServiceError ? `Lambda answers ${error.errorName}` : error.message;
    return isKnown ? { kind: 'none', why, isOff: has === 0 } : { kind: 'unknown', why };
  }
}
