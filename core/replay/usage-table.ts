import { DAY_MS, MINUTE_MS } from '../calendar';
import type { AnswerUsage } from '../in-path/usage';
import type { UsageRow } from './usage';

const MINUTES_A_DAY = DAY_MS / MINUTE_MS;
const KINDS = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite5m', 'cacheWrite1h', 'calls'] as const;
type Kind = (typeof KINDS)[number];
const LARGEST_WORD = 0xffff_ffff;

/**
 * A usage by series, in memory that grows with the days and the sums in it, never with its rows: calls add up in the UTC
 * minute that they fall in, sums by where they begin and how many minutes they stand for. Read as often as it is asked for.
 */
export class UsageTable implements Iterable<UsageRow> {
  private readonly series = new Map<string, Series>();

  /** @throws RangeError where a series' tokens of one kind are more than a number holds exactly */
  add(series: string, at: number, spanMs: number, tokens: AnswerUsage, calls: number): void {
    const found = this.series.get(series) ?? new Series();
    this.series.set(series, found);
    found.add(at, spanMs, tokens, calls);
  }

  get seriesIds(): readonly string[] {
    return [...this.series.keys()];
  }

  /** Of a series, all together. */
  totals(series: string): UsageRow['tokens'] & { readonly calls: number } {
    return { ...(this.series.get(series) ?? new Series()).totals };
  }

  /** The rows of some series. */
  of(series: ReadonlySet<string>): Iterable<UsageRow> {
    const all = this.series;
    return {
      *[Symbol.iterator]() {
        for (const [id, one] of all) if (series.has(id)) yield* one.rows(id);
      },
    };
  }

  [Symbol.iterator](): Iterator<UsageRow> {
    return this.of(new Set(this.series.keys()))[Symbol.iterator]();
  }
}

type Amounts = Record<Kind, number>;

class Series {
  readonly totals: Amounts = none();
  private readonly days = new Map<number, Day>();
  private readonly sums = new Map<string, Amounts & { readonly at: number; readonly spanMs: number }>();

  add(at: number, spanMs: number, tokens: AnswerUsage, calls: number): void {
    const start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const minutes = Math.ceil((at + spanMs - start) / MINUTE_MS);
    const isCall = spanMs === 0 || minutes <= 1;
    const day = isCall ? this.day(start) : undefined;
    for (const kind of KINDS) {
      const amount = kind === 'calls' ? calls : (tokens[kind] ?? 0);
      if (amount === 0) continue;
      this.totals[kind] += amount;
      if (!Number.isSafeInteger(this.totals[kind])) throw new RangeError(`more ${kind} than a number holds exactly`);
      if (day !== undefined) day.add(kind, start, amount);
      else this.sum(start, minutes * MINUTE_MS)[kind] += amount;
    }
  }

  *rows(modelId: string): Iterable<UsageRow> {
    for (const [number, day] of this.days) yield* day.rows(modelId, number * DAY_MS);
    for (const { at, spanMs, ...amounts } of this.sums.values()) yield row(modelId, at, spanMs, amounts);
  }

  private day(at: number): Day {
    const number = Math.floor(at / DAY_MS);
    const found = this.days.get(number) ?? new Day();
    this.days.set(number, found);
    return found;
  }

  private sum(at: number, spanMs: number): Amounts {
    const key = `${at}/${spanMs}`;
    const found = this.sums.get(key) ?? { ...none(), at, spanMs };
    this.sums.set(key, found);
    return found;
  }
}

/** The minutes of a day, by kind; a kind that never comes takes no room, and one of small amounts half of it. */
class Day {
  private readonly kinds: Partial<Record<Kind, Uint32Array | Float64Array>> = {};

  add(kind: Kind, at: number, amount: number): void {
    const minute = (at % DAY_MS) / MINUTE_MS;
    const column = this.kinds[kind] ?? new Uint32Array(MINUTES_A_DAY);
    const sum = (column[minute] ?? 0) + amount;
    const holding = sum > LARGEST_WORD && column instanceof Uint32Array ? Float64Array.from(column) : column;
    holding[minute] = sum;
    this.kinds[kind] = holding;
  }

  *rows(modelId: string, from: number): Iterable<UsageRow> {
    const columns = KINDS.flatMap((kind) => {
      const column = this.kinds[kind];
      return column === undefined ? [] : [{ kind, column }];
    });
    for (let minute = 0; minute < MINUTES_A_DAY; minute++) {
      let amounts: Amounts | undefined;
      for (const { kind, column } of columns) {
        const amount = column[minute] ?? 0;
        if (amount === 0) continue;
        amounts ??= none();
        amounts[kind] = amount;
      }
      if (amounts !== undefined) yield row(modelId, from + minute * MINUTE_MS, 0, amounts);
    }
  }
}

function none(): Amounts {
  return { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite5m: 0, cacheWrite1h: 0, calls: 0 };
}

function row(modelId: string, at: number, spanMs: number, { calls, ...tokens }: Amounts): UsageRow {
  return { at, spanMs, modelId, calls, tokens };
}
