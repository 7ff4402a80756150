import type { Notice } from './notice-types';

/** A chat shows about so much; whoever wants more has the mail. */
const LONGEST = { id: 500, title: 200, line: 500, who: 300 } as const;
/** With the line that says how many were left out. */
const MOST_LINES = 12;

/** Of one line, without what moves or hides text: names of people and roles may hold anything. */
export function oneLine(text: string, longest: number = LONGEST.line): string {
  // Controls, marks that turn the direction of what follows, and halves of characters.
  const plain = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/gu, ' ')
    .replace(/\p{Cs}/gu, '?')
    .trim();
  if (plain.length <= longest) return plain;
  const cut = plain.slice(0, longest - 3);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}...`;
}

function lines(all: readonly string[]): readonly string[] {
  const plain = all.map((line) => oneLine(line)).filter((line) => line !== '');
  if (plain.length <= MOST_LINES) return plain;
  const shown = plain.slice(0, MOST_LINES - 1);
  return [...shown, `and ${plain.length - shown.length} lines more: see the mail`];
}

/** What a notice may hold: short, and each text of one line. The same where it is so already. */
export function shortNotice(notice: Notice): Notice {
  const { who, runbook } = notice;
  return {
    ...notice,
    key: oneLine(notice.key, LONGEST.id),
    fact: oneLine(notice.fact, LONGEST.id),
    title: oneLine(notice.title, LONGEST.title),
    happened: lines(notice.happened),
    todo: lines(notice.todo),
    ...(who !== undefined && { who: oneLine(who, LONGEST.who) }),
    ...(runbook !== undefined && { runbook: oneLine(runbook, LONGEST.title) }),
  };
}

/** Where many come at once: what it is about, and how it stands. */
export function bareNotice(notice: Notice): Notice {
  const { happened: _, todo: _todo, who: _who, ...bare } = shortNotice(notice);
  return { ...bare, happened: [], todo: [] };
}
