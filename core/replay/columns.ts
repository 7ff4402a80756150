import { COMPONENTS, noTokens, type Component, type Tokens } from './tokens';

const LARGEST_WORD = 0xffff_ffff;
const FEW = 4;

type Column = Uint32Array | Float64Array;

/** Tokens at numbered places; a component that never comes takes no room, and one of small amounts half of it. */
export class Columns {
  private readonly columns: Partial<Record<Component, Column>> = {};
  private isEmpty = true;

  constructor(private size: number) {}

  add(component: Component, place: number, amount: number): void {
    const column = this.columns[component] ?? new Uint32Array(this.size);
    const sum = (column[place] ?? 0) + amount;
    const holding = sum > LARGEST_WORD && column instanceof Uint32Array ? Float64Array.from(column) : column;
    holding[place] = sum;
    this.columns[component] = holding;
    this.isEmpty = false;
  }

  /** Undefined: nothing stands there. Spelled out: the innermost loop of a replay. */
  at(place: number): Tokens | undefined {
    if (this.isEmpty) return undefined;
    const { columns } = this;
    const input = columns.input?.[place] ?? 0;
    const output = columns.output?.[place] ?? 0;
    const cacheRead = columns.cacheRead?.[place] ?? 0;
    const cacheWrite = columns.cacheWrite?.[place] ?? 0;
    const cacheWrite5m = columns.cacheWrite5m?.[place] ?? 0;
    const cacheWrite1h = columns.cacheWrite1h?.[place] ?? 0;
    if (input + output + cacheRead + cacheWrite + cacheWrite5m + cacheWrite1h === 0) return undefined;
    return { input, output, cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h };
  }

  /** Makes a place free; those from it on move up by one. @param length how many are in use */
  insert(place: number, length: number): void {
    if (length === this.size) this.size *= 2;
    for (const component of COMPONENTS) {
      const column = this.columns[component];
      if (column === undefined) continue;
      const holding = column.length < this.size ? larger(column, this.size) : column;
      holding.copyWithin(place + 1, place, length);
      holding[place] = 0;
      this.columns[component] = holding;
    }
  }
}

function larger<T extends Column>(column: T, size: number): T {
  const copy = new (column.constructor as new (size: number) => T)(size);
  copy.set(column);
  return copy;
}

/** Room for the minutes of a span beside its start in a key: more than a Date reaches. */
const SPANS = 2 ** 40;

/** Sums of a day, in order of the minute of the day that they begin in, then of the minutes that they stand for. */
export class DaySums {
  private length = 0;
  private keys = new Float64Array(FEW);
  private readonly columns = new Columns(FEW);

  add(component: Component, start: number, minutes: number, amount: number): void {
    this.columns.add(component, this.placeOf(start * SPANS + minutes), amount);
  }

  /** Undefined beyond the last place. */
  startOf(place: number): number | undefined {
    return place < this.length ? Math.floor((this.keys[place] ?? 0) / SPANS) : undefined;
  }

  minutesOf(place: number): number {
    return (this.keys[place] ?? 0) % SPANS;
  }

  at(place: number): Tokens {
    return this.columns.at(place) ?? noTokens();
  }

  private placeOf(key: number): number {
    let [from, to] = [0, this.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.keys[middle] ?? 0) < key) from = middle + 1;
      else to = middle;
    }
    if (from === this.length || this.keys[from] !== key) this.insert(from, key);
    return from;
  }

  private insert(place: number, key: number): void {
    if (this.length === this.keys.length) this.keys = larger(this.keys, 2 * this.length);
    this.columns.insert(place, this.length);
    this.keys.copyWithin(place + 1, place, this.length);
    this.keys[place] = key;
    this.length += 1;
  }
}
