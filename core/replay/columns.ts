import { COMPONENTS, noTokens, type Component, type Tokens } from './tokens';

const LARGEST_WORD = 0xffff_ffff;
const FEW = 4;

/** Tokens at numbered places; a component that never comes takes no room, and one of small amounts half of it. */
export class Columns {
  private readonly columns: Partial<Record<Component, Uint32Array | Float64Array>> = {};

  constructor(private size: number) {}

  add(component: Component, place: number, amount: number): void {
    const column = this.columns[component] ?? new Uint32Array(this.size);
    const sum = (column[place] ?? 0) + amount;
    const holding = sum > LARGEST_WORD && column instanceof Uint32Array ? Float64Array.from(column) : column;
    holding[place] = sum;
    this.columns[component] = holding;
  }

  /** Undefined: nothing stands there. */
  at(place: number): Tokens | undefined {
    let found: Tokens | undefined;
    for (const component of COMPONENTS) {
      const amount = this.columns[component]?.[place] ?? 0;
      if (amount === 0) continue;
      found ??= noTokens();
      found[component] = amount;
    }
    return found;
  }

  /** Makes a place free; those from it on move up by one. @param length how many are in use */
  insert(place: number, length: number): void {
    if (length === this.size) this.size *= 2;
    for (const component of COMPONENTS) {
      let column = this.columns[component];
      if (column === undefined) continue;
      if (column.length < this.size) {
        const larger = column instanceof Uint32Array ? new Uint32Array(this.size) : new Float64Array(this.size);
        larger.set(column);
        column = this.columns[component] = larger;
      }
      column.copyWithin(place + 1, place, length);
      column[place] = 0;
    }
  }
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
    if (this.length === this.keys.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.keys);
      this.keys = larger;
    }
    this.columns.insert(place, this.length);
    this.keys.copyWithin(place + 1, place, this.length);
    this.keys[place] = key;
    this.length += 1;
  }
}
