/** Enough to find the place again. */
const CONTEXT = 40;

/**
 * Two texts as they are shown: of those that are too long the first place where they differ, with what stands around it. Texts that
 * differ are never shown alike.
 * @param longest of each, in UTF-16 units
 */
export function excerpts(before: string, after: string, longest: number): readonly [string, string] {
  const first = firstDifference(before, after);
  return [excerpt(before, first, longest), excerpt(after, first, longest)];
}

/** The beginning of a text that is compared with none. */
export function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, boundary(text, longest))}…` : text;
}

function excerpt(text: string, first: number, longest: number): string {
  if (text.length <= longest) return text;
  const from = boundary(text, Math.max(0, first - CONTEXT));
  const to = boundary(text, from + longest);
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

/** Never between the two halves of a character. */
function boundary(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text[at] ?? '') ? at - 1 : at;
}
