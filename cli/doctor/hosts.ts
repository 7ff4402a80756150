import { lookup } from 'node:dns/promises';

/** What the resolver of this machine knows. */
export interface Hosts {
  /** None where there is no such name. @throws what keeps it from knowing */
  addresses(host: string): Promise<readonly string[]>;
}

/** Node's codes for a name that has no address. */
const NONE: readonly unknown[] = ['ENOTFOUND', 'ENODATA'];

export const resolver: Hosts = {
  async addresses(host) {
    try {
      return (await lookup(host, { all: true })).map(({ address }) => address);
    } catch (error) {
      if (error instanceof Error && NONE.includes((error as NodeJS.ErrnoException).code)) return [];
      throw error;
    }
  },
};
