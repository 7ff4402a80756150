/** A label that stands beside what it names, at the height of that where there is room. */
export interface Label {
  readonly text: string;
  /** Of what it names, in pixels from above. */
  readonly at: number;
  /** What matters less is left out first. */
  readonly weight: number;
  readonly className: string;
}

export interface PlacedLabel extends Label {
  /** Of its middle. */
  readonly y: number;
}

/** Every label a line's height from the next, between two heights, each as near as it can be to what it names. */
export function stacked(labels: readonly Label[], from: number, to: number, height: number): readonly PlacedLabel[] {
  const room = Math.max(1, Math.floor((to - from) / height));
  const kept = labels
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, room)
    .sort((a, b) => a.at - b.at || b.weight - a.weight);
  const placed: PlacedLabel[] = [];
  let above = from - height / 2;
  for (const label of kept) {
    const y = Math.max(label.at, above + height);
    placed.push({ ...label, y });
    above = y;
  }
  // What was pushed below the end goes up again, and pushes up what is above it.
  let below = to + height / 2;
  for (let index = placed.length - 1; index >= 0; index--) {
    const one = placed[index]!;
    const y = Math.min(one.y, below - height);
    placed[index] = { ...one, y };
    below = y;
  }
  return placed;
}

export interface Span {
  readonly text: string;
  /** Where what it names is, in pixels from the left. */
  readonly at: number;
}

/**
 * In which row each text stands so that none covers another; undefined: in none of the rows, there is no room. The first are highest: the
 * stroke from what a text names goes up to the left of those below it. @param spans from left to right
 */
export function rowsOf(
  spans: readonly Span[],
  {
    rows,
    from,
    to,
    size,
  }: { readonly rows: number; readonly from: number; readonly to: number; readonly size: number },
): readonly ({ readonly x: number; readonly row: number } | undefined)[] {
  const starts = Array.from({ length: rows }, () => to + size);
  return spans
    .toReversed()
    .map(({ text, at }) => {
      const width = widthOf(text, size);
      const x = Math.max(from, Math.min(at, to - width));
      const row = x + width > to ? -1 : starts.findIndex((start) => x + width + size <= start);
      if (row < 0) return undefined;
      starts[row] = x;
      return { x, row };
    })
    .toReversed();
}

/** At most: no letter of the fonts that a system has for its own texts is wider on average. */
export function widthOf(text: string, size: number): number {
  return Array.from(text).length * size * 0.6;
}
