import { SWITCH_STATES, type SwitchVersion } from '../enforcement';
import type { DesiredState } from '../stop-lines';
import { cannotTell, type Answer, type Finding } from './finding';

/** What the switch says at present; undefined: nothing that the guard has written. */
export function stateInEffect(
  versions: readonly Pick<SwitchVersion, 'isDefault' | 'state'>[],
): DesiredState | undefined {
  return versions.find(({ isDefault }) => isDefault)?.state;
}

/**
 * Whether the switch can do all that it is there for, and says what the meter wants.
 * @param wanted undefined: the meter has decided nothing, or was not asked
 */
export function assessSwitch(
  policyArn: string,
  versions: Answer<readonly SwitchVersion[]>,
  wanted: DesiredState | undefined,
): Finding {
  const base = { check: 'switch', subject: policyArn.slice(policyArn.lastIndexOf('/') + 1) } as const;
  if (versions.kind === 'unavailable') {
    return cannotTell(base.check, base.subject, versions.problem, versions.latencyMs);
  }
  const failed = (detail: string): Finding => ({ ...base, status: 'failed', detail, fix: 'deploy the stack again' });
  if (versions.value.length === 0) return failed('does not exist: nobody can be stopped');
  const missing = SWITCH_STATES.filter((state) => versions.value.every((one) => one.state !== state));
  if (missing.length > 0) return failed(`has no version for ${missing.join(' and ')}`);
  const says = stateInEffect(versions.value);
  const fix = 'the meter changes it in its next tick; if it does not, see "drift" in docs/runbook.md';
  if (says === undefined) {
    const detail = 'the guard has not written the version in effect: whom it denies cannot be told';
    return { ...base, status: 'failed', detail, fix };
  }
  if (wanted === undefined || wanted === says) return { ...base, status: 'ok', detail: `says ${says}` };
  return {
    ...base,
    status: 'warning',
    detail: `says ${says} although the meter's state is ${wanted}`,
    fix,
    tell: 'drifted',
  };
}
