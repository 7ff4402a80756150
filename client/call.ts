import type { CompleteClientModel, MeteredOperation } from '../core/in-path';
import type { Charge } from './charge';
import type { Regions } from './regions';

/**
 * One call to one model, from the outer middleware to the one inside the SDK's retries. It travels on the arguments: the
 * SDK's context object may be shared by calls made at the same time (T5).
 */
export interface Call {
  readonly operation: MeteredOperation;
  readonly model: CompleteClientModel;
  /** The id that must be in the request's path. */
  readonly target: string;
  readonly charge: Charge;
  /** Tokens to reserve for the answer where the model takes no limit. */
  readonly withoutLimit: number | undefined;
  /** Another model will be asked where this one is busy or not to be had: no retries before. */
  readonly fallback: boolean;
  /** Once, when the first attempt goes out. */
  readonly allowed: (maxTokens: number) => void;
  readonly signal: AbortSignal | undefined;
  /** Told the host that each attempt goes to. */
  readonly regions: Pick<Regions, 'arrives'>;
  /** Whether the running attempt was handed to the connection. */
  dispatched: boolean;
}

const CALL = Symbol('spendGuardCall');

export function withCall<T extends object>(args: T, input: object, call: Call): T {
  const sent: T & { [CALL]?: Call } = { ...args, input };
  // Not in the literal: with a computed name V8 makes the whole object the slow way.
  sent[CALL] = call;
  return sent;
}

export function callOf(args: object): Call | undefined {
  return (args as { readonly [CALL]?: Call })[CALL];
}

/** Leaves the SDK's retries, which know nothing of it, for the next model. */
export class Reroute extends Error {
  override readonly name = 'Reroute';

  constructor(readonly failure: unknown) {
    super('another model is asked');
  }
}
