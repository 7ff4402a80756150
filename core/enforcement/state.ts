import type { UtcMonth } from '../calendar';
import type { NanoUsd } from '../money';
import type { DesiredState } from '../stop-lines';

/** What the tick before has left, to tell a repair from a first attachment, and a leak from what was in flight. */
export interface EnforcementState {
  /** What the switch was seen or put in; absent where that could not be told. */
  readonly switchedTo?: DesiredState;
  /** By state, the version that stood for it when it was last told from its content: what it says never changes. */
  readonly versions?: Readonly<Partial<Record<DesiredState, string>>>;
  /** Versions that were nobody's of the guard when they were last told: each is told of once, however long it stays. */
  readonly foreign?: readonly string[];
  /** Digest of whom the configuration named then: from somebody who is new nobody has taken anything. */
  readonly principals?: string;
  /** Names that had no switch in the end, as they were last paged. */
  readonly pagedOpen: readonly string[];
  /** While nobody had to be denied, as they were last paged: it is another page when somebody must. Absent: nobody is open. */
  readonly pagedWhileOpen?: boolean;
  /** In effect for everybody since then; absent while not stopped, or not everybody is. */
  readonly stoppedSince?: number;
  /** Spend by model when what was in flight at the stop must have shown; absent until then. */
  readonly leakBaseline?: Readonly<Record<string, NanoUsd>>;
  /** The state that auto-stop was last told of. */
  readonly toldAutoStop?: DesiredState;
}

/** The budgets action, as far as it must be undone: what AWS's own reset leaves behind is this guard's to repair (trap 9). */
export interface BillActionState {
  /** The month in which the action was first seen applied. */
  readonly appliedMonth?: UtcMonth;
  /** When the guard reversed it, for which override. */
  readonly reversedFor?: number;
  /** Whom AWS Budgets has left its deny, as they were last told. */
  readonly leftoverTold?: readonly string[];
  /** Where it would be applied, as last seen before it was. */
  readonly armedLine?: NanoUsd;
  /** Where it was applied, while it is. */
  readonly appliedLine?: NanoUsd;
  /** The guard reversed it as its line had been raised from here. */
  readonly raisedFrom?: NanoUsd;
}
