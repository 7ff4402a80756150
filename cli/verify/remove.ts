import { ServiceError } from '../../core/errors';
import { IAM_PATH, type Leftover } from '../../core/verify';
import type { Services } from '../services';

const TRIES = 5;
const PAUSE_MS = 3_000;

export interface AccountScope {
  readonly account: string;
  readonly partition: string;
}

/** Whatever of it is there; what is gone is no error. @throws ServiceError */
export async function removeFrom(
  { verify, sleep }: Pick<Services, 'verify' | 'sleep'>,
  { account, partition }: AccountScope,
  one: Leftover,
): Promise<'removed' | 'not there'> {
  switch (one.kind) {
    case 'profile': {
      const arn = one.arn ?? (await verify.profiles.list(one.region, one.name)).find(isNamed(one))?.arn;
      if (arn === undefined) return 'not there';
      await patiently(sleep, () => verify.profiles.remove(arn));
      return 'removed';
    }
    case 'role':
      await patiently(sleep, () => verify.roles.removeRole(one.name));
      return 'removed';
    case 'policy': {
      const arn = one.arn ?? `arn:${partition}:iam::${account}:policy${IAM_PATH}${one.name}`;
      await patiently(sleep, () => verify.roles.removePolicy(arn));
      return 'removed';
    }
    case 'budget':
      await patiently(sleep, () => verify.budgets({ account, partition }).remove(one.name));
      return 'removed';
  }
}

function isNamed({ name }: Leftover) {
  return (found: { readonly name: string }) => found.name === name;
}

/** IAM learns of a detachment a little late, and refuses to delete what it still takes for attached. */
async function patiently(sleep: (ms: number) => Promise<void>, work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !(error instanceof ServiceError) || !mayPass(error)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

function mayPass({ refusal, errorName }: ServiceError): boolean {
  return (
    ['throttled', 'timedOut', 'unavailable'].includes(refusal) ||
    ['DeleteConflictException', 'ConflictException', 'ConcurrentModificationException'].includes(errorName)
  );
}
