import { MINUTE_MS } from '../../core/calendar';
import type { UsageTable } from '../../core/replay';
import type { Line } from '../result';
import type { ReadRow } from './formats/format';
import { Repeats } from './repeats';

export interface UsageRead {
  readonly table: UsageTable;
  readonly reading: UsageReading;
}

/** How a file was read. */
export interface UsageReading {
  readonly format: string;
  readonly kind: 'table' | 'json' | 'jsonLines';
  readonly packed: 'gzip' | undefined;
  readonly rows: number;
  /** Rows that are calls, each at its time. */
  readonly calls: number;
  /** The other rows, by the minutes that they stand for, the most first. */
  readonly sums: readonly { readonly minutes: number; readonly rows: number }[];
  /** The first instant, and the end of the last row. */
  readonly first: string;
  readonly last: string;
  readonly leftOut: readonly { readonly why: string; readonly rows: number }[];
  readonly columnsNotRead: readonly string[];
  readonly lacks: readonly string[];
  readonly remarks: readonly string[];
  /** Rows that repeat another one. */
  readonly repeats: number;
  /** Of a long file a sample is compared. */
  readonly repeatsAreEstimated: boolean;
}

/** Counts up how the rows were read. */
export class Account {
  rows = 0;
  private calls = 0;
  private first = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;
  private hasCache = false;
  private readonly spans = new Map<number, number>();
  private readonly leftOutRows = new Map<string, number>();
  private readonly columns = new Set<string>();
  private readonly repeats = new Repeats();

  add(row: ReadRow): void {
    this.rows += 1;
    const minutes = row.spanMs / MINUTE_MS;
    if (row.spanMs === 0) this.calls += 1;
    // Lengths that all differ are not worth a line each.
    else
      this.spans.set(
        this.spans.size < 50 ? minutes : -1,
        (this.spans.get(this.spans.size < 50 ? minutes : -1) ?? 0) + 1,
      );
    if (row.at < this.first) this.first = row.at;
    if (row.at + row.spanMs > this.last) this.last = row.at + row.spanMs;
    this.hasCache ||= row.tokens.cacheRead + row.tokens.cacheWrite > 0;
    this.repeats.add(row);
  }

  leftOut(why: string): void {
    this.leftOutRows.set(why, (this.leftOutRows.get(why) ?? 0) + 1);
  }

  notRead(names: readonly string[]): void {
    for (const name of names) this.columns.add(name);
  }

  leftOutText(): string {
    return [...this.leftOutRows].map(([why, rows]) => `${rows} left out: ${why}`).join('; ');
  }

  reading(of: Pick<UsageReading, 'format' | 'kind' | 'packed' | 'lacks' | 'remarks'>): UsageReading {
    return {
      ...of,
      lacks: [...of.lacks, ...(this.hasCache ? [] : ['cache tokens: the file has none, so none are counted'])],
      rows: this.rows,
      calls: this.calls,
      sums: [...this.spans].map(([minutes, rows]) => ({ minutes, rows })).sort((a, b) => b.rows - a.rows),
      first: new Date(this.first).toISOString(),
      last: new Date(this.last).toISOString(),
      leftOut: [...this.leftOutRows].map(([why, rows]) => ({ why, rows })),
      columnsNotRead: [...this.columns],
      repeats: this.repeats.count,
      repeatsAreEstimated: this.repeats.isSample,
    };
  }
}

const MOST_SUMS = 3;

/** For people. */
export function readingLines({ format, packed, rows, calls, sums, ...more }: UsageReading): readonly Line[] {
  const kinds = [
    ...(calls > 0 ? [`${calls} ${calls === 1 ? 'call' : 'calls'}, each at its time`] : []),
    ...sums
      .slice(0, MOST_SUMS)
      .map((one) => `${one.rows} ${one.rows === 1 ? 'sum' : 'sums'} of ${spanText(one.minutes)}`),
    ...(sums.length > MOST_SUMS ? [`${sums.length - MOST_SUMS} further lengths`] : []),
  ];
  return [
    `Read as ${format}${packed === undefined ? '' : `, in ${packed}`}: ${rows} rows, ${kinds.join('; ')}`,
    `  from ${more.first} to ${more.last}`,
    ...more.leftOut.map(({ why, rows: left }) => `  ${left} left out: ${why}`),
    ...(more.columnsNotRead.length === 0 ? [] : [`  not read: ${more.columnsNotRead.slice(0, 10).join(', ')}`]),
    ...(more.lacks.length === 0 ? [] : [`  it does not tell: ${more.lacks.join('; ')}`]),
    ...more.remarks.map((text) => `  ${text}`),
    ...(more.repeats === 0
      ? []
      : [
          {
            text: `  ${more.repeatsAreEstimated ? 'about ' : ''}${more.repeats} ${more.repeats === 1 ? 'row repeats' : 'rows repeat'} another one exactly: right for calls of the same second, counted twice where exports overlap`,
            tone: 'warning' as const,
          },
        ]),
  ];
}

function spanText(minutes: number): string {
  if (minutes < 0) return 'other lengths';
  if (minutes % 1_440 === 0) return minutes === 1_440 ? 'a day' : `${minutes / 1_440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'an hour' : `${minutes / 60} hours`;
  return minutes === 1 ? 'a minute' : `${Math.round(minutes * 10) / 10} minutes`;
}
