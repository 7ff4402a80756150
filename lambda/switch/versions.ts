import { stateOf, switchDocument } from '../../core/enforcement/switch-document';
import { nextVersionStep } from '../../core/enforcement/switch-versions';
import { ServiceError } from '../../core/ports/service-error';
import type { SwitchDeps } from './deps';
import type { SwitchEnv } from './env';

type VersionDeps = Pick<SwitchDeps, 'versions' | 'digest' | 'log'>;

/** Three to write and as many to take away, and some more where another run does the same at the same time. */
const MOST_STEPS = 20;

/**
 * Writes the versions of the switch and takes away what is not the guard's, one step at a time and each from what is there: what
 * a run that stopped has left is taken up, and another run beside it is no harm. The one in effect stays in effect.
 * @throws ServiceError where IAM refuses, and what is there still asks for it
 */
export async function writeVersions({ versions, digest, log }: VersionDeps, env: SwitchEnv): Promise<void> {
  const scope = { partition: env.PARTITION, account: env.ACCOUNT_ID, smallModels: env.SMALL_MODELS };
  const documents = {
    open: switchDocument('open', scope, digest),
    degraded: switchDocument('degraded', scope, digest),
    stopped: switchDocument('stopped', scope, digest),
  };
  let refused: string | undefined;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const step = nextVersionStep(await versions.list(), documents, digest);
    if (step === undefined) return;
    try {
      if (step.kind === 'create') await versions.create(step.document);
      else await versions.remove(step.id);
      log({ event: `switch.${step.kind}`, ...(step.kind === 'create' ? { state: step.state } : step) });
      refused = undefined;
    } catch (error) {
      // Another run may have done it, or the meter has put it in effect: what is there now decides.
      if (!(error instanceof ServiceError) || refused === error.errorName) throw error;
      refused = error.errorName;
    }
  }
}

/** Leaves the version with which the template has made the policy: to delete the policy, IAM wants to find no other (trap 48). */
export async function leaveOpen({ versions, digest, log }: VersionDeps): Promise<void> {
  const open = (await versions.list()).find(({ document }) => stateOf(document, digest) === 'open');
  // Without it the newest stays, which denies nobody any more once it is taken off everybody.
  if (open !== undefined && !open.isDefault) await versions.setDefault(open.id);
  for (const { id, isDefault } of await versions.list()) if (!isDefault) await versions.remove(id);
  log({ event: 'switch.opened', version: open?.id });
}
