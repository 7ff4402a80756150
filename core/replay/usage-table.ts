import { DAY_MS, MINUTE_MS } from '../calendar';
import type { AnswerUsage } from '../in-path';
import { Columns, DaySums } from './columns';
import { COMPONENTS, noTokens, type Tokens } from './tokens';
import type { UsageRow } from './usage';

const MINUTES_A_DAY = DAY_MS / MINUTE_MS;

/**
 * A usage by series, in memory that grows with the days and the sums in it, never with its rows: calls add up in the UTC
 * minute that they fall in, sums by where they begin and how many minutes they stand for. Read as often as it is asked for,
 * in the order of the minutes that its rows begin in.
 */
export class UsageTable implements Iterable<UsageRow> {
  private readonly series = new Map<string, Series>();

  /** @throws RangeError where a series' tokens of one kind are more than a number holds exactly */
  add(series: string, at: number, spanMs: number, tokens: AnswerUsage): void {
    let found = this.series.get(series);
    if (found === undefined) this.series.set(series, (found = new Series()));
    found.add(at, spanMs, tokens);
  }

  get seriesIds(): readonly string[] {
    return [...this.series.keys()];
  }

  /** Of a series, all together. */
  totals(series: string): Readonly<Tokens> {
    return { ...(this.series.get(series)?.totals ?? noTokens()) };
  }

  /** The rows of some series. */
  of(series: ReadonlySet<string>): Iterable<UsageRow> {
    const chosen = [...this.series].filter(([id]) => series.has(id));
    return { [Symbol.iterator]: () => inOrder(chosen) };
  }

  [Symbol.iterator](): Iterator<UsageRow> {
    return inOrder([...this.series]);
  }
}

class Series {
  readonly totals = noTokens();
  readonly days = new Map<number, Day>();

  add(at: number, spanMs: number, tokens: AnswerUsage): void {
    const start = Math.floor(at / MINUTE_MS);
    const minutes = spanMs === 0 ? 0 : Math.ceil((at + spanMs) / MINUTE_MS) - start;
    const number = Math.floor(start / MINUTES_A_DAY);
    let day = this.days.get(number);
    if (day === undefined) this.days.set(number, (day = { calls: new Columns(MINUTES_A_DAY), sums: new DaySums() }));
    for (const component of COMPONENTS) {
      const amount = tokens[component] ?? 0;
      if (amount === 0) continue;
      this.totals[component] += amount;
      if (!Number.isSafeInteger(this.totals[component]))
        throw new RangeError(`more ${component} than a number holds exactly`);
      const minute = start - number * MINUTES_A_DAY;
      if (minutes <= 1) day.calls.add(component, minute, amount);
      else day.sums.add(component, minute, minutes, amount);
    }
  }
}

/** Of one series. */
interface Day {
  readonly calls: Columns;
  readonly sums: DaySums;
}

function* inOrder(all: readonly (readonly [string, Series])[]): Generator<UsageRow> {
  const numbers = new Set(all.flatMap(([, { days }]) => [...days.keys()]));
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const days = all.flatMap(([modelId, one]) => {
      const day = one.days.get(number);
      return day === undefined ? [] : [{ modelId, ...day, next: 0 }];
    });
    for (let minute = 0; minute < MINUTES_A_DAY; minute++) {
      const at = number * DAY_MS + minute * MINUTE_MS;
      for (const day of days) {
        const { modelId, calls, sums } = day;
        const tokens = calls.at(minute);
        if (tokens !== undefined) yield { at, spanMs: 0, modelId, tokens };
        for (; sums.startOf(day.next) === minute; day.next++) {
          yield { at, spanMs: sums.minutesOf(day.next) * MINUTE_MS, modelId, tokens: sums.at(day.next) };
        }
      }
    }
  }
}
