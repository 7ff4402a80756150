import { HOUR_MS } from '../calendar';
import { GuardError } from '../errors';
import { converge, type ConvergeDeps, type ConvergeSettings } from './converge';
import type { DeployHold } from './record';
import type { ConvergeResult } from './result';

/** A forgotten hold must not keep what a stop has lowered running for good. */
export const LONGEST_HOLD_MS = 8 * HOUR_MS;

/**
 * `concurrency restore --for-deploy`: gives back everything that is lowered, and lowers nothing until the deadline, so that
 * a stack that declares it finds what it expects. It counts while stopped too, for a person asked: the models stay denied,
 * and after the deadline the next run lowers again. Ask again until `allRestored`: Lambda takes minutes.
 * @throws GuardError LIMIT_EXCEEDED unless the deadline is within eight hours; ServiceError
 */
export async function restoreForDeploy(
  deps: ConvergeDeps,
  settings: ConvergeSettings,
  hold: DeployHold,
): Promise<{ readonly result: ConvergeResult; readonly allRestored: boolean }> {
  const nowMs = deps.now();
  if (!(hold.untilMs > nowMs && hold.untilMs <= nowMs + LONGEST_HOLD_MS)) {
    throw new GuardError(
      'LIMIT_EXCEEDED',
      `a hold for a deploy must end after now and within 8 hours, got ${hold.untilMs - nowMs} ms from now`,
    );
  }
  await deps.state.saveHold(hold);
  const result = await converge(deps, settings);
  const done = new Set(['awake', 'floor', 'restored', 'superseded', 'absent']);
  return { result, allRestored: result.outcomes.every(({ outcome }) => done.has(outcome)) };
}
