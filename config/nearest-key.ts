import { distance } from 'fastest-levenshtein';

/** With more letters off another thing was meant. */
const MOST_LETTERS_OFF = 3;

/**
 * Which of the names was meant, in whatever case: the one with the fewest letters off, a third of its own at most.
 * @returns undefined where none is so near
 */
export function nearestKey(written: string, names: readonly string[]): string | undefined {
  const [nearest] = names
    .map((name) => ({ name, off: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, off }) => off <= Math.min(MOST_LETTERS_OFF, Math.ceil(name.length / 3)))
    .sort((one, other) => one.off - other.off);
  return nearest?.name;
}

/** What there is of a kind, behind what is none of it: after a question, where one is near. */
export function orDidYouMean(nearest: string | undefined, allowed: string): string {
  if (nearest === undefined) return `; ${allowed}`;
  return `: did you mean '${nearest}'? ${allowed.charAt(0).toUpperCase()}${allowed.slice(1)}`;
}
