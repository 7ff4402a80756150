import { MINUTE_MS } from '../calendar';
import { COMPONENTS, WIDTH } from './tokens';
import type { PricedModel, UsageRow } from './usage';

/** A row of several minutes that has begun and not ended. */
interface Running {
  /** In minutes since the epoch. */
  readonly start: number;
  readonly count: number;
  readonly model: number;
  readonly totals: readonly number[];
  /** What of it has been used. */
  readonly done: Float64Array;
}

/**
 * A usage minute by minute; asked for minutes that ascend. A row that spans several minutes is spread evenly over them, whole
 * tokens, none lost. Nothing is held but the rows that have begun and not ended.
 */
export class MinuteUsage {
  /** Of the first minute with usage; undefined: nothing was used. */
  readonly firstMinute: number | undefined;
  /** Tokens of the minute asked for last: {@link WIDTH} a model, in the order of the models. */
  readonly tokens: Float64Array;
  private readonly index: ReadonlyMap<string, number>;
  private readonly rows: Iterator<UsageRow>;
  private upcoming: UsageRow | undefined;
  private start = Number.NEGATIVE_INFINITY;
  private end = Number.NEGATIVE_INFINITY;
  private running: Running[] = [];

  /**
   * @param rows in the order of the minutes that they begin in
   * @throws RangeError on a model without a price, and on rows in another order; later also, as they come
   */
  constructor(rows: Iterable<UsageRow>, models: readonly PricedModel[]) {
    this.index = new Map(models.map(({ id }, at) => [id, at]));
    this.tokens = new Float64Array(models.length * WIDTH);
    this.rows = rows[Symbol.iterator]();
    this.proceed();
    this.firstMinute = this.upcoming && this.start;
  }

  /** After the last one; infinite as long as rows are to come. */
  get endMinute(): number {
    return this.upcoming === undefined ? this.end : Number.POSITIVE_INFINITY;
  }

  /** Brings {@link tokens} to a minute. @returns whether anything was used in it */
  at(minute: number): boolean {
    this.tokens.fill(0);
    let any = false;
    for (let row = this.upcoming; row !== undefined && this.start <= minute; row = this.upcoming) {
      const { start } = this;
      const count = Math.max(1, Math.ceil((row.at + row.spanMs) / MINUTE_MS) - start);
      this.end = Math.max(this.end, start + count);
      if (count === 1) {
        this.useWhole(row);
        any = true;
      } else this.begin(row, start, count);
      this.proceed();
    }
    if (this.running.length === 0) return any;
    let ended = false;
    for (const one of this.running) {
      any = this.usePart(one, minute) || any;
      ended ||= one.start + one.count <= minute + 1;
    }
    if (ended) this.running = this.running.filter(({ start, count }) => start + count > minute + 1);
    return any;
  }

  /** The next minute in which something may be used: the given one or a later one; infinite where there is none. */
  nextFrom(minute: number): number {
    if (this.running.length > 0) return minute;
    return this.upcoming === undefined ? Number.POSITIVE_INFINITY : Math.max(minute, this.start);
  }

  private begin(row: UsageRow, start: number, count: number): void {
    this.running.push({
      start,
      count,
      model: this.index.get(row.modelId) ?? 0,
      totals: COMPONENTS.map((component) => row.tokens[component] ?? 0),
      done: new Float64Array(WIDTH),
    });
  }

  private useWhole({ modelId, tokens }: UsageRow): void {
    const offset = (this.index.get(modelId) ?? 0) * WIDTH;
    for (let at = 0; at < WIDTH; at++) {
      const component = COMPONENTS[at];
      if (component === undefined) continue;
      this.tokens[offset + at] = (this.tokens[offset + at] ?? 0) + (tokens[component] ?? 0);
    }
  }

  private usePart({ start, count, model, totals, done }: Running, minute: number): boolean {
    const part = minute - start + 1;
    let any = false;
    for (let at = 0; at < WIDTH; at++) {
      const total = totals[at] ?? 0;
      if (total === 0) continue;
      const until = part >= count ? total : Math.floor((total * part) / count);
      const share = until - (done[at] ?? 0);
      done[at] = until;
      any ||= share > 0;
      this.tokens[model * WIDTH + at] = (this.tokens[model * WIDTH + at] ?? 0) + share;
    }
    return any;
  }

  private proceed(): void {
    let next = this.rows.next();
    while (next.done !== true && isEmpty(next.value)) next = this.rows.next();
    this.upcoming = next.done === true ? undefined : next.value;
    if (this.upcoming === undefined) return;
    const { at, modelId } = this.upcoming;
    if (!this.index.has(modelId)) throw new RangeError(`no price for ${modelId}`);
    const start = Math.floor(at / MINUTE_MS);
    if (start < this.start) throw new RangeError(`the usage at ${at} comes after a later one`);
    this.start = start;
  }
}

/** What used nothing was no call of a model. */
function isEmpty({ tokens }: UsageRow): boolean {
  return tokens.input === 0 && tokens.output === 0 && tokens.cacheRead === 0 && tokens.cacheWrite === 0;
}
