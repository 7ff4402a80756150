import { GuardError } from '../../core/errors';

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; absent or empty on the last. */
  readonly next?: string | undefined;
}

/**
 * All items over all pages.
 * @throws GuardError PAGE_TOKEN_REPEATED where a service gives the same page for ever
 */
export async function allPages<T>(read: (token: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const page = await read(token);
    items.push(...page.items);
    token = page.next;
    if (!token) return items;
    if (seen.has(token)) {
      throw new GuardError('PAGE_TOKEN_REPEATED', `the service gave the page token '${token}' twice; ask again later`);
    }
    seen.add(token);
  }
}
