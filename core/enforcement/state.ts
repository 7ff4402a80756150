import type { UtcMonth } from '../calendar';
import type { NanoUsd } from '../money';
import type { Principal } from '../ports/attachments';
import type { DesiredState } from '../triggers';

/** What was found attached, to tell a repair from a first attachment, and a leak from what was in flight. */
export interface EnforcementState {
  /** Seen in a listing of IAM, by policy ARN: what is missing there later was taken away by somebody. */
  readonly confirmed: Readonly<Record<string, readonly Principal[]>>;
  /** Everybody denied since then; absent while not stopped, or not everybody is. */
  readonly stoppedSince?: number;
  /** Spend by model when what was in flight at the stop must have shown; absent until then. */
  readonly leakBaseline?: Readonly<Record<string, NanoUsd>>;
  /** Names still open, as they were last paged. */
  readonly pagedOpen: readonly string[];
  /** The state that auto-stop was last told of. */
  readonly toldAutoStop?: DesiredState;
}

/** The budgets action, as far as it must be undone: what AWS's own reset leaves behind is this guard's to repair (trap 9). */
export interface BillActionState {
  /** The month in which the action was first seen applied. */
  readonly appliedMonth?: UtcMonth;
  /** When the guard reversed it, for which override. */
  readonly reversedFor?: number;
  /** Where it would be applied, as last seen before it was. */
  readonly armedLine?: NanoUsd;
  /** Where it was applied, while it is. */
  readonly appliedLine?: NanoUsd;
  /** The guard reversed it as its line had been raised from here. */
  readonly raisedFrom?: NanoUsd;
}
