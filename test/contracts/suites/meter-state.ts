import type { UtcMonth } from '../../../core/calendar';
import type { CanaryRecord } from '../../../core/meter/canary';
import type { MeterState } from '../../../core/decision/meter-state';
import { usd } from '../../../core/money';
import type { Order } from '../../../core/stop-lines/orders';
import type { CalibrationPort, MeterStatePort, OrdersPort } from '../../../core/decision/ports';
import { canaryRecord, fullState, knownSeries, NOVEMBER } from '../../helpers/meter-states';
import { at } from '../../helpers/meter-world';
import { budgetOrderCases, ordered } from './budget-orders';
import { contract, type Case } from './contract';

export type MeterItem = 'state' | 'series' | 'order' | 'budgetOrders' | 'calibration' | 'canary' | 'dates';

export interface MeterStateSubject {
  readonly state: MeterStatePort;
  readonly orders: OrdersPort;
  readonly calibrations: CalibrationPort;
  /** As the health check keeps it. */
  readonly keepCanary: (record: CanaryRecord) => Promise<void>;
  /** Leaves an item of another release in the place of November's, or of the canary at `CANARY`. */
  readonly leaveOtherVersion: (item: MeterItem) => Promise<void>;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
}

const month = (text: string) => text as UtcMonth;
const OCTOBER = month('2026-10');
const DECEMBER = month('2026-12');
const CANARY = at('2026-11-10T12:00:30Z');
const STOP = { kind: 'stop', stop: { since: 4, by: 'arn:aws:iam::111122223333:user/ann', reason: 'enough' } } as const;

const latest: readonly [string, UtcMonth[], UtcMonth, UtcMonth | undefined][] = [
  ['the month itself', [OCTOBER, NOVEMBER], NOVEMBER, NOVEMBER],
  ['the month before, at the month’s turn', [OCTOBER, NOVEMBER], DECEMBER, NOVEMBER],
  ['the month after, for a clock that stepped back', [NOVEMBER, DECEMBER], NOVEMBER, DECEMBER],
  ['the year before', [DECEMBER], month('2027-01'), DECEMBER],
  ['nothing two months later', [OCTOBER], DECEMBER, undefined],
  ['nothing from two months ahead', [DECEMBER], OCTOBER, undefined],
];

const stale: readonly [string, number, number][] = [
  ['the first write where there is one already', 1, 0],
  ['an older revision', 2, 1],
  ['a revision that is not there yet', 1, 2],
];

const orders: readonly [string, Order][] = [
  ['an override', { kind: 'override', override: { since: 5, by: 'ann', reason: 'launch', limit: usd(9), until: 7 } }],
  ['a plain resume', { kind: 'override', override: { since: 5, by: 'ann', reason: 'launch' } }],
  ['a stop', { kind: 'stop', stop: { since: 5, by: 'ann', reason: 'leaked key' } }],
];

const reads: readonly [MeterItem, (state: MeterStatePort) => Promise<unknown>][] = [
  ['state', (state) => state.latest(NOVEMBER)],
  ['series', (state) => state.series(NOVEMBER)],
  ['order', (state) => state.order()],
  ['budgetOrders', (state) => state.budgetOrders()],
  ['calibration', (state) => state.calibration()],
  ['canary', (state) => state.canaries(CANARY, CANARY + 1)],
  ['dates', (state) => state.extendedAccess()],
];

export const meterStateContract = contract<MeterStateSubject>('meter-state', [
  {
    name: 'nothing there is undefined, never a default',
    async run({ state }) {
      expect(await state.latest(NOVEMBER)).toBeUndefined();
      expect(await state.series(NOVEMBER)).toBeUndefined();
      expect(await state.order()).toBeUndefined();
      expect(await state.budgetOrders()).toEqual({});
      expect(await state.calibration()).toBeUndefined();
      expect(await state.extendedAccess()).toEqual({});
      expect(await state.canaries(0, at('2027-01-01T00:00'))).toEqual([]);
    },
  },
  {
    name: 'every field and every kind of alert comes back as it was',
    async run({ state }) {
      const full = fullState();
      await state.save(full, 0);
      expect(await state.latest(NOVEMBER)).toEqual(full);
    },
  },
  {
    name: 'fields that are undefined are left out',
    async run({ state }) {
      const { memory: _, reading: __, ...rest } = fullState();
      await state.save({ ...rest, memory: undefined, gate: { everShowedData: false, lastActivityAt: undefined } }, 0);
      expect(await state.latest(NOVEMBER)).toStrictEqual({ ...rest, gate: { everShowedData: false } });
    },
  },
  {
    name: 'what is read is a copy: nobody changes the table by changing it',
    async run({ state }) {
      await state.save(fullState(), 0);
      ((await state.latest(NOVEMBER)) as { desired: string }).desired = 'open';
      expect((await state.latest(NOVEMBER))?.desired).toBe('stopped');
    },
  },
  ...latest.map(([what, saved, asked, expected]): Case<MeterStateSubject> => ({
    name: `the latest is ${what}`,
    async run({ state, orders: give, calibrations }) {
      for (const one of saved) await state.save(fullState(one), 0);
      // Neighbours in the same partition.
      await state.saveSeries(knownSeries(asked));
      await give.give(STOP);
      await give.giveBudgetOrder('search', ordered(4));
      await calibrations.keepCalibration({ factor: 1.2, at: 1 });
      expect((await state.latest(asked))?.month).toBe(expected);
    },
  })),
  ...stale.map(([what, stored, replaces]): Case<MeterStateSubject> => ({
    name: `${what} is a conflict, and changes nothing`,
    async run({ state }) {
      const before = fullState(NOVEMBER, stored);
      await state.save(before, 0);
      const later: MeterState = { ...fullState(NOVEMBER, 9), desired: 'open' };
      await expect(state.save(later, replaces)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect(await state.latest(NOVEMBER)).toEqual(before);
    },
  })),
  {
    name: 'a write where there is nothing to replace is a conflict',
    async run({ state }) {
      await expect(state.save(fullState(NOVEMBER, 2), 1)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect(await state.latest(NOVEMBER)).toBeUndefined();
    },
  },
  {
    name: 'of two that read the same revision one wins',
    async run({ state }) {
      await state.save(fullState(NOVEMBER, 1), 0);
      const both = await Promise.allSettled([
        state.save(fullState(NOVEMBER, 2), 1),
        state.save({ ...fullState(NOVEMBER, 2), desired: 'open' }, 1),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect((await state.latest(NOVEMBER))?.revision).toBe(2);
    },
  },
  {
    name: 'each month has revisions of its own',
    async run({ state }) {
      await state.save(fullState(NOVEMBER, 7), 0);
      await state.save(fullState(DECEMBER, 1), 0);
      expect(await state.latest(NOVEMBER)).toMatchObject({ month: DECEMBER, revision: 1 });
      expect(await state.latest(OCTOBER)).toMatchObject({ month: NOVEMBER, revision: 7 });
    },
  },
  ...[Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60].map((installedAt): Case<MeterStateSubject> => ({
    name: `${installedAt} is never written`,
    async run({ state }) {
      await expect(state.save({ ...fullState(), installedAt }, 0)).rejects.toThrow();
      expect(await state.latest(NOVEMBER)).toBeUndefined();
    },
  })),
  {
    name: 'series by month, replaced as a whole',
    async run({ state }) {
      await state.saveSeries(knownSeries(NOVEMBER, 8));
      await state.saveSeries(knownSeries(DECEMBER, 3));
      await state.saveSeries(knownSeries(NOVEMBER, 2));
      expect(await state.series(NOVEMBER)).toEqual(knownSeries(NOVEMBER, 2));
      expect(await state.series(DECEMBER)).toEqual(knownSeries(DECEMBER, 3));
    },
  },
  ...orders.map(([what, order]): Case<MeterStateSubject> => ({
    name: `${what} stands until the next order`,
    async run({ state, orders: give }) {
      await give.give(STOP);
      await give.give(order);
      expect(await state.order()).toEqual(order);
      await give.give({ kind: 'stop', stop: { since: 6, by: 'bob', reason: 'no' } });
      expect(await state.order()).toMatchObject({ stop: { by: 'bob' } });
    },
  })),
  {
    name: 'two orders in the same millisecond: the second is refused, and neither record is lost',
    async run({ state, orders: give }) {
      await give.give(STOP);
      const second: Order = { kind: 'override', override: { since: STOP.stop.since, by: 'bob', reason: 'go on' } };
      await expect(give.give(second)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect(await state.order()).toEqual(STOP);
    },
  },
  ...budgetOrderCases,
  {
    name: 'the last calibration that cost-check made',
    async run({ state, calibrations }) {
      for (const factor of [1.5, 1.25]) await calibrations.keepCalibration({ factor, at: 99 });
      expect(await state.calibration()).toEqual({ factor: 1.25, at: 99 });
    },
  },
  {
    name: 'canaries from the first moment up to, not including, the last',
    async run({ state, keepCanary }) {
      const [from, to] = [at('2026-11-10T12:00:30Z'), at('2026-11-10T14:00:30Z')];
      const times = [from - 1, from + 60_000, at('2026-11-10T13:00'), to - 60_000, to];
      for (const time of times) await keepCanary(canaryRecord(time));
      expect(await state.canaries(from, to)).toEqual(times.slice(1, 4).map(canaryRecord));
      await keepCanary(canaryRecord(from));
      await keepCanary(canaryRecord(to - 1));
      expect((await state.canaries(from, to)).map(({ atMs }) => atMs)).toEqual([from, ...times.slice(1, 4), to - 1]);
      expect(await state.canaries(from, from)).toEqual([]);
      expect(await state.canaries(to, from)).toEqual([]);
    },
  },
  ...reads.map(([item, read]): Case<MeterStateSubject> => ({
    name: `of another release, the ${item} is an error and never taken for none`,
    async run({ state, leaveOtherVersion }) {
      await leaveOtherVersion(item);
      await expect(read(state)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    },
  })),
  {
    name: 'a refusal of the table is a ServiceError everywhere',
    async run({ state, orders: give, calibrations, throttle }) {
      await throttle();
      const asked = [
        () => state.latest(NOVEMBER),
        () => state.save(fullState(), 0),
        () => state.series(NOVEMBER),
        () => state.saveSeries(knownSeries()),
        () => state.order(),
        () => state.budgetOrders(),
        () => state.calibration(),
        () => state.canaries(0, 1),
        () => state.extendedAccess(),
        () => give.give(STOP),
        () => give.giveBudgetOrder('search', ordered(1)),
        () => calibrations.keepCalibration({ factor: 1, at: 1 }),
      ];
      for (const ask of asked) await expect(ask()).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);

/** The key of what a release of the future left, for a table. */
export function keyOfItem(item: MeterItem): { readonly pk: string; readonly sk: string } {
  switch (item) {
    case 'state':
      return { pk: 'meter', sk: NOVEMBER };
    case 'series':
      return { pk: 'meter', sk: `series#${NOVEMBER}` };
    case 'order':
      return { pk: 'meter', sk: 'order' };
    case 'budgetOrders':
      return { pk: 'meter', sk: 'budget-orders' };
    case 'calibration':
      return { pk: 'calibration', sk: 'meter' };
    case 'dates':
      return { pk: 'lifecycle', sk: 'extended-access' };
    case 'canary':
      return { pk: 'canary', sk: `${new Date(CANARY).toISOString().slice(0, 16)}Z` };
  }
}
