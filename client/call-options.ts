import type { Tier } from '../core/in-path';
import type { BudgetPath } from '../core/shared-budgets';

/** What one call asks of the guard; what is absent is as the plugin's options say. */
export interface CallOptions {
  /**
   * What is charged, such as `search/nightly`, and with it all that it is within; empty: the environment's own alone.
   * @default the environment variable SPEND_GUARD_BUDGET, else the environment's own
   */
  readonly budget?: BudgetPath;
  /** false: neither answered from the cache nor kept in it. true, of one call: also where it samples. */
  readonly cache?: boolean;
  /**
   * Whether answers are kept, and given to others who ask the same, where the caller sets a temperature or top_p above 0 or
   * asks for several.
   * @default false
   */
  readonly cacheSampled?: boolean;
  /** While the environment is degraded, a small model may answer for a large one. Converse and ConverseStream only. */
  readonly allowSmaller?: boolean;
  /**
   * Which tier to ask first; where it fails, the next dearer one. `auto`: by the request's size. Absent: the model named,
   * and no other. Converse and ConverseStream only.
   */
  readonly tier?: Tier | 'auto' | undefined;
  /** The dearest tier that may answer. @default 'large' */
  readonly upTo?: Tier;
}

/**
 * By the command's input, in one place for the process: an application that both imports and requires the package has two
 * copies of this file.
 */
const KEPT = Symbol.for('bedrock-spend-guard-client/call-options');
const shared = globalThis as { [KEPT]?: WeakMap<object, CallOptions> };
const optionsOf = (shared[KEPT] ??= new WeakMap());

/** `client.send(withGuard(new ConverseCommand(…), { cache: false }))`. Returns the command. */
export function withGuard<T extends { readonly input: object }>(command: T, options: CallOptions): T {
  optionsOf.set(command.input, options);
  return command;
}

/** Undefined where the call has none. */
export function ownOptions(input: object): CallOptions | undefined {
  return optionsOf.get(input);
}
