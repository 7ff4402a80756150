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

export const EQUIVALENTS: readonly Equivalent[] = [];
