import type { Random } from '../../../simulator/random';
import type { Http1Case } from './send-h1';
import type { Http2Case } from './send-h2';

export type FuzzCase = Http1Case | Http2Case;

export interface Kind {
  /** Whether the upstream sees it. */
  readonly reaches: 'always' | 'never' | 'maybe';
  /** @param host the server under test, with its port */
  readonly make: (random: Random, id: string, host: string) => FuzzCase;
}
