import type { UtcMonth } from '../../../core/calendar';
import type { NanoUsd } from '../../../core/money';
import type { FaultKind } from './schedule';

/** What was seen of one run, for the properties and for comparing runs. */
export interface Trace {
  readonly mails: readonly string[];
  /** Attachments at the end of each minute. */
  readonly denied: readonly string[];
  readonly fired: ReadonlySet<FaultKind>;
  /** Month-to-date by month in the order in which it was known. */
  readonly known: readonly { readonly month: UtcMonth; readonly amount: NanoUsd }[];
  /** The first minute in which the stop line was reached by what could be seen, without grace, order or override. */
  readonly visibleAt: number | undefined;
  /** The first minute from then on in which everybody was denied. */
  readonly deniedAt: number | undefined;
  /** States whose reason does not fit their figures. */
  readonly unexplained: readonly string[];
  /** Readings that were called known and lacked what CloudWatch had for whoever asked for it by name. */
  readonly understated: readonly string[];
  /** How each tick ended, and what it mailed. */
  readonly ticks: readonly string[];
  /** Ticks that did not ask the gate, as the alarm would have told. */
  readonly told: number;
  /** Usage that was reported and not counted. */
  readonly foreign: number;
  /** Mails that were sent and whose tick then died. */
  readonly crashedAfterMail: number;
}
