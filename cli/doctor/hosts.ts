import { lookup } from 'node:dns/promises';

/** What the resolver of this machine knows. */
export interface Hosts {
  /** The guard runs on this machine, and reaches what listens on it: the local AWS. */
  readonly mayLoopback: boolean;
  /** None where there is no such name. @throws what keeps it from knowing */
  addresses(host: string): Promise<readonly string[]>;
}

/** Node's codes for a name that has no address. */
const NONE: readonly unknown[] = ['ENOTFOUND', 'ENODATA'];

export const resolver = (mayLoopback: boolean): Hosts => ({
  mayLoopback,
  async addresses(host) {
    try {
      return (await lookup(host, { all: true })).map(({ address }) => address);
    } catch (error) {
      if (error instanceof Error && NONE.includes((error as NodeJS.ErrnoException).code)) return [];
      throw error;
    }
  },
});
