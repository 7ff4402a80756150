import type { MeteredOperation } from '../core/in-path';
import type { Answer } from './answer';
import type { CallOptions } from './call-options';
import type { Caller } from './caller';
import type { Deadline } from './deadline';
import type { SpendGuardOptions } from './options';
import type { Place } from './place';

/** One `client.send`, on its way through the guard. */
export interface Sending extends Caller {
  readonly operation: MeteredOperation;
  readonly args: { readonly input: object };
  readonly next: (args: object) => Promise<Answer>;
  readonly options: CallOptions & SpendGuardOptions;
  readonly deadline: Deadline;
  readonly signal: AbortSignal | undefined;
  readonly place: Place;
  /** The meter has not been heard for too long. */
  doubtful: boolean;
}
