import { NANO_PER_USD, type NanoUsd } from '../core/money';

/** Text, or a figure that {@link exactUsd} has made. */
export type Cell = string | { readonly figure: string };

/** What spreadsheets take for a formula where a cell begins with it (OWASP ASVS 1.2.10). */
const FORMULA = /^[=+\-@\t\r\0]/;

/** One record by RFC 4180, without its line break, which is {@link CSV_LINE_END}. */
export function csvRecord(cells: readonly Cell[]): string {
  return cells.map((cell) => (typeof cell === 'string' ? quoted(harmless(cell)) : cell.figure)).join(',');
}

export const CSV_LINE_END = '\r\n';

/** The same as a line of an answer: what prints it ends each line with a line feed. */
export function csvLine(cells: readonly Cell[]): string {
  return `${csvRecord(cells)}${CSV_LINE_END.replace('\n', '')}`;
}

/** `12.50`, `-3.000000001`: every digit that there is, and cents in any case. */
export function exactUsd(amount: NanoUsd): string {
  const nano = BigInt(Math.abs(amount));
  const whole = nano / BigInt(NANO_PER_USD);
  const fraction = (nano % BigInt(NANO_PER_USD))
    .toString()
    .padStart(9, '0')
    .replace(/0{1,7}$/, '');
  return `${amount < 0 ? '-' : ''}${whole}.${fraction}`;
}

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
