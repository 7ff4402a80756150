import { createInterface } from 'node:readline/promises';
import { DeclinedError } from './errors';

/** Asks a person for a line; undefined where there is nobody to ask. */
export type Ask = (question: string) => Promise<string | undefined>;

/**
 * Goes on only with consent: `--yes`, or a person who answers yes.
 * @throws DeclinedError otherwise; a pipeline without `--yes` never acts
 */
export async function confirm(question: string, yes: boolean, ask: Ask): Promise<void> {
  if (yes) return;
  const answer = await ask(`${question} [y/N] `);
  if (answer === undefined) {
    throw new DeclinedError(`${question}: nobody can be asked here, as this is no terminal; add --yes to go ahead`);
  }
  if (!/^y(es)?$/i.test(answer.trim())) throw new DeclinedError('Declined: nothing was done.');
}

type Readable = NodeJS.ReadableStream & { readonly isTTY?: boolean };
type Writable = NodeJS.WritableStream & { readonly isTTY?: boolean };

/**
 * On standard error, so that standard output holds the result alone.
 * @returns undefined where neither is a terminal; empty where the person breaks off (Ctrl+C, Ctrl+D)
 */
export async function askOnTerminal(
  question: string,
  input: Readable = process.stdin,
  output: Writable = process.stderr,
): Promise<string | undefined> {
  if (!input.isTTY || !output.isTTY) return undefined;
  const reader = createInterface({ input, output, terminal: true });
  // Whether the question is rejected then, or never answered, differs between versions of Node.
  const closed = new Promise<string>((resolve) => {
    reader.once('close', () => resolve(''));
  });
  const answer = reader.question(question).catch((error: Error) => {
    if (error.name === 'AbortError') return closed;
    throw error;
  });
  const given = await Promise.race([answer, closed]);
  reader.close();
  // The answer was not ended by the person's own Enter.
  if (given === '') output.write('\n');
  return given;
}
