import fc from 'fast-check';
import type { UtcMonth } from '../../core/calendar';
import { usd } from '../../core/money';
import type { StatusWriterPort } from '../../core/ports/guard-status-writer';
import { ServiceError } from '../../core/ports/service-error';
import { guardStatus } from '../../lambda/adapters/guard-status';
import { FakeGuardStatus } from '../../simulator/fakes/guard-status';
import { MemoryTable } from '../helpers/memory-table';

interface Subject {
  readonly port: StatusWriterPort;
  /** Month, revision and `asOf` of what stands there. */
  readonly stands: () => readonly (string | number)[];
  readonly fail: () => void;
}

const subjects: readonly (readonly [string, () => Subject])[] = [
  [
    'the fake',
    () => {
      const fake = new FakeGuardStatus();
      return {
        port: fake,
        stands: () => (fake.status ? [fake.status.month, fake.status.revision, fake.status.asOf] : []),
        fail: () => void (fake.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down')),
      };
    },
  ],
  [
    'DynamoDB',
    () => {
      const table = new MemoryTable();
      return {
        port: guardStatus('leases', table.client),
        stands: () => {
          const item = table.items.get('STATUS\u0000STATUS');
          return item ? [String(item.month?.['S']), Number(item.revision?.['N']), Number(item.asOf?.['N'])] : [];
        },
        fail: () => void (table.failure = 'ThrottlingException'),
      };
    },
  ],
];

const status = (month: string, revision: number, asOf: number) => ({
  ...{ desired: 'open' as const, asOf, month: month as UtcMonth, revision },
  ...{ spentAtLeast: usd(1), limit: usd(100) },
});

describe.each(subjects)('%s keeps the newest status', (_name, make) => {
  test.each<[string, [string, number], [string, number], 'first' | 'second']>([
    ['a newer revision', ['2026-11', 1], ['2026-11', 2], 'second'],
    ['the same revision again, with a later reading', ['2026-11', 2], ['2026-11', 2], 'second'],
    ['an older revision', ['2026-11', 2], ['2026-11', 1], 'first'],
    ['the first revision of the next month', ['2026-11', 900], ['2026-12', 1], 'second'],
    ['the first revision of the next year', ['2026-12', 900], ['2027-01', 1], 'second'],
    ['a late write of the month before', ['2026-12', 1], ['2026-11', 901], 'first'],
  ])('%s', async (_what, first, second, expected) => {
    const { port, stands } = make();
    await port.write(status(...first, 1));
    await port.write(status(...second, 2));
    expect(stands()).toEqual(expected === 'first' ? [...first, 1] : [...second, 2]);
  });

  test('whatever comes in whatever order, the newest stands, and nobody is told of an error', async () => {
    const write = fc.tuple(fc.constantFrom('2026-10', '2026-11', '2026-12'), fc.integer({ min: 1, max: 5 }));
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 8 }), async (writes) => {
        const { port, stands } = make();
        for (const [at, [month, revision]] of writes.entries()) await port.write(status(month, revision, at));
        const newest = writes
          .map(([month, revision]) => `${month} ${revision}`)
          .sort()
          .at(-1);
        const [month, revision, asOf] = stands();
        expect(`${month} ${revision}`).toBe(newest);
        expect(writes.findLastIndex(([one, other]) => `${one} ${other}` === newest)).toBe(asOf);
      }),
      { numRuns: 30 },
    );
  });

  test('a refusal is a ServiceError', async () => {
    const { port, fail } = make();
    fail();
    await expect(port.write(status('2026-11', 1, 1))).rejects.toMatchObject({ refusal: 'throttled' });
  });
});
