import type { RateLimits } from '../../../core/ledger/rate-window';
import { LedgerUnavailable, type RateLimitPort } from '../../../core/ledger/ports';
import { contract } from './contract';

export interface RateLimitSubject {
  /** Noon of a day of UTC, until it is moved. */
  readonly clock: { now: number };
  /** Another process of the same environment. */
  readonly process: (limits: RateLimits) => RateLimitPort;
  /** Replaces an attribute of the window, as another release would. */
  readonly alter: (attribute: string, value: unknown) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const RATE_NOON = Date.parse('2026-11-12T12:00:00Z');
const HOUR_MS = 3_600_000;

async function admittedOf(port: RateLimitPort, requests: number): Promise<number> {
  const outcomes = await Promise.all(Array.from({ length: requests }, () => port.admit()));
  return outcomes.filter(({ kind }) => kind === 'admitted').length;
}

export const rateLimitContract = contract<RateLimitSubject>('rate-limit', [
  {
    name: 'as many as the limit, over all processes, also at once',
    async run({ process }) {
      const limits = { perHour: 25, perDay: 1000 };
      const counts = await Promise.all([1, 2, 3, 4].map(() => admittedOf(process(limits), 10)));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(25);
    },
  },
  {
    name: 'a refused request counts nothing, and is told when a place is free',
    async run({ process }) {
      const limits = { perHour: 10, perDay: 12 };
      const port = process(limits);
      expect(await admittedOf(port, 15)).toBe(10);
      expect(await port.admit()).toMatchObject({ kind: 'refused', window: 'hour' });
      expect(await admittedOf(process({ perHour: 100, perDay: 12 }), 5)).toBe(2);
    },
  },
  {
    name: 'a place that is given back is somebody’s, once',
    async run({ process }) {
      const limits = { perHour: 5, perDay: 5 };
      const [one, two] = [process(limits), process(limits)];
      expect(await admittedOf(one, 5)).toBe(5);
      await one.giveBack!();
      expect(await admittedOf(two, 3)).toBe(1);
    },
  },
  {
    name: 'an hour later there is room, and the day’s limit still counts',
    async run({ process, clock }) {
      const port = process({ perHour: 10, perDay: 15 });
      expect(await admittedOf(port, 10)).toBe(10);
      clock.now = RATE_NOON + HOUR_MS + 2 * 60_000;
      expect(await admittedOf(port, 10)).toBe(5);
      expect(await port.admit()).toMatchObject({ kind: 'refused', window: 'day' });
      clock.now = RATE_NOON + 12 * HOUR_MS;
      expect(await admittedOf(port, 10)).toBe(10);
    },
  },
  {
    name: 'a process whose clock is behind counts into the window that is there',
    async run({ process, clock }) {
      const limits = { perHour: 3 };
      expect(await admittedOf(process(limits), 2)).toBe(2);
      clock.now = RATE_NOON - 5 * 60_000;
      expect(await admittedOf(process(limits), 2)).toBe(1);
    },
  },
  {
    name: 'a window of another schemaVersion is no answer',
    async run({ process, alter }) {
      await process({ perHour: 3 }).admit();
      await alter('schemaVersion', 2);
      await expect(process({ perHour: 3 }).admit()).rejects.toBeInstanceOf(LedgerUnavailable);
    },
  },
  {
    name: 'a table that refuses has not answered',
    async run({ process, throttle }) {
      await throttle();
      await expect(process({ perHour: 3 }).admit()).rejects.toBeInstanceOf(LedgerUnavailable);
    },
  },
]);
