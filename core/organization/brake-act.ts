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
  return action === 'attach'
    ? confirmed(record, stand, now)
    : detached(record, record.ours?.detaching ?? 'nothing wants it any more', now);
}

function failed(record: BrakeRecord, stand: AccountStand, failure: BrakeFailure): BrakeRecord {
  const { failure: before } = record;
  if (before?.did === failure.did && before.why === failure.why) return record;
  const text = `could not ${failure.did} the policy: ${failure.why}`;
  return withMail(withHistory({ ...record, failure }, { at: failure.since, text }), failedMail(stand, failure));
}
