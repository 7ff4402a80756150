const SHORTEST_MS = 500;
const LONGEST_MS = 15_000;
/** Of what has passed: a time that is measured so is at most a twentieth too long. */
const PART = 20;

/** How long to wait before the next look at something that has been waited for so long. */
export function pauseAfter(elapsedMs: number): number {
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, elapsedMs / PART));
}

/** How many looks fit into a wait at the most, the first and the last included. */
export function looksWithin(waitMs: number): number {
  let looks = 1;
  for (let elapsed = 0; elapsed < waitMs; elapsed += pauseAfter(elapsed)) looks += 1;
  return looks;
}
