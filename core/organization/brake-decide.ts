import type { AccountStand } from './account';
import { renewHold } from './brake-hold';
import { approvalMail, attachedMail, detachedMail, endedMail } from './brake-mail';
import { type BrakeRecord, withHistory, withMail } from './brake-record';

export interface BrakeDecision {
  readonly action: 'attach' | 'detach' | 'none';
  /** What is to be written before anything is done; the same object where there is nothing to write. */
  readonly record: BrakeRecord;
  /** Somebody else has attached the policy: it is theirs to detach. */
  readonly isForeign: boolean;
}

/**
 * From what was heard and what is really attached to what is to be done. The list of what is attached may lag behind: what it has
 * not is attached, or detached, all the same, which AWS Organizations answers as unchanged. The same reading again gives nothing to do.
 * @param before with a person's order applied, where there is one
 * @param isAttached by AWS Organizations' own word
 */
export function decideBrake(before: BrakeRecord, stand: AccountStand, isAttached: boolean, now: number): BrakeDecision {
  const renewed = withRequest(before, renewHold(before, stand, now), stand, now);
  const isWanted = isToBeAttached(renewed, stand);
  const record = withoutFailure(renewed, isWanted, isAttached);
  const { ours } = record;
  const isForeign = isAttached && ours === undefined;
  if (isWanted && !isAttached) {
    const begun = ours === undefined || ours.detaching !== undefined ? { since: now } : ours;
    return { action: 'attach', record: { ...approvedByFile(record, stand, now), ours: begun }, isForeign };
  }
  if (!isWanted && ours !== undefined) {
    const detaching = ours.detaching ?? whyDetached(record);
    return { action: 'detach', record: { ...record, ours: { ...ours, detaching } }, isForeign };
  }
  // The run that began it, or was to detach it before it was wanted again, has died.
  const isUnseen = ours !== undefined && (ours.confirmedAt === undefined || ours.detaching !== undefined);
  const isOver = record.firing === true && ours === undefined && record.hold === undefined;
  if (isOver) return { action: 'none', record: over(record, stand, now), isForeign };
  return { action: 'none', record: isUnseen ? confirmed(record, stand, now) : record, isForeign };
}

/** What was attached unasked stays so where the file asks for approval from then on. */
function approvedByFile(record: BrakeRecord, { brake }: AccountStand, now: number): BrakeRecord {
  const { hold, approval } = record;
  if (hold === undefined || brake !== 'automatic' || approval?.decision === hold.decision) return record;
  return { ...record, approval: { decision: hold.decision, by: 'the limits file (automatic)', at: now } };
}

/** A decision that nobody has to approve, or that somebody has. */
export function isToBeAttached({ hold, approval }: BrakeRecord, { brake }: Pick<AccountStand, 'brake'>): boolean {
  if (hold === undefined) return false;
  return hold.cause === 'ordered' || brake === 'automatic' || approval?.decision === hold.decision;
}

/** Whether a person has to decide. */
export function isWaiting(record: BrakeRecord, stand: Pick<AccountStand, 'brake'>): boolean {
  return record.hold !== undefined && !isToBeAttached(record, stand);
}

function withRequest(before: BrakeRecord, record: BrakeRecord, stand: AccountStand, now: number): BrakeRecord {
  const { hold } = record;
  if (hold === undefined || hold.decision === before.hold?.decision || !isWaiting(record, stand)) return record;
  return withMail({ ...record, firing: true }, approvalMail(stand, hold, now));
}

/** What was asked for, or failed, and never was attached. */
function over({ firing: _, ...record }: BrakeRecord, stand: AccountStand, now: number): BrakeRecord {
  return withMail(record, endedMail(stand, whyDetached(record), now));
}

export function confirmed(record: BrakeRecord, stand: AccountStand, now: number): BrakeRecord {
  const { hold, ours, failure: _, ...others } = record;
  const after: BrakeRecord = {
    ...others,
    ...(hold && { hold }),
    ours: { since: ours?.since ?? now, confirmedAt: now },
  };
  const text = `attached${hold === undefined ? '' : ` for decision ${hold.decision}`}`;
  return withMail(withHistory({ ...after, firing: true }, { at: now, text }), attachedMail(stand, hold, now));
}

export function detached(record: BrakeRecord, why: string, now: number): BrakeRecord {
  const { ours: _, failure: __, firing: ___, ...others } = record;
  return withMail(withHistory(others, { at: now, text: `detached: ${why}` }), detachedMail(record.account, why, now));
}

/** A failure of what is no longer tried is none. */
function withoutFailure(record: BrakeRecord, isWanted: boolean, isAttached: boolean): BrakeRecord {
  const { failure, ...others } = record;
  if (failure === undefined) return record;
  const isStillTried = failure.did === 'attach' ? isWanted && !isAttached : !isWanted && record.ours !== undefined;
  return isStillTried ? record : others;
}

/** The last that was said of the decision that has ended. */
function whyDetached({ override, history }: BrakeRecord): string {
  if (override !== undefined) return `${override.by}: ${override.reason}`;
  return history.findLast(({ text }) => /^decision \S+ has ended/.test(text))?.text ?? 'nothing wants it any more';
}
