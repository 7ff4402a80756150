import {
  openDocument,
  stateOf,
  switchDocument,
  type PolicyDocument,
  newestFirst,
  nextVersionStep,
  type PolicyVersion,
} from '../../core/enforcement';
import { GuardError, ServiceError } from '../../core/errors';
import type { DesiredState } from '../../core/stop-lines';
import type { SwitchDeps } from './deps';
import type { SwitchEnv } from './env';

type VersionDeps = Pick<SwitchDeps, 'versions' | 'digest' | 'log' | 'sleep'>;

/** Three to write and as many to take away, and some more where another run does the same at the same time. */
const MOST_STEPS = 20;
/** In a row, each of them looked at anew. */
const MOST_REFUSALS = 3;
/** IAM shows late what was changed: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html (2026-11). */
const PAUSE_MS = 1_000;

/** What the function's own release says in each state. */
export function documentsOf(
  env: SwitchEnv,
  digest: SwitchDeps['digest'],
): Readonly<Record<DesiredState, PolicyDocument>> {
  const scope = { partition: env.PARTITION, account: env.ACCOUNT_ID, smallModels: env.SMALL_MODELS };
  return {
    open: switchDocument('open', scope, digest),
    degraded: switchDocument('degraded', scope, digest),
    stopped: switchDocument('stopped', scope, digest),
  };
}

/**
 * Writes the versions of the switch and takes away what is not the guard's, one step at a time and each from what is there: what
 * a run that stopped has left is taken up, and another run beside it is no harm. The one in effect stays in effect.
 * @throws ServiceError where IAM refuses, and what is there still asks for it; GuardError TICK_INCOMPLETE where it does not end
 */
export async function writeVersions(
  { versions, digest, log, sleep }: VersionDeps,
  documents: Readonly<Record<DesiredState, PolicyDocument>>,
): Promise<void> {
  let refusals = 0;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const step = nextVersionStep(await versions.list(), documents, digest);
    if (step === undefined) return;
    try {
      if (step.kind === 'create') await versions.create(step.document);
      else await versions.remove(step.id);
      log({ event: `switch.${step.kind}`, ...(step.kind === 'create' ? { state: step.state } : step) });
      refusals = 0;
    } catch (error) {
      // Another run may have done it, or the meter has put it in effect: what is there now decides.
      refusals += 1;
      if (!(error instanceof ServiceError) || refusals === MOST_REFUSALS) throw error;
      await sleep(PAUSE_MS);
    }
  }
  throw new GuardError(
    'TICK_INCOMPLETE',
    `the versions of the switch are not in order after ${MOST_STEPS} steps: run it again`,
  );
}

/**
 * Leaves the version with which the template has made the policy, and writes it where somebody has deleted it: to delete the
 * policy, IAM wants to find no other (trap 48).
 * @throws ServiceError where IAM refuses
 */
export async function leaveOpen({ versions, digest, log }: VersionDeps): Promise<void> {
  const find = async () => {
    const all = [...(await versions.list())].sort(newestFirst);
    return { all, open: all.find(({ document }) => stateOf(document, digest) === 'open') };
  };
  const removeOthers = async (all: readonly PolicyVersion[]) => {
    for (const { id, isDefault } of all) if (!isDefault) await versions.remove(id);
  };
  let { all, open } = await find();
  if (all.length === 0) return;
  if (open === undefined) {
    await removeOthers(all);
    await versions.create(openDocument(digest));
    ({ all, open } = await find());
  }
  if (open !== undefined && !open.isDefault) await versions.setDefault(open.id);
  await removeOthers((await find()).all);
  log({ event: 'switch.opened', version: open?.id });
}
