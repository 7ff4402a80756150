import { DAY_MS } from '../calendar';
import type { QualifierDetails, ScalingLimits } from './configured';
import type { Target } from './target';

/** Why something is lowered. */
export type LoweredFor = 'stopped' | 'idle';

/**
 * `lowering`: saved, perhaps lowered. `lowered`: sleeps. `restoring`: perhaps put back. `warming`: put back, not READY
 * yet. `closed`: nothing is owed; kept for a while, so that its revision goes on counting.
 */
export type RecordStatus = 'lowering' | 'lowered' | 'restoring' | 'warming' | 'closed';

export interface Saved {
  readonly value: number;
  readonly details: Omit<QualifierDetails, 'weighted'>;
  /** Absent: Application Auto Scaling does not scale it. */
  readonly scaling?: ScalingLimits;
}

/** What is owed to an alias or version, in the state table (pk `concurrency`, sk `<function>:<qualifier>`). */
export interface ConcurrencyRecord extends Target {
  readonly schemaVersion: 1;
  /** Counts up with every write and never starts again: of two runs that read the same, one writes. */
  readonly revision: number;
  readonly status: RecordStatus;
  readonly loweredFor: LoweredFor;
  readonly saved: Saved;
  readonly savedAtMs: number;
  /** 0: without a configuration. */
  readonly loweredTo: number;
  /** A run is acting on it until then; 0: none. Longer than a run can live, so that two never act at once. */
  readonly claimedUntilMs: number;
  /** The function, alias or version was not there. */
  readonly goneAtMs?: number;
  /** What kept it from being done, and in how many runs on end. */
  readonly problem?: { readonly text: string; readonly runs: number };
  /** `superseded`: somebody changed it in the meantime, and that choice stands. */
  readonly closedAs?: 'restored' | 'superseded';
  /** The table may delete it then; absent while anything is owed to something that is there. */
  readonly expiresAtMs?: number;
}

/** `concurrency restore --for-deploy`: nothing is lowered until then (pk `concurrency`, sk `hold`). */
export interface DeployHold {
  readonly untilMs: number;
  readonly by: string;
}

/** How long a record is kept once it is closed, or its function gone. */
export const KEPT_MS = 90 * DAY_MS;

/** Something is still owed. */
export function isOpen(record: ConcurrencyRecord | undefined): record is ConcurrencyRecord {
  return record !== undefined && record.status !== 'closed';
}
