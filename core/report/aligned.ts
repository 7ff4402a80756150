/** Rows of a table as lines: the first cells to the left, the rest, which are figures, to the right. Rows may end early. */
export function aligned(rows: readonly (readonly string[])[], leftCells: number): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) =>
    row.map((cell, at) => (at < leftCells ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
}
