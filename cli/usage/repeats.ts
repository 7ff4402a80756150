import type { ReadRow } from './formats/format';

/** Kept of what has been seen: some 2 MB. */
const KEPT = 20_000;

/**
 * How many rows come more than once, as where exports overlap. Of a long file a sample is remembered, chosen by what the rows
 * say and not by where they stand: memory has an end, and both copies of a row are in the sample or neither is.
 */
export class Repeats {
  private readonly seen = new Map<string, { readonly hash: number; copies: number }>();
  /** One in so many rows is in the sample: a power of two. */
  private every = 1;
  private found = 0;

  add(row: ReadRow): void {
    const hash = hashOf(row);
    if ((hash & (this.every - 1)) !== 0) return;
    const key = row.id ?? `${row.at} ${row.spanMs} ${row.model} ${Object.values(row.tokens).join(' ')}`;
    const before = this.seen.get(key);
    if (before !== undefined) {
      before.copies += 1;
      this.found += 1;
      return;
    }
    this.seen.set(key, { hash, copies: 0 });
    if (this.seen.size > KEPT) this.thin();
  }

  /** Rows beyond the first of their kind; of a sample, what it stands for. */
  get count(): number {
    return this.found * this.every;
  }

  get isSample(): boolean {
    return this.every > 1;
  }

  private thin(): void {
    this.every *= 2;
    for (const [key, { hash, copies }] of this.seen) {
      if ((hash & (this.every - 1)) === 0) continue;
      this.seen.delete(key);
      this.found -= copies;
    }
  }
}

/** Spreads over all bits, as few of them choose. */
function hashOf({ id, at, tokens }: ReadRow): number {
  let hash =
    Math.imul(Math.floor(at / 1_000), 0x9e3779b1) ^
    Math.imul(tokens.input + 1, 0x85ebca6b) ^
    Math.imul(tokens.output + 1, 0xc2b2ae35);
  if (id !== undefined) {
    hash = 0x811c9dc5;
    for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
