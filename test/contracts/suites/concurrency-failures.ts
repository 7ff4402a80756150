import type { FailureRecord } from '../../../core/concurrency/failures';
import type { ConcurrencyFailuresPort } from '../../../core/concurrency/ports';
import { contract } from './contract';

export interface ConcurrencyFailuresSubject {
  readonly port: ConcurrencyFailuresPort;
  /** An item that another release, or an accident, has left. */
  readonly leaveUnreadable: () => Promise<void>;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
}

const record = (revision: number, told = false): FailureRecord => ({
  schemaVersion: 1,
  revision,
  failures: { 'models:live': { sinceMs: 1_794_000_000_000, told }, other: { sinceMs: 0, told: false } },
});

const stale: readonly [string, number, number][] = [
  ['the first write where there is one already', 1, 0],
  ['an older revision', 2, 1],
  ['a revision that is not there yet', 1, 2],
];

export const concurrencyFailuresContract = contract<ConcurrencyFailuresSubject>('concurrency-failures', [
  {
    name: 'nothing there is nothing, never a default',
    async run({ port }) {
      expect(await port.failures()).toBeUndefined();
    },
  },
  {
    name: 'what was written last is read at once, whole, and without what stood there before',
    async run({ port }) {
      await port.saveFailures(record(1), 0);
      expect(await port.failures()).toEqual(record(1));
      await port.saveFailures({ ...record(2), failures: {} }, 1);
      expect(await port.failures()).toEqual({ ...record(2), failures: {} });
    },
  },
  ...stale.map(([name, written, replaces]) => ({
    name: `${name} is a conflict, and changes nothing`,
    async run({ port }: ConcurrencyFailuresSubject) {
      for (let revision = 1; revision <= written; revision += 1)
        await port.saveFailures(record(revision), revision - 1);
      await expect(port.saveFailures(record(9, true), replaces)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect(await port.failures()).toEqual(record(written));
    },
  })),
  {
    name: 'what cannot be read is an error, never nothing',
    async run({ port, leaveUnreadable }) {
      await leaveUnreadable();
      await expect(port.failures()).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    },
  },
  {
    name: 'a throttle is told as such',
    async run({ port, throttle }) {
      await throttle();
      await expect(port.failures()).rejects.toMatchObject({ refusal: 'throttled' });
      await expect(port.saveFailures(record(1), 0)).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);
