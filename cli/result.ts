import type { ExitCode } from './exit-codes';

/** How a line is meant; a terminal may colour it, a log must not need it. */
export type Tone = 'good' | 'warning' | 'bad';

export type Line = string | { readonly text: string; readonly tone: Tone };

/** What a command found or did. It prints nothing: `output.ts` does. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** The answer for programs, printed by `--json` under `schemaVersion` and `command`. Amounts are nano-dollars. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The same answer for people. */
  readonly lines: readonly Line[];
}
