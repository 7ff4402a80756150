import { utcTime } from '../calendar';
import { asPercent, formatUsd } from '../money';
import type { Notice, NoticeSpend } from '../notice';
import type { Home } from './home';

/** A message as every channel tells it: texts are plain, of one line each, and escaped by each format. */
export interface Telling {
  /** With environment and severity as words: who sees no colour reads the same. */
  readonly headline: string;
  readonly word: Word;
  /** Labels are ours, lines are not. */
  readonly parts: readonly Part[];
}

export interface Part {
  readonly label: string;
  readonly lines: readonly string[];
}

/** How it stands, for people. */
export type Word = 'CRITICAL' | 'WARNING' | 'INFO' | 'OVER';

export interface HowToTell {
  readonly home?: Home;
  /** No answer came to the first: whoever has seen it must know that it is the same. */
  readonly isAgain?: boolean;
  /** As short as can be: the channel's service did not take the whole. */
  readonly isPlain?: boolean;
}

export const AGAIN = 'Sent again: no answer came to the first.';

export function tellingOf(notice: Notice, { home, isAgain = false, isPlain = false }: HowToTell = {}): Telling {
  const word = wordOf(notice);
  const { environment, title, happened, spend, todo, who, runbook, at } = notice;
  const part = (label: string, ...lines: readonly (string | undefined)[]): readonly Part[] => {
    const said = lines.filter((line) => line !== undefined && line !== '');
    return said.length === 0 ? [] : [{ label, lines: said as readonly string[] }];
  };
  const shown = isPlain ? [] : [...part('What happened', ...happened), ...part('What to do', ...numbered(todo))];
  return {
    headline: `${word}: ${environment}: ${title}`,
    word,
    parts: [
      ...part('Note', isAgain ? AGAIN : undefined),
      ...part('Environment', [environment, ...(home ? [`account ${home.account}`, home.region] : [])].join(', ')),
      ...part('Spend', spend && spendLine(spend)),
      ...shown,
      ...part('Who may', isPlain ? undefined : who),
      ...part('Runbook', runbook && `docs/runbook.md, "${runbook}"`),
      ...part('When', utcTime(at)),
    ],
  };
}

export function wordOf({ status, urgency }: Notice): Word {
  if (status === 'resolved') return 'OVER';
  switch (urgency) {
    case 'critical':
      return 'CRITICAL';
    case 'warning':
      return 'WARNING';
    case 'info':
      return 'INFO';
  }
}

/** `$41.20 of $50.00 (82%)`; rounded down, so that no limit shows as reached before it is. */
export function spendLine({ amount, limit, lowerBound = false }: NoticeSpend): string {
  const of = limit > 0 ? ` (${Math.floor(asPercent(amount, limit))}%)` : '';
  return `${lowerBound ? 'at least ' : ''}${formatUsd(amount)} of ${formatUsd(limit)}${of}`;
}

function numbered(steps: readonly string[]): readonly string[] {
  return steps.length < 2 ? steps : steps.map((step, at) => `${at + 1}. ${step}`);
}

/** At most so many characters of UTF-16, and no half of one. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest - 3);
  return `${/[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head}...`;
}
