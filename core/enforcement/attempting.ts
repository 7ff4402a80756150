import { GuardError, errorNameOf, ServiceError } from '../errors';

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

/** Calls of IAM at a time: its limit is shared by the whole account. */
const AT_ONCE = 10;

/** What becomes of each, in order. */
export async function tenAtATime<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}
