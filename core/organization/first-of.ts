/** An account can have more environments than anybody reads, and an account's administrator can make them up. */
const MOST_NAMED = 5;

/** The first few, and how many more there are. */
export function firstOf(texts: readonly string[]): string {
  const more = texts.length - MOST_NAMED;
  return more <= 0 ? texts.join(', ') : `${texts.slice(0, MOST_NAMED).join(', ')} and ${more} more`;
}
