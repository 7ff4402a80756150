import { add, formatUsd, ZERO, type NanoUsd } from '../../core/money';
import { aligned } from '../../core/report';
import { share, type SpentBy, type SpentRow } from '../../core/spenders';
import { printable } from '../printable';
import type { Line } from '../result';
import { unknownTexts } from './focus';
import type { Division } from './options';
import { rowName, rowNote, sourceText } from './words';

/** Whoever wants all of ten thousand takes `--csv`. */
const SHOWN = 20;
/** Longer names would push the figures out of sight. */
const LONGEST_NAME = 60;

export function spentLines(spent: SpentBy, by: Division): readonly Line[] {
  const isCounted = spent.source === 'invocationLogs';
  const isByDay = by === 'day';
  const heads = [
    ...[by, 'spent', 'share'],
    ...(isCounted ? ['calls', 'tokens'] : []),
    ...(isByDay ? [] : ['first', 'last']),
  ];
  const shown = isByDay ? spent.rows : shortened(spent);
  const rows = shown.map((row) => [
    ...[row.kind === 'others' ? row.name : clipped(rowName(row, by, spent)), amountText(row), shareText(row)],
    ...(isCounted ? [count(row.calls), count(row.tokens && tokens(row.tokens))] : []),
    ...(isByDay ? [] : [row.from, row.to]),
  ]);
  const total = ['(total)', amountText({ amount: spent.total, atLeast: spent.atLeast })];
  const [head = '', ...lines] = aligned([heads, ...rows, total], 1);
  return [
    `  ${sourceText(spent)}`,
    `  ${head}`,
    ...shown.map((row, at): Line => {
      const text = `  ${lines[at]}  ${row.kind === 'others' ? '' : rowNote(row)}`.trimEnd();
      return row.amount === undefined || row.atLeast ? { text, tone: 'bad' } : text;
    }),
    `  ${lines.at(-1)}`.trimEnd(),
    ...unknownLines(spent),
    ...(spent.toCome === undefined ? [] : [`  to come: ${spent.toCome}`]),
    ...spent.apart.map((one) => `  apart: ${printable(one)}`),
    ...(spent.bytesScanned === undefined ? [] : [`  ${scannedText(spent.bytesScanned)}`]),
  ];
}

/** Logs Insights: $0.005 per GB scanned, list price of us-east-1. */
function scannedText(bytes: number): string {
  const gigabytes = bytes === 0 || bytes >= 5_000_000 ? (bytes / 1e9).toFixed(2) : '<0.01';
  return `Logs Insights scanned ${gigabytes} GB for these days, at $0.005 per GB.`;
}

function unknownLines(spent: Pick<SpentBy, 'unknown'>): readonly Line[] {
  return unknownTexts(spent.unknown).map((text) => ({ text: `  ${text}`, tone: 'bad' }));
}

type ShownRow = SpentRow | (Omit<SpentRow, 'kind'> & { readonly kind: 'others' });

/** The dearest, and the others as one. What nobody's name stands at is always shown. */
function shortened({ rows, total }: SpentBy): readonly ShownRow[] {
  const isNamed = ({ kind }: SpentRow) => kind === 'named' || kind === 'shared';
  const named = rows.filter(isNamed);
  const [first, ...others] = named.slice(SHOWN);
  if (first === undefined) return rows;
  return [...named.slice(0, SHOWN), othersOf([first, ...others], total), ...rows.filter((row) => !isNamed(row))];
}

function othersOf(rows: readonly [SpentRow, ...SpentRow[]], total: NanoUsd | undefined): ShownRow {
  const [first] = rows;
  const priced = rows.flatMap(({ amount }) => amount ?? []);
  const amount = priced.length === 0 ? undefined : priced.reduce(plus, ZERO);
  const days = rows.flatMap(({ from, to }) => [from, to]).sort();
  const sum = (of: (row: SpentRow) => number | undefined) => rows.reduce((so, row) => so + (of(row) ?? 0), 0);
  return {
    kind: 'others',
    name: `(${count(rows.length)} others)`,
    ...(amount === undefined ? {} : { amount }),
    ...(amount === undefined || total === undefined || total <= 0 ? {} : { sharePercent: share(amount, total) }),
    atLeast: rows.some((row) => row.amount === undefined || row.atLeast),
    ...(first.calls === undefined ? {} : { calls: sum(({ calls }) => calls) }),
    ...(first.tokens === undefined
      ? {}
      : {
          tokens: {
            input: sum((row) => row.tokens?.input),
            output: sum((row) => row.tokens?.output),
            cacheRead: sum((row) => row.tokens?.cacheRead),
            cacheWrite: sum((row) => row.tokens?.cacheWrite),
          },
        }),
    from: days[0] ?? first.from,
    to: days.at(-1) ?? first.to,
  };
}

function plus(sum: NanoUsd, amount: NanoUsd): NanoUsd {
  return add(sum, amount);
}

function amountText({ amount, atLeast }: { readonly amount?: NanoUsd | undefined; readonly atLeast: boolean }): string {
  if (amount === undefined) return 'unknown';
  return atLeast ? `at least ${formatUsd(amount)}` : formatUsd(amount);
}

function shareText({ amount, sharePercent }: Pick<SpentRow, 'amount' | 'sharePercent'>): string {
  if (sharePercent === undefined) return '-';
  return sharePercent === 0 && amount !== 0 ? '<0.1%' : `${sharePercent.toFixed(1)}%`;
}

function tokens({ input, output, cacheRead, cacheWrite }: NonNullable<SpentRow['tokens']>): number {
  return input + output + cacheRead + cacheWrite;
}

function count(figure: number | undefined): string {
  return figure === undefined ? '-' : new Intl.NumberFormat('en-US').format(figure);
}

const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

function clipped(name: string): string {
  const characters = Array.from(CHARACTERS.segment(name), ({ segment }) => segment);
  if (characters.length <= LONGEST_NAME) return name;
  // Names that differ do so at either end.
  const half = (LONGEST_NAME - 1) / 2;
  return `${characters.slice(0, Math.ceil(half)).join('')}…${characters.slice(-Math.floor(half)).join('')}`;
}
