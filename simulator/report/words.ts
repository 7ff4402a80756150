import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import { formatUsd, type NanoUsd } from '../../core/money';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `11 Mar 03:07`, UTC. */
export function day(atMs: number): string {
  const at = new Date(atMs);
  return `${String(at.getUTCDate()).padStart(2)} ${MONTHS[at.getUTCMonth()]} ${at.toISOString().slice(11, 16)}`;
}

/** `9 h 20 min`, `3 days 4 h`. */
export function duration(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  const hours = Math.floor(ms / HOUR_MS);
  if (hours >= 48) return `${Math.floor(hours / 24)} days ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

export function money(amount: NanoUsd): string {
  return formatUsd(amount);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const WIDTH = 118;

/** Breaks a paragraph into lines that fit a terminal; `bullet` stands before the first, blanks before the others. */
export function wrapped(text: string, bullet = '', width = WIDTH): string {
  const lines: string[] = [];
  let line = bullet;
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(bullet.length);
    }
    line += line.length === bullet.length ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Rows of cells, each column as wide as its widest cell; nothing follows the last. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
