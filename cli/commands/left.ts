import type { ExitCode } from '../exit-codes';
import type { CommandResult } from '../result';
import { UsageError } from '../errors';

export interface LeftOptions {
  readonly url: string;
  readonly json?: boolean | undefined;
  readonly claudeCode?: boolean | undefined;
}

/** What of `cli/quick/left.js` is used here; it is JavaScript, as nothing may be compiled before it runs. */
interface Quick {
  left(
    options: { readonly url: string; readonly json: boolean; readonly claudeCode: boolean },
    outside: { readonly env: NodeJS.ProcessEnv; readonly stdin: NodeJS.ReadStream; elapsedMs(): number },
  ): Promise<{
    readonly exitCode: ExitCode;
    readonly line: string;
    readonly data?: Readonly<Record<string, unknown>>;
    readonly error?: { readonly code: string; readonly message: string };
  }>;
}

/** What the tightest budget has left, by the server on this machine. */
export async function left({ url, json = false, claudeCode = false }: LeftOptions): Promise<CommandResult> {
  const quick = require('../quick/left.js') as Quick;
  // This program has taken longer to start than the line may: the server gets the whole time.
  const outside = { env: process.env, stdin: process.stdin, elapsedMs: () => 0 };
  const { exitCode, line, data, error } = await quick.left({ url, json, claudeCode }, outside);
  if (error?.code === 'USAGE') throw new UsageError(error.message);
  return { exitCode, data: data ?? { error }, lines: [line] };
}
