import type { DesiredState } from '../stop-lines';
import { openNames } from './alerts';
import type { Applied } from './apply';
import type { EnforcementPlan } from './plan';
import type { EnforcementState } from './state';

/**
 * What is written before a plan is carried out. A run may end at any point of it: what it is about to change is left out, so that
 * the next one takes it for nobody's doing.
 */
export function beforeActing(was: EnforcementState, plan: EnforcementPlan): EnforcementState {
  const { switchedTo, principals: _, foreign: _told, ...kept } = was;
  const isSwitching = plan.setDefault !== undefined || plan.isMissing;
  return {
    ...kept,
    versions: plan.versions,
    ...(plan.foreign.length > 0 && { foreign: plan.foreign }),
    ...(switchedTo !== undefined && !isSwitching && { switchedTo }),
    ...(plan.attach.length === 0 && { principals: plan.principals }),
  };
}

/** What is written when all is done, as far as it went. */
export function afterActing(
  before: EnforcementState,
  plan: EnforcementPlan,
  { inEffect, failed }: Applied,
  enforced: DesiredState,
  now: number,
): EnforcementState {
  const { stoppedSince, switchedTo: _, leakBaseline, pagedWhileOpen: _paged, ...rest } = before;
  const seen: EnforcementState = {
    ...rest,
    principals: plan.principals,
    pagedOpen: openNames(failed),
    ...(failed.length > 0 && { pagedWhileOpen: enforced === 'open' }),
    ...(inEffect && { switchedTo: enforced }),
  };
  if (enforced !== 'stopped' || !inEffect || failed.length > 0) return seen;
  // Somebody had been let go in between: what was used until now is no leak of the deny.
  const reopened = plan.drift.some(({ kind }) => kind === 'detached' || kind === 'flipped');
  if (stoppedSince === undefined || reopened) return { ...seen, stoppedSince: now };
  return { ...seen, stoppedSince, ...(leakBaseline && { leakBaseline }) };
}
