/** Calls of IAM at a time: its limit is shared by the whole account. */
const AT_ONCE = 10;

/** What becomes of each, in order. */
export async function tenAtATime<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}
