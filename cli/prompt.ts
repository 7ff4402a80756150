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

/** On standard error, so that standard output holds the result alone. */
export async function askOnTerminal(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}
