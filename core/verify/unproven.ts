import { ROWS, type RowFinding, type RowId } from './rows';
import type { VerifiedRecord } from './record';

/** What is said at the end of a row's second cell, where an account has shown it. */
const MARK = /;? ?\*\*shown (?:in an account|otherwise) on (\d{4}-\d\d-\d\d)\*\*: .*$/;

/** @returns undefined: the finding settles nothing */
export function markOf({ verdict, text }: RowFinding, day: string): string | undefined {
  const words = text.replaceAll(/\s+/g, ' ').replaceAll('|', '/');
  switch (verdict) {
    case 'shown':
      return `**shown in an account on ${day}**: ${words}`;
    case 'otherwise':
      return `**shown otherwise on ${day}**: ${words}`;
    case 'unsettled':
      return undefined;
  }
}

export interface Updated {
  readonly text: string;
  readonly rows: readonly RowId[];
  /** Rows that a later run has settled already. */
  readonly newer: readonly RowId[];
}

/**
 * docs/unproven.md with what a record settles. A row keeps its own words; what an earlier run showed is replaced.
 * @throws RangeError where the page has no such row
 */
export function updateUnproven(page: string, { at, steps }: VerifiedRecord): Updated {
  const day = at.slice(0, 10);
  const lines = page.split('\n');
  const rows: RowId[] = [];
  const newer: RowId[] = [];
  for (const finding of steps.flatMap(({ findings }) => findings)) {
    const mark = markOf(finding, day);
    if (mark === undefined) continue;
    const index = lines.findIndex((line) => cellsOf(line)?.[0] === ROWS[finding.row]);
    const cells = cellsOf(lines[index] ?? '');
    if (!cells) throw new RangeError(`no row '${ROWS[finding.row]}'`);
    const [what = '', sure = '', ...rest] = cells;
    if ((MARK.exec(sure)?.[1] ?? '') > day) {
      newer.push(finding.row);
      continue;
    }
    lines[index] = `| ${[what, `${sure.replace(MARK, '')}; ${mark}`, ...rest].join(' | ')} |`;
    rows.push(finding.row);
  }
  return { text: lines.join('\n'), rows, newer };
}

function cellsOf(line: string): readonly string[] | undefined {
  if (!line.startsWith('| ')) return undefined;
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
