import type { UtcMonth } from '../../core/calendar';
import type { CanaryRecord } from '../../core/health/canary';
import type { MeterState } from '../../core/meter/state';
import type { Order } from '../../core/orders';
import { usd } from '../../core/money';
import type { CalibrationPort, MeterStatePort, OrdersPort } from '../../core/ports/meter-state';
import { ServiceError } from '../../core/ports/service-error';
import { healthState } from '../../lambda/adapters/health-state';
import { meterCalibration } from '../../lambda/adapters/meter-calibration';
import { meterState, orders } from '../../lambda/adapters/meter-state';
import { FakeMeterState } from '../../simulator/fakes/meter-state';
import { NEVER } from '../../simulator/fakes/never';
import { MemoryTable } from '../helpers/memory-table';
import { canaryRecord, fullState, knownSeries, NOVEMBER } from '../helpers/meter-states';
import { at } from '../helpers/meter-world';

const month = (text: string) => text as UtcMonth;
const OCTOBER = month('2026-10');
const DECEMBER = month('2026-12');

interface Subject {
  readonly state: MeterStatePort;
  readonly orders: OrdersPort;
  readonly keepCanary: (record: CanaryRecord) => Promise<void>;
  readonly calibrations: CalibrationPort;
  readonly fail: () => void;
}

/** The fake, and the adapter through the SDK's own writing and reading. */
const subjects: readonly (readonly [string, () => Subject])[] = [
  [
    'the fake',
    () => {
      const fake = new FakeMeterState();
      return {
        state: fake,
        orders: fake,
        keepCanary: async (record) => fake.keepCanary(record),
        calibrations: fake,
        fail: () => void (fake.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down')),
      };
    },
  ],
  [
    'DynamoDB',
    () => {
      const table = new MemoryTable();
      return {
        state: meterState('state', table.client),
        orders: orders('state', table.client),
        // What the health check really writes.
        keepCanary: (record) => healthState('state', table.client).saveCanary(record, NEVER),
        calibrations: meterCalibration('state', table.client),
        fail: () => void (table.failure = 'ThrottlingException'),
      };
    },
  ],
];

describe.each(subjects)('%s keeps the meter’s state', (_name, make) => {
  test('nothing there is undefined, never a default', async () => {
    const { state } = make();
    expect(await state.latest(NOVEMBER)).toBeUndefined();
    expect(await state.series(NOVEMBER)).toBeUndefined();
    expect(await state.order()).toBeUndefined();
    expect(await state.calibration()).toBeUndefined();
    expect(await state.canaries(0, Number.MAX_SAFE_INTEGER / 2)).toEqual([]);
  });

  test('every field and every kind of alert comes back as it was', async () => {
    const { state } = make();
    const full = fullState();
    await state.save(full, 0);
    expect(await state.latest(NOVEMBER)).toEqual(full);
  });

  test('fields that are undefined are left out', async () => {
    const { state } = make();
    const { memory: _, reading: __, ...rest } = fullState();
    await state.save({ ...rest, memory: undefined, gate: { everShowedData: false, lastActivityAt: undefined } }, 0);
    const read = await state.latest(NOVEMBER);
    expect(read).toStrictEqual({ ...rest, gate: { everShowedData: false } });
  });

  test('what is read is a copy: nobody changes the table by changing it', async () => {
    const { state } = make();
    await state.save(fullState(), 0);
    ((await state.latest(NOVEMBER)) as { desired: string }).desired = 'open';
    expect((await state.latest(NOVEMBER))?.desired).toBe('stopped');
  });

  test.each<[string, UtcMonth[], UtcMonth, UtcMonth | undefined]>([
    ['the month itself', [OCTOBER, NOVEMBER], NOVEMBER, NOVEMBER],
    ['the month before, at the month’s turn', [OCTOBER, NOVEMBER], DECEMBER, NOVEMBER],
    ['the month after, for a clock that stepped back', [NOVEMBER, DECEMBER], NOVEMBER, DECEMBER],
    ['the year before', [DECEMBER], month('2027-01'), DECEMBER],
    ['nothing two months later', [OCTOBER], DECEMBER, undefined],
    ['nothing from two months ahead', [DECEMBER], OCTOBER, undefined],
  ])('the latest is %s', async (_what, saved, asked, expected) => {
    const { state, orders: give, calibrations } = make();
    for (const one of saved) await state.save(fullState(one), 0);
    // Neighbours in the same partition.
    await state.saveSeries(knownSeries(asked));
    await give.give(STOP);
    await calibrations.keepCalibration({ factor: 1.2, at: 1 });
    expect((await state.latest(asked))?.month).toBe(expected);
  });

  test.each([
    ['the first write where there is one already', 1, 0],
    ['an older revision', 2, 1],
    ['a revision that is not there yet', 1, 2],
  ])('%s is a conflict, and changes nothing', async (_what, stored, replaces) => {
    const { state } = make();
    const before = fullState(NOVEMBER, stored);
    await state.save(before, 0);
    const later: MeterState = { ...fullState(NOVEMBER, 9), desired: 'open' };
    await expect(state.save(later, replaces)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await state.latest(NOVEMBER)).toEqual(before);
  });

  test('a write where there is nothing to replace is a conflict', async () => {
    const { state } = make();
    await expect(state.save(fullState(NOVEMBER, 2), 1)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await state.latest(NOVEMBER)).toBeUndefined();
  });

  test('of two that read the same revision one wins', async () => {
    const { state } = make();
    await state.save(fullState(NOVEMBER, 1), 0);
    const both = await Promise.allSettled([
      state.save(fullState(NOVEMBER, 2), 1),
      state.save({ ...fullState(NOVEMBER, 2), desired: 'open' }, 1),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await state.latest(NOVEMBER))?.revision).toBe(2);
  });

  test('each month has revisions of its own', async () => {
    const { state } = make();
    await state.save(fullState(NOVEMBER, 7), 0);
    await state.save(fullState(DECEMBER, 1), 0);
    expect(await state.latest(NOVEMBER)).toMatchObject({ month: DECEMBER, revision: 1 });
    expect(await state.latest(OCTOBER)).toMatchObject({ month: NOVEMBER, revision: 7 });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])('%d is never written', async (installedAt) => {
    const { state } = make();
    await expect(state.save({ ...fullState(), installedAt }, 0)).rejects.toThrow();
    expect(await state.latest(NOVEMBER)).toBeUndefined();
  });

  test('series by month, replaced as a whole', async () => {
    const { state } = make();
    await state.saveSeries(knownSeries(NOVEMBER, 8));
    await state.saveSeries(knownSeries(DECEMBER, 3));
    await state.saveSeries(knownSeries(NOVEMBER, 2));
    expect(await state.series(NOVEMBER)).toEqual(knownSeries(NOVEMBER, 2));
    expect(await state.series(DECEMBER)).toEqual(knownSeries(DECEMBER, 3));
  });

  test.each<[string, Order]>([
    ['an override', { kind: 'override', override: { since: 5, by: 'ann', reason: 'launch', limit: usd(9), until: 7 } }],
    ['a plain resume', { kind: 'override', override: { since: 5, by: 'ann', reason: 'launch' } }],
    ['a stop', { kind: 'stop', stop: { since: 5, by: 'ann', reason: 'leaked key' } }],
  ])('%s stands until the next order', async (_what, order) => {
    const { state, orders: give } = make();
    await give.give(STOP);
    await give.give(order);
    expect(await state.order()).toEqual(order);
    await give.give({ kind: 'stop', stop: { since: 6, by: 'bob', reason: 'no' } });
    expect(await state.order()).toMatchObject({ stop: { by: 'bob' } });
  });

  test('two orders in the same millisecond: the second is refused, and neither record is lost', async () => {
    const { state, orders: give } = make();
    await give.give(STOP);
    const second: Order = { kind: 'override', override: { since: STOP.stop.since, by: 'bob', reason: 'go on' } };
    await expect(give.give(second)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await state.order()).toEqual(STOP);
  });

  test('the last calibration that cost-check made', async () => {
    const { state, calibrations } = make();
    for (const factor of [1.5, 1.25]) await calibrations.keepCalibration({ factor, at: 99 });
    expect(await state.calibration()).toEqual({ factor: 1.25, at: 99 });
  });

  test('canaries from the first moment up to, not including, the last', async () => {
    const { state, keepCanary } = make();
    const [from, to] = [at('2026-11-10T12:00:30Z'), at('2026-11-10T14:00:30Z')];
    const times = [from - 1, from + 60_000, at('2026-11-10T13:00'), to - 60_000, to];
    for (const time of times) await keepCanary(canaryRecord(time));
    expect(await state.canaries(from, to)).toEqual(times.slice(1, 4).map(canaryRecord));
    await keepCanary(canaryRecord(from));
    await keepCanary(canaryRecord(to - 1));
    expect((await state.canaries(from, to)).map(({ atMs }) => atMs)).toEqual([from, ...times.slice(1, 4), to - 1]);
    expect(await state.canaries(from, from)).toEqual([]);
    expect(await state.canaries(to, from)).toEqual([]);
  });

  test('a refusal of the table is a ServiceError everywhere', async () => {
    const { state, orders: give, calibrations, fail } = make();
    fail();
    const asked = [
      () => state.latest(NOVEMBER),
      () => state.save(fullState(), 0),
      () => state.series(NOVEMBER),
      () => state.saveSeries(knownSeries()),
      () => state.order(),
      () => state.calibration(),
      () => state.canaries(0, 1),
      () => give.give(STOP),
      () => calibrations.keepCalibration({ factor: 1, at: 1 }),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ refusal: 'throttled' });
  });
});

const STOP = { kind: 'stop', stop: { since: 4, by: 'arn:aws:iam::111122223333:user/ann', reason: 'enough' } } as const;
