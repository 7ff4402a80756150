/** The one that takes the fewest letters to be added, left out or changed. Undefined where there is none. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  let found: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const letters = distance(word, name);
    if (letters < fewest) [found, fewest] = [name, letters];
  }
  return found;
}

/** Of Levenshtein, one row of his table at a time. */
function distance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const here = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const changed = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      here.push(Math.min((above[column] ?? 0) + 1, (here[column - 1] ?? 0) + 1, changed));
    }
    above = here;
  }
  return above[to.length] ?? 0;
}
