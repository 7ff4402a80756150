import { usd } from '../../../core/money';
import { type GuardStatusPort, LedgerUnavailable } from '../../../core/ledger/ports';
import type { StatusWriterPort } from '../../../core/enforcement/ports';
import { contract, type Case } from './contract';
import { statusOf } from './guard-status-writer';

export interface GuardStatusSubject {
  readonly port: GuardStatusPort;
  /** The meter's own writer, on the same table. */
  readonly writer: StatusWriterPort;
  /** Replaces the item as it is. */
  readonly leave: (item: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

const STORED = {
  pk: 'STATUS',
  sk: 'STATUS',
  schemaVersion: 1,
  desired: 'open',
  asOf: 1,
  month: '2026-11',
  revision: 1,
};

const WHOLE = { ...STORED, spentAtLeast: 0, limit: 1 };

const unreadable: readonly [string, object][] = [
  ['of another schemaVersion', { ...STORED, schemaVersion: 2, spentAtLeast: 0, limit: 1 }],
  ['with a state that nobody knows', { ...STORED, desired: 'paused', spentAtLeast: 0, limit: 1 }],
  ['without a limit', { ...STORED, spentAtLeast: 0 }],
  ['with an amount in parts of a nano-dollar', { ...STORED, spentAtLeast: 0.5, limit: 1 }],
  ['with limits of budgets that are no map', { ...WHOLE, budgets: 'none' }],
  ['with a limit of a budget in parts of a nano-dollar', { ...WHOLE, budgets: { limits: { search: 0.5 }, since: 1 } }],
  ['of no month', { ...STORED, month: '2026-13', spentAtLeast: 0, limit: 1 }],
];

export const guardStatusContract = contract<GuardStatusSubject>('guard-status', [
  {
    name: 'before the meter has written there is none',
    async run({ port }) {
      expect(await port.read()).toBeUndefined();
    },
  },
  {
    name: 'what the meter wrote last, to the nano-dollar',
    async run({ port, writer }) {
      await writer.write(statusOf('2026-11', 1, 1));
      const exact = { spentAtLeast: usd('123456.123456789'), limit: usd('200000.000000001') };
      await writer.write({ ...statusOf('2026-11', 2, 99), ...exact, desired: 'stopped' });
      expect(await port.read()).toEqual({ desired: 'stopped', asOf: 99, month: '2026-11', ...exact });
    },
  },
  {
    name: 'what is complete of the month, and nothing where the meter does not say it any more',
    async run({ port, writer }) {
      const complete = { until: 3_600_000, spent: usd('0.000000001') };
      await writer.write({ ...statusOf('2026-11', 1, 1), complete });
      expect((await port.read())?.complete).toEqual(complete);
      await writer.write(statusOf('2026-11', 2, 2));
      expect(await port.read()).not.toHaveProperty('complete');
    },
  },
  {
    name: 'the limits of the budgets within, and nothing where the environment has none any more',
    async run({ port, writer }) {
      const budgets = { limits: { search: usd(20), 'search/nightly': usd('0.000000001') }, since: 77 };
      await writer.write({ ...statusOf('2026-11', 1, 1), budgets });
      expect((await port.read())?.budgets).toEqual(budgets);
      await writer.write(statusOf('2026-11', 2, 2));
      expect(await port.read()).not.toHaveProperty('budgets');
    },
  },
  ...unreadable.map(([what, item]): Case<GuardStatusSubject> => ({
    name: `an item ${what} is as good as no answer`,
    async run({ port, leave }) {
      await leave({ ...item });
      await expect(port.read()).rejects.toBeInstanceOf(LedgerUnavailable);
    },
  })),
  {
    name: 'a table that refuses has not answered',
    async run({ port, throttle }) {
      await throttle();
      await expect(port.read()).rejects.toBeInstanceOf(LedgerUnavailable);
    },
  },
]);
