import { oneLine } from '../notice';

/** A message of SNS, as Lambda is given it. */
export interface Incoming {
  readonly topicArn: string;
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly attributes: Readonly<Record<string, string>>;
}

const MOST_LINES = 12;

/** The first lines of a text, each in short, and how many are not there. */
export function linesOf(text: string): readonly string[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => oneLine(line))
    .filter((line) => line !== '');
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES - 1), `and ${lines.length - MOST_LINES + 1} lines more: see the mail`];
}
