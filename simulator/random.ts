// Looked up once: millions of numbers are drawn in a run.
const { imul } = Math;

/** Uniform in [0, 1). */
export type Random = () => number;

/**
 * mulberry32 (public domain, Tommy Ettinger): 32 bits of state, fast, and the same everywhere. One stream per use, named
 * by `path`: leaving one environment out of a run does not change what happens to the others.
 */
export function seededRandom(seed: number, ...path: readonly string[]): Random {
  let state = (seed ^ hash(path.join('\u0000'))) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number of units, both ends included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
