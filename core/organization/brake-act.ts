import type { AccountStand } from './account';
import { confirmed, detached } from './brake-decide';
import { failedMail } from './brake-mail';
import { type BrakeFailure, type BrakeRecord, withHistory, withMail } from './brake-record';
import type { PolicyChange } from './ports';

/** What is to be remembered of what was done. A failure is mailed once, until it is another. */
export function afterAction(
  record: BrakeRecord,
  stand: AccountStand,
  action: 'attach' | 'detach',
  change: PolicyChange,
  now: number,
): BrakeRecord {
  if (change.kind === 'failed') return failed(record, stand, { did: action, why: change.why, since: now });
  const { ours, failure: _, ...others } = record;
  const wasAttached = ours?.confirmedAt !== undefined;
  const isNew = change.kind === 'done';
  switch (action) {
    case 'attach':
      if (!wasAttached) return confirmed(record, stand, now);
      // Else the list was late, and it had been attached all the time.
      return isNew ? confirmed(withHistory(record, { at: now, text: DRIFT }), stand, now) : { ...others, ours };
    case 'detach':
      // What was begun and never attached is nobody's news.
      return wasAttached || isNew ? detached(record, ours?.detaching ?? 'nothing wants it any more', now) : others;
  }
}

const DRIFT = 'somebody else had detached the policy';

function failed(record: BrakeRecord, stand: AccountStand, failure: BrakeFailure): BrakeRecord {
  const { failure: before } = record;
  if (before?.did === failure.did && before.why === failure.why) return record;
  const text = `could not ${failure.did} the policy: ${failure.why}`;
  return withMail(
    withHistory({ ...record, failure, firing: true }, { at: failure.since, text }),
    failedMail(stand, failure),
  );
}
