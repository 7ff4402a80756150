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

/** What came of a question. A line may be empty; only whoever is asked can break off (Ctrl+C, Ctrl+D). */
export type Reply =
  { readonly kind: 'typed'; readonly text: string } | { readonly kind: 'brokenOff' } | { readonly kind: 'nobody' };

/** On standard error, so that standard output holds the result alone. Nobody is there where neither is a terminal. */
export async function replyOnTerminal(
  question: string,
  input: Readable = process.stdin,
  output: Writable = process.stderr,
): Promise<Reply> {
  if (!input.isTTY || !output.isTTY) return { kind: 'nobody' };
  const reader = createInterface({ input, output, terminal: true });
  // Whether the question is rejected then, or never answered, differs between versions of Node.
  const closed = new Promise<Reply>((resolve) => {
    reader.once('close', () => resolve({ kind: 'brokenOff' }));
  });
  const answer = reader
    .question(question)
    .then((text): Reply => ({ kind: 'typed', text }))
    .catch((error: Error) => {
      if (error.name === 'AbortError') return closed;
      throw error;
    });
  const reply = await Promise.race([answer, closed]);
  reader.close();
  // The answer was not ended by the person's own Enter.
  if (reply.kind === 'brokenOff') output.write('\n');
  return reply;
}

/** @returns undefined where nobody can be asked; empty where the person breaks off */
export async function askOnTerminal(
  question: string,
  input?: Readable,
  output?: Writable,
): Promise<string | undefined> {
  const reply = await replyOnTerminal(question, input, output);
  if (reply.kind === 'nobody') return undefined;
  return reply.kind === 'typed' ? reply.text : '';
}
