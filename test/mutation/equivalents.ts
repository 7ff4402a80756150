/** A change of the code that changes nothing anybody could see; found by its text, so that it outlives moves. */
export interface Equivalent {
  readonly file: string;
  /** Both as the run prints them. */
  readonly original: string;
  readonly replacement: string;
  /** A part of the line it begins on, where the file has the same change more than once. */
  readonly on?: string;
  readonly reason: string;
}

const FOR_THE_COMPILER = 'asked for by the compiler alone: what is undefined compares as false with every amount';

export const EQUIVALENTS: readonly Equivalent[] = [
  {
    file: 'core/stop-lines/override.ts',
    original: 'override.limit !== undefined',
    replacement: 'true',
    reason: FOR_THE_COMPILER,
  },
  {
    file: 'core/stop-lines/triggers.ts',
    original: 'lines.daily !== undefined',
    replacement: 'true',
    reason: FOR_THE_COMPILER,
  },
  {
    file: 'core/stop-lines/triggers.ts',
    original: 'lines.degrade !== undefined',
    replacement: 'true',
    reason: FOR_THE_COMPILER,
  },
  {
    file: 'core/stop-lines/triggers.ts',
    original: 'RANK[state] > RANK[most]',
    replacement: 'RANK[state] >= RANK[most]',
    reason: 'states of the same rank are the same state',
  },
];
