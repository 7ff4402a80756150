import { GuardError } from '../errors';
import { errorNameOf, ServiceError } from '../ports/service-error';

/** Whether a step was done; what went wrong with it is told, and anything but a refusal is thrown. */
export type Attempt = (what: string, step: () => Promise<unknown>) => Promise<boolean>;

/** For steps of which each may fail alone. @param troubles gets what went wrong, in words */
export function attempting(troubles: string[]): Attempt {
  return async (what, step) => {
    try {
      await step();
      return true;
    } catch (error) {
      if (!(error instanceof ServiceError || error instanceof GuardError)) throw error;
      troubles.push(`${what}: ${errorNameOf(error)}`);
      return false;
    }
  };
}
