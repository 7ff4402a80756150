import type { Alert } from './alert';
import type { UtcMonth } from '../calendar';
import type { DecisionState } from './types';
import type { BillActionState, EnforcementState } from '../enforcement';
import type { NanoUsd } from '../money';
import type { BudgetsWord } from '../ledger';
import type { DesiredState } from '../stop-lines';
import type { KnownAssessment, MeterMemory, SeriesId, SettledCalls, ToldState } from '../meter';

/**
 * What one tick leaves for the next: one item a month (pk `meter`, sk the UTC month), replaced as a whole by conditional
 * write on (month, revision).
 */
export interface MeterState {
  readonly schemaVersion: 1;
  readonly month: UtcMonth;
  /** Counts up with every write. */
  readonly revision: number;
  /** Beside `decision`, for those who need no more: health-check and auto-stop. */
  readonly desired: DesiredState;
  readonly installedAt: number;
  readonly decision: DecisionState;
  /** Of the last read that was complete. */
  readonly memory?: MeterMemory;
  readonly reading?: LastReading;
  readonly gate: GateState;
  /** A tick is acting on this item until then; 0: none. Longer than a tick can live, so that two never act at once. */
  readonly claimedUntil: number;
  /** Decided and not yet sent; removed once sent, so that a crash sends them again rather than never. */
  readonly outbox: readonly Alert[];
  /** Of the last alert that was put there. */
  readonly lastAlertAt?: number;
  /** What people were told of and has not ended, where nothing else of the state says so. */
  readonly firing?: Firing;
  readonly enforcement: EnforcementState;
  readonly bill: BillActionState;
  /** Of the budgets within the environment's; absent where there are none. */
  readonly budgets?: BudgetsState;
  /** Callers could not be told of it: the next tick does. */
  readonly unsaid?: boolean;
  /** The stack is being deleted: no tick acts any more. */
  readonly closed?: boolean;
}

export interface Firing {
  readonly leak?: boolean;
  readonly contradiction?: boolean;
  readonly notTold?: boolean;
  /** What AWS Budgets refuses. */
  readonly billAction?: 'reverse' | 'reset';
}

/** What callers are told of the limits. */
export interface BudgetsState extends BudgetsWord {
  /** Why the orders could not be understood: the configured limits hold meanwhile. Absent: they were. */
  readonly unread?: string;
}

export interface LastReading {
  /** Of the last full read, known or not. */
  readonly at: number;
  /** Of the last one that was complete; decided on again by the ticks that do not read. */
  readonly known?: KnownAssessment;
  /** Why the last one was not. */
  readonly unknown?: string;
  readonly burnPrevious?: NanoUsd;
  /** It was a second look of a tick: the next tick may read sooner. */
  readonly again?: boolean;
  /** The canary that has not shown up. */
  readonly canaryOverdueSince?: number;
}

export interface GateState {
  /** A gate that has never shown data is no gate (trap 37). */
  readonly everShowedData: boolean;
  readonly lastActivityAt?: number;
  /** Of the last full read, where the gate could be read with it: what it cannot have missed. */
  readonly settled?: SettledCalls;
  /** When a read has last shown more than the calls before it could have cost. */
  readonly outspentAt?: number;
  /** Whether its alarm is relied on; absent: it was never looked at, or there is none. */
  readonly told?: ToldState;
}

/** Series ever shown in a month: ListMetrics forgets what was not used for two weeks, the month's bill does not. */
export interface KnownSeries {
  readonly month: UtcMonth;
  readonly series: readonly SeriesId[];
  /**
   * By profile id whose it was: one that was deleted by hand still counts, or still does not. Of a deployment of this
   * environment: the model's id in its configuration; `foundation-model/<base id>` counted for another reason;
   * `environment/<name>` another's; anything else is the guard's own, with what it is for.
   */
  readonly profiles: Readonly<Record<string, string>>;
}

/** What cost-check found of the meter against the bill (pk `calibration`, sk `meter`). */
export interface StoredCalibration {
  readonly factor: number;
  readonly at: number;
}
