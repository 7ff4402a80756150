import type { MeteredOperation } from '../core/in-path/operations';
import type { Answer } from './answer';
import type { CallOptions } from './call-options';
import type { Deadline } from './deadline';
import type { SpendGuardOptions } from './options';

/** One `client.send`, on its way through the guard. */
export interface Sending {
  readonly operation: MeteredOperation;
  readonly args: { readonly input: object };
  readonly next: (args: object) => Promise<Answer>;
  readonly options: CallOptions & SpendGuardOptions;
  readonly deadline: Deadline;
  readonly signal: AbortSignal | undefined;
  /** Takes the call's one place in the request limits: last of all, so that what is refused takes none. @throws SpendGuardRefused */
  readonly admit: () => Promise<void>;
  /** The meter has not been heard for too long. */
  doubtful: boolean;
}
