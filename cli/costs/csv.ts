import { FOCUS_COLUMNS, type FocusColumn, type FocusRow, type SpentBy, type SpentRow } from '../../core/spenders';
import type { NanoUsd } from '../../core/money';
import { csvLine, exactUsd, type Cell } from '../csv';
import type { Part } from '../each';
import { printable } from '../printable';
import type { Line } from '../result';
import type { Division } from './options';
import { rowName, rowNote } from './words';

const HEADS = [
  ...['environment', 'row', 'name', 'from', 'to', 'spent_usd', 'share_percent', 'calls'],
  ...['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'note'],
];

/** Every row, what is unknown, and the total, of each environment. */
export function spentCsv(parts: readonly Part<SpentBy>[], by: Division): readonly Line[] {
  const records = parts.flatMap((part): Cell[][] =>
    part.kind === 'failed'
      ? // Whoever adds up the file must see that an environment is missing.
        [withNote(part.environment, 'unknown', part.message)]
      : [
          ...part.value.rows.map((row) => recordOf(part.environment, row, by, part.value)),
          ...part.value.unknown.map((one) => withNote(part.environment, 'unknown', `unknown: ${printable(one)}`)),
          ...(part.value.toCome === undefined ? [] : [withNote(part.environment, 'toCome', part.value.toCome)]),
          ...part.value.apart.map((one) => withNote(part.environment, 'apart', printable(one))),
          totalOf(part.environment, part.value),
        ],
  );
  return [HEADS, ...records].map(csvLine);
}

/** A line of FOCUS each. Null is an empty cell. */
export function focusCsv(rows: readonly FocusRow[]): readonly Line[] {
  return [FOCUS_COLUMNS, ...rows.map((row) => FOCUS_COLUMNS.map((column) => focusCell(column, row[column])))].map(
    csvLine,
  );
}

/** Amounts of money among FOCUS's metrics; its other numbers are counts. */
const COSTS: ReadonlySet<FocusColumn> = new Set(['BilledCost', 'ContractedCost', 'EffectiveCost', 'ListCost']);

function focusCell(column: FocusColumn, value: string | number | undefined): Cell {
  if (value === undefined) return '';
  if (typeof value === 'string') return printable(value);
  return { figure: COSTS.has(column) ? exactUsd(value as NanoUsd) : String(value) };
}

function recordOf(environment: string, row: SpentRow, by: Division, spent: SpentBy): Cell[] {
  const { kind, from, to, amount, sharePercent, calls, tokens } = row;
  return [
    ...[environment, kind, rowName(row, by, spent), from, to],
    ...[amount === undefined ? '' : { figure: exactUsd(amount) }, figure(sharePercent?.toFixed(1)), figure(calls)],
    ...[tokens?.input, tokens?.output, tokens?.cacheRead, tokens?.cacheWrite].map(figure),
    rowNote(row),
  ];
}

function totalOf(environment: string, spent: SpentBy): Cell[] {
  const { total } = spent;
  return [
    ...[environment, 'total', '(total)', '', ''],
    ...[total === undefined ? '' : { figure: exactUsd(total) }, '', '', '', '', '', '', totalNote(spent)],
  ];
}

function totalNote({ total, atLeast, unknown, toCome }: SpentBy): string {
  if (total === undefined) return 'unknown';
  if (!atLeast) return '';
  return unknown.length > 0 || toCome === undefined
    ? 'at least: see the rows of kind unknown'
    : 'at least: see the rows of kind toCome';
}

function withNote(environment: string, kind: string, note: string): Cell[] {
  return [environment, kind, '', '', '', '', '', '', '', '', '', '', note];
}

function figure(value: number | string | undefined): Cell {
  return value === undefined ? '' : { figure: String(value) };
}
