import { DAY_MS, MINUTE_MS } from '../calendar';
import type { PricedModel, UsageRow } from './usage';

/** What a model's tokens are counted apart by, in the order of the columns here; the last two are parts of `cacheWrite`. */
export const COMPONENTS = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite5m', 'cacheWrite1h'] as const;
export const WIDTH = COMPONENTS.length;

const MINUTES_A_DAY = DAY_MS / MINUTE_MS;
/** What is held at a time: about 20 MB. A usage with more is read again for each stretch of days. */
const MOST_PIECES = 400_000;

/** A row that has begun and not ended, and what of it has been used. */
interface Running {
  readonly piece: number;
  readonly columns: Columns;
  readonly done: Float64Array;
}

/**
 * A usage minute by minute, in order of time, whatever order its rows are in; asked for minutes that ascend. A row that spans several
 * minutes is spread evenly over them, whole tokens, none lost. Memory does not grow with the rows.
 */
export class MinuteUsage {
  /** Of the first minute with usage; undefined: nothing was used. */
  readonly firstMinute: number | undefined;
  /** After the last one. */
  readonly endMinute: number;
  /** Tokens of the minute asked for last: {@link WIDTH} a model, in the order of the models. */
  readonly tokens: Float64Array;
  private readonly index: ReadonlyMap<string, number>;
  /** By first day, ascending: from it up to the next one's is held at a time. */
  private readonly stretches: readonly number[];
  private stretch = -1;
  private columns = new Columns(0);
  private order = new Uint32Array();
  private next = 0;
  private running: Running[] = [];

  /**
   * @param rows read several times where they are many
   * @throws RangeError on a model without a price
   */
  constructor(
    private readonly rows: Iterable<UsageRow>,
    models: readonly PricedModel[],
  ) {
    this.index = new Map(models.map(({ id }, at) => [id, at]));
    this.tokens = new Float64Array(models.length * WIDTH);
    let first = Number.POSITIVE_INFINITY;
    let end = Number.NEGATIVE_INFINITY;
    const days = new Map<number, number>();
    for (const row of rows) {
      if (!this.index.has(row.modelId)) throw new RangeError(`no price for ${row.modelId}`);
      if (isEmpty(row)) continue;
      const start = startOf(row);
      first = Math.min(first, start);
      end = Math.max(end, start + minutesOf(row));
      const day = Math.floor(start / MINUTES_A_DAY);
      days.set(day, (days.get(day) ?? 0) + 1);
    }
    this.firstMinute = days.size === 0 ? undefined : first;
    this.endMinute = end;
    this.stretches = stretchesOf(days);
  }

  /** Brings {@link tokens} to a minute. @returns whether anything was used in it */
  at(minute: number): boolean {
    this.tokens.fill(0);
    let any = false;
    for (let piece = this.upcoming(); piece !== undefined && this.startOf(piece) <= minute; piece = this.upcoming()) {
      const { columns } = this;
      this.next += 1;
      if (columns.counts[piece] === 1) any = this.use(columns, piece, minute) || any;
      else this.running.push({ piece, columns, done: new Float64Array(WIDTH) });
    }
    if (this.running.length === 0) return any;
    let ended = false;
    for (const { piece, columns, done } of this.running) {
      any = this.use(columns, piece, minute, done) || any;
      ended ||= endOf(columns, piece) <= minute + 1;
    }
    if (ended) this.running = this.running.filter(({ piece, columns }) => endOf(columns, piece) > minute + 1);
    return any;
  }

  /** @param done what has been used of it before, brought forward; absent: it is of one minute */
  private use(columns: Columns, piece: number, minute: number, done?: Float64Array): boolean {
    const count = columns.counts[piece] ?? 1;
    const part = minute - (columns.starts[piece] ?? minute) + 1;
    const offset = (columns.models[piece] ?? 0) * WIDTH;
    let any = false;
    for (let at = 0; at < WIDTH; at++) {
      const total = columns.tokens[piece * WIDTH + at] ?? 0;
      if (total === 0) continue;
      const until = part >= count ? total : Math.floor((total * part) / count);
      const share = until - (done?.[at] ?? 0);
      if (done !== undefined) done[at] = until;
      any ||= share > 0;
      this.tokens[offset + at] = (this.tokens[offset + at] ?? 0) + share;
    }
    return any;
  }

  /** The next minute in which something may be used: the given one or a later one; infinite where there is none. */
  nextFrom(minute: number): number {
    if (this.running.length > 0) return minute;
    const piece = this.upcoming();
    return piece === undefined ? Number.POSITIVE_INFINITY : Math.max(minute, this.startOf(piece));
  }

  private startOf(piece: number): number {
    return this.columns.starts[piece] ?? Number.POSITIVE_INFINITY;
  }

  /** The piece that begins next, of the next stretch where this one is over. */
  private upcoming(): number | undefined {
    while (this.next >= this.order.length && this.stretch + 1 < this.stretches.length) {
      this.stretch += 1;
      this.load(this.stretches[this.stretch] ?? 0, this.stretches[this.stretch + 1] ?? Number.POSITIVE_INFINITY);
    }
    return this.order[this.next];
  }

  private load(fromDay: number, toDay: number): void {
    const columns = new Columns(1024);
    for (const row of this.rows) {
      if (isEmpty(row)) continue;
      const start = startOf(row);
      if (start < fromDay * MINUTES_A_DAY || start >= toDay * MINUTES_A_DAY) continue;
      columns.add(start, minutesOf(row), this.index.get(row.modelId) ?? 0, row);
    }
    const { starts } = columns;
    this.columns = columns;
    this.order = Uint32Array.from({ length: columns.length }, (_, at) => at).sort(
      (a, b) => (starts[a] ?? 0) - (starts[b] ?? 0),
    );
    this.next = 0;
  }
}

/** Rows in columns: a tenth of what they take as objects. */
class Columns {
  length = 0;
  /** In minutes since the epoch. */
  starts: Float64Array;
  counts: Float64Array;
  models: Uint32Array;
  tokens: Float64Array;

  constructor(size: number) {
    this.starts = new Float64Array(size);
    this.counts = new Float64Array(size);
    this.models = new Uint32Array(size);
    this.tokens = new Float64Array(size * WIDTH);
  }

  add(start: number, count: number, model: number, { tokens }: UsageRow): void {
    if (this.length === this.starts.length) this.grow();
    this.starts[this.length] = start;
    this.counts[this.length] = count;
    this.models[this.length] = model;
    const at = this.length * WIDTH;
    this.tokens[at] = tokens.input;
    this.tokens[at + 1] = tokens.output;
    this.tokens[at + 2] = tokens.cacheRead;
    this.tokens[at + 3] = tokens.cacheWrite;
    this.tokens[at + 4] = tokens.cacheWrite5m ?? 0;
    this.tokens[at + 5] = tokens.cacheWrite1h ?? 0;
    this.length += 1;
  }

  private grow(): void {
    const size = 2 * this.starts.length;
    const { starts, counts, models, tokens } = this;
    this.starts = new Float64Array(size);
    this.counts = new Float64Array(size);
    this.models = new Uint32Array(size);
    this.tokens = new Float64Array(size * WIDTH);
    this.starts.set(starts);
    this.counts.set(counts);
    this.models.set(models);
    this.tokens.set(tokens);
  }
}

/** After its last minute. */
function endOf({ starts, counts }: Columns, piece: number): number {
  return (starts[piece] ?? 0) + (counts[piece] ?? 0);
}

function startOf({ at }: UsageRow): number {
  return Math.floor(at / MINUTE_MS);
}

function minutesOf(row: UsageRow): number {
  return Math.max(1, Math.ceil((row.at + row.spanMs) / MINUTE_MS) - startOf(row));
}

/** What used nothing was no call of a model. */
function isEmpty({ tokens }: UsageRow): boolean {
  return tokens.input === 0 && tokens.output === 0 && tokens.cacheRead === 0 && tokens.cacheWrite === 0;
}

/** As many whole days together as are held at a time. */
function stretchesOf(days: ReadonlyMap<number, number>): readonly number[] {
  const starts: number[] = [];
  let held = Number.POSITIVE_INFINITY;
  for (const [day, pieces] of [...days].sort(([a], [b]) => a - b)) {
    if (held + pieces > MOST_PIECES) {
      starts.push(day);
      held = 0;
    }
    held += pieces;
  }
  return starts;
}
