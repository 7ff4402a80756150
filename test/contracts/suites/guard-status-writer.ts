import fc from 'fast-check';
import type { UtcMonth } from '../../../core/calendar';
import { usd } from '../../../core/money';
import type { StatusWriterPort } from '../../../core/enforcement/ports';
import { contract, type Case } from './contract';

export interface StatusWriterSubject {
  readonly port: StatusWriterPort;
  /** What stands there; undefined: nothing. */
  readonly stands: () => Promise<
    { readonly month: string; readonly revision: number; readonly asOf: number } | undefined
  >;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
  /** How many random orders of writes are tried. */
  readonly runs: number;
}

export const statusOf = (month: string, revision: number, asOf: number) => ({
  ...{ desired: 'open' as const, asOf, month: month as UtcMonth, revision },
  ...{ spentAtLeast: usd(1), limit: usd(100) },
});

const pairs: readonly [string, [string, number], [string, number], 'first' | 'second'][] = [
  ['a newer revision', ['2026-11', 1], ['2026-11', 2], 'second'],
  ['the same revision again, with a later reading', ['2026-11', 2], ['2026-11', 2], 'second'],
  ['an older revision', ['2026-11', 2], ['2026-11', 1], 'first'],
  ['the first revision of the next month', ['2026-11', 900], ['2026-12', 1], 'second'],
  ['the first revision of the next year', ['2026-12', 900], ['2027-01', 1], 'second'],
  ['a late write of the month before', ['2026-12', 1], ['2026-11', 901], 'first'],
];

export const statusWriterContract = contract<StatusWriterSubject>('guard-status-writer', [
  ...pairs.map(([what, first, second, expected]): Case<StatusWriterSubject> => ({
    name: `after ${what} the ${expected} stands`,
    async run({ port, stands }) {
      await port.write(statusOf(...first, 1));
      await port.write(statusOf(...second, 2));
      const [month, revision] = expected === 'first' ? first : second;
      expect(await stands()).toMatchObject({ month, revision, asOf: expected === 'first' ? 1 : 2 });
    },
  })),
  {
    name: 'whatever comes in whatever order, the newest stands, and nobody is told of an error',
    async run({ port, stands, runs }) {
      const write = fc.tuple(fc.constantFrom('10', '11', '12'), fc.integer({ min: 1, max: 5 }));
      let year = 2030;
      await fc.assert(
        fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 8 }), async (written) => {
          // Each run in a year of its own, which is later than all before.
          year += 1;
          const writes = written.map(([month, revision]) => [`${year}-${month}`, revision] as const);
          for (const [asOf, [month, revision]] of writes.entries()) await port.write(statusOf(month, revision, asOf));
          const newest = writes
            .map(([month, revision]) => `${month} ${revision}`)
            .sort()
            .at(-1);
          const { month, revision, asOf } = (await stands())!;
          expect(`${month} ${revision}`).toBe(newest);
          expect(writes.findLastIndex((one) => one.join(' ') === newest)).toBe(asOf);
        }),
        { numRuns: runs },
      );
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, throttle }) {
      await throttle();
      await expect(port.write(statusOf('2026-11', 1, 1))).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);
