import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { usd, ZERO } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import type { ReplayLines } from '../../../core/replay/lines';
import { replay } from '../../../core/replay/replay';
import { UsageTable } from '../../../core/replay/usage-table';
import type { PricedModel, UsageRow } from '../../../core/replay/usage';
import { plainReplay } from './plain';

/** A million input tokens is a dollar. */
const price = {
  input: picoUsdPerToken(1),
  output: picoUsdPerToken(4),
  cacheRead: picoUsdPerToken('0.1'),
  cacheWrite: picoUsdPerToken('1.25'),
};
const MODELS: readonly PricedModel[] = [
  { id: 'small', tier: 'small', price },
  { id: 'large', tier: 'large', price },
];
const LINES: ReplayLines = {
  limit: usd(100),
  thresholds: [
    { atPercent: 50, effect: 'notify', basis: 'actual' },
    { atPercent: 90, effect: 'degrade', basis: 'actual' },
    { atPercent: 95, effect: 'stop', basis: 'actual' },
  ],
  stopAtPercent: 95,
  dailyLimit: usd(1000),
  hourlyBrake: usd(1000),
  worstCaseRatePerMinute: 'unknown',
  metricDelayMinutes: 2,
  tickMinutes: 1,
  enforcementMinutes: 1,
  graceMinutes: 0,
};
const START = Date.parse('2026-11-02T00:00:00Z');

const row = (at: number, dollars: number, modelId = 'small', spanMs = 0): UsageRow => ({
  at,
  spanMs,
  modelId,
  tokens: { input: Math.round(dollars * 1_000_000), output: 0, cacheRead: 0, cacheWrite: 0 },
});
const inHour = (hours: number, dollars: number, modelId = 'small', spanMs = 0) =>
  row(START + hours * HOUR_MS, dollars, modelId, spanMs);
const inOrder = (rows: readonly UsageRow[]) => rows.toSorted((a, b) => a.at - b.at);
const tableOf = (rows: readonly UsageRow[]) => {
  const table = new UsageTable();
  for (const { modelId, at, spanMs, tokens } of rows) table.add(modelId, at, spanMs, tokens);
  return table;
};
const minute = (text: string) => Date.parse(`2026-11-10T${text}:00Z`);

describe('a runaway of $4 each 30 seconds from 10:04:10, under a limit of $50', () => {
  const calls = Array.from({ length: 120 }, (_, at) => row(minute('10:04') + 10_000 + at * 30_000, 4));
  const lines: ReplayLines = { ...LINES, limit: usd(50), dailyLimit: usd(10), hourlyBrake: usd(5) };

  test('two minutes of delay, a tick a minute and a minute to enforce: decided at 10:07, held from 10:08, after $32', () => {
    const result = replay(calls, MODELS, lines);
    // The minute 10:04 has two calls, $8. It is over at 10:05, and shows two minutes later: to the tick of 10:07.
    // $8 are above the brake of $5 and below the $10 of the day. The deny holds from 10:08 on; 10:04 to 10:07 are four
    // minutes of two calls, $32. The other 112 calls, $448, are denied.
    expect(result.changes).toMatchObject([{ at: minute('10:07'), holdsFrom: minute('10:08'), to: 'stopped' }]);
    expect(result.changes[0]?.reason).toContain('runaway brake');
    expect(result).toMatchObject({ spent: usd(32), denied: usd(448) });
  });

  test.each([
    // [metric delay, enforcement, decided, held from, spent]: two calls in each minute until it holds.
    [1, 1, '10:06', '10:07', 24],
    [2, 0, '10:07', '10:07', 24],
    [2.5, 1, '10:08', '10:09', 40],
    [5, 3, '10:10', '10:13', 72],
    [10, 1, '10:15', '10:16', 96],
  ] as const)('a delay of %d and %d to enforce: decided at %s, held from %s', (delay, enforcement, at, from, spent) => {
    const timing = { metricDelayMinutes: delay, enforcementMinutes: enforcement };
    const result = replay(calls, MODELS, { ...lines, ...timing });
    expect(result.changes[0]).toMatchObject({ at: minute(at), holdsFrom: minute(from), to: 'stopped' });
    expect(result.spent).toBe(usd(spent));
  });

  test('half a minute to enforce lets the minute go on that has begun', () => {
    const result = replay(calls, MODELS, { ...lines, enforcementMinutes: 0.5 });
    expect(result.changes[0]).toMatchObject({ at: minute('10:07'), holdsFrom: minute('10:07') + 30_000 });
    expect(result.spent).toBe(usd(32));
  });
});

/**
 * Checked by hand. $0.10 a minute from 10:00 on, as one sum of $12 over two hours, limit $100, thresholds 5%, 10%, stop at 95%;
 * daily limit $11, brake $50; quotas are known and small, so that the worst case never asks for a read: the meter reads every
 * five minutes unless a line is near.
 *
 * Install and first read 10:00. Minute m shows at m + 3, so that by a tick at 10:00 + t there show t - 2 minutes: $0.10 x (t - 2).
 * "Near" is within 5% of the limit ($5), or what five minutes of the rate cost; the nearest line is $5 away at first: near,
 * each minute is read.
 *   $5.00 (5%): t - 2 = 50, t = 52: 10:52. Distance to the next line, $10: at $5.00 it is $5.00, near: each minute again.
 *   $10.00 (10%): t - 2 = 100, t = 102: 11:42. The daily line $11 is near by then.
 *   $11.00 (daily): t - 2 = 110, t = 112: 11:52, stopped; it holds from 11:53, after 113 minutes: $11.30 spent, $0.70 denied.
 *   The rate: the first read that sees something is 10:03, $0.10 since the reads of 10:00 and 10:01 ($0.00): at the read of
 *   10:01, two minutes ago, that is $0.05 a minute; $99.90 last 1998 minutes, more than the day (1440) that is warned of. At
 *   10:04: $0.20 over the two minutes since 10:02 is $0.10; $99.80 last 998 minutes: the mail of the rate goes at 10:04.
 *   Midnight: the daily hold falls with its day: open at 00:00, but the replay has ended at 11:59 + 1 + 2 minutes + 1 hour.
 */
test('the times of a trace, by hand', () => {
  const result = replay([row(minute('10:00'), 12, 'small', 2 * HOUR_MS)], MODELS, {
    ...LINES,
    thresholds: [
      { atPercent: 5, effect: 'notify', basis: 'actual' },
      { atPercent: 10, effect: 'notify', basis: 'actual' },
    ],
    dailyLimit: usd(11),
    hourlyBrake: usd(50),
    worstCaseRatePerMinute: usd('0.001'),
  });
  expect(result.alerts.map(({ at, alert }) => [at, alert.kind])).toEqual([
    [minute('10:04'), 'burn'],
    [minute('10:52'), 'threshold'],
    [minute('11:42'), 'threshold'],
    [minute('11:52'), 'state'],
  ]);
  expect(result.changes).toMatchObject([{ at: minute('11:52'), holdsFrom: minute('11:53'), to: 'stopped' }]);
  expect(result.changes[0]?.reason).toContain('daily limit');
  expect(result).toMatchObject({ spent: usd('11.3'), denied: usd('0.7') });
});

describe('property: the same as the plain model, to the minute and the cent', () => {
  const burst = fc
    .record({
      at: fc.integer({ min: 0, max: 2 * DAY_MS }),
      calls: fc.integer({ min: 1, max: 25 }),
      everyMs: fc.integer({ min: 0, max: 4 * MINUTE_MS }),
      dollars: fc.double({ min: 0.001, max: 4, noNaN: true }),
      modelId: fc.constantFrom('small', 'large'),
    })
    .map(({ at, calls, everyMs, dollars, modelId }) =>
      Array.from({ length: calls }, (_, one) => row(at + one * everyMs, dollars, modelId)),
    );
  const span = fc
    .record({
      at: fc.integer({ min: 0, max: 2 * DAY_MS }),
      spanMs: fc.oneof(fc.integer({ min: 1, max: 3 * HOUR_MS }), fc.constantFrom(MINUTE_MS, 5 * MINUTE_MS, HOUR_MS)),
      modelId: fc.constantFrom('small', 'large'),
      tokens: fc.record({
        input: fc.nat(8_000_000),
        output: fc.nat(500_000),
        cacheRead: fc.nat(1000),
        cacheWrite: fc.nat(1000),
      }),
    })
    .map((one): UsageRow[] => [one]);
  const usage = fc.array(fc.oneof(burst, span), { minLength: 1, maxLength: 6 }).map((all) => all.flat());
  const lines = fc.record({
    limit: fc.integer({ min: 5, max: 120 }).map(usd),
    dailyLimit: fc.constantFrom(4, 20, 1000).map(usd),
    hourlyBrake: fc.constantFrom(3, 10, 1000).map(usd),
    worstCaseRatePerMinute: fc.constantFrom('unknown' as const, ZERO, usd('0.01'), usd(2)),
    metricDelayMinutes: fc.constantFrom(1, 2, 2, 3.5, 25),
    enforcementMinutes: fc.constantFrom(0, 1, 1, 0.5, 7),
    graceMinutes: fc.constantFrom(0, 60),
  });
  /** The middle of a month, and a turn of the month on the second day. */
  const start = fc.constantFrom('2026-11-10T00:00:00Z', '2026-11-30T00:00:00Z', '2026-12-30T17:30:00Z').map(Date.parse);

  test('on random usage', () => {
    fc.assert(
      fc.property(usage, lines, start, fc.boolean(), (offsets, given, from, summed) => {
        const asked = offsets.map((one) => ({ ...one, at: one.at + from }));
        const rows = summed ? [...tableOf(asked)] : inOrder(asked);
        const all = { ...LINES, ...given };
        const fast = replay(rows, MODELS, all);
        const plain = plainReplay(rows, MODELS, all);
        expect(fast.changes).toEqual(plain.changes);
        expect(fast.alerts.map(({ at, alert: { kind, key } }) => ({ at, kind, key }))).toEqual(plain.alerts);
        // The plain model rounds up each minute, a bill each sum: a few nano-dollars a minute.
        expect(Math.abs(fast.spent - plain.spent)).toBeLessThan(usd('0.0001'));
        expect(Math.abs(fast.denied - plain.denied)).toBeLessThan(usd('0.0001'));
      }),
      { numRuns: 40 },
    );
  });
});

test('a model without a price is an error', () => {
  expect(() => replay([inHour(0, 1, 'unheard-of')], MODELS, LINES)).toThrow('no price for unheard-of');
});

test('no usage: nothing happens', () => {
  expect(replay([], MODELS, LINES)).toMatchObject({
    alerts: [],
    changes: [],
    spent: 0,
    denied: 0,
    byDay: [],
    months: [],
  });
});

test('a quiet month: nothing fires, everything is spent', () => {
  const result = replay([inHour(1, 10), inHour(200, 20)], MODELS, LINES);
  expect(result).toMatchObject({ changes: [], spent: usd(30), denied: 0 });
});

test('a slow overrun: announced at 50, degraded at 90, stopped at 95; what comes later is denied and counted', () => {
  const hourly = Array.from({ length: 240 }, (_, hour) =>
    inHour(hour, 0.5, hour % 2 === 0 ? 'small' : 'large', HOUR_MS),
  );
  const result = replay(hourly, MODELS, LINES);
  expect(result.changes.map(({ to }) => to)).toEqual(['degraded', 'stopped']);
  expect(result.spent).toBeGreaterThanOrEqual(usd(95));
  expect(result.spent).toBeLessThan(usd(96));
  expect(result.spent + result.denied).toBe(usd(120));
  expect(result.alerts.map(({ alert }) => alert.kind)).toContain('threshold');
  const large = result.byModel.find(({ modelId }) => modelId === 'large');
  expect(large?.denied).toBeGreaterThan(usd(10));
});

test('the next month begins anew', () => {
  const rows = [
    ...Array.from({ length: 28 * 24 }, (_, hour) => inHour(hour, 0.2, 'small', HOUR_MS)),
    inHour(31 * 24, 3),
  ];
  const result = replay(rows, MODELS, LINES);
  expect(result.changes.at(-1)?.to).toBe('open');
  expect(result.months.map(({ month }) => month)).toEqual(['2026-11', '2026-12']);
  expect(result.months[1]).toMatchObject({ spent: usd(3), denied: 0 });
});

test('a table gives any order of rows as the same usage, and a span that reaches over days', () => {
  const rows = [inHour(0, 30, 'small', 3 * DAY_MS), inHour(40, 2, 'large'), inHour(3, 5), inHour(20, 1, 'large')];
  expect(replay(tableOf(rows.toReversed()), MODELS, LINES)).toEqual(replay(tableOf(rows), MODELS, LINES));
  expect(replay(tableOf(rows), MODELS, LINES).spent).toBe(usd(38));
});

test('a row that begins in an earlier minute than the one before it is an error, in the same minute it is none', () => {
  const at = (...starts: readonly number[]) =>
    replay(
      starts.map((one) => row(START + one, 1, 'small')),
      MODELS,
      LINES,
    );
  expect(at(MINUTE_MS + 30_000, MINUTE_MS).spent).toBe(usd(2));
  expect(() => at(MINUTE_MS, MINUTE_MS - 1)).toThrow('comes after a later one');
});

test('many calls of a minute are the same usage as their sum', () => {
  const minutes = Array.from({ length: 30 }, (_, at) => START + at * 2 * HOUR_MS);
  const calls = 500;
  const long = inHour(5, 12, 'small', 2 * DAY_MS);
  const many = minutes.flatMap((at) => Array.from({ length: calls }, () => row(at, 0.000_1, 'large')));
  const few = minutes.map((at) => row(at, 0.000_1 * calls, 'large'));
  const byTable = replay(tableOf([long, ...many]), MODELS, LINES);
  expect(byTable).toEqual(replay(tableOf([long, ...few]), MODELS, LINES));
  expect(byTable).toEqual(replay(inOrder([long, ...many]), MODELS, LINES));
});

test('property: what is spent and what is denied add up to what was asked for; a far limit denies nothing', () => {
  const usage = fc.array(fc.record({ hours: fc.nat(700), dollars: fc.nat(30), large: fc.boolean() }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(usage, fc.integer({ min: 20, max: 300 }), (asked, limit) => {
      const rows = asked.map(({ hours, dollars, large }) => inHour(hours, dollars, large ? 'large' : 'small'));
      const at = (dollars: number) => replay(inOrder(rows), MODELS, { ...LINES, limit: usd(dollars) });
      const result = at(limit);
      expect(result.spent + result.denied).toBe(usd(asked.reduce((sum, { dollars }) => sum + dollars, 0)));
      expect(at(10_000).denied).toBe(0);
      for (const { at: when } of result.changes) expect(when % MINUTE_MS).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('a cache write costs as long as it lives; the meter takes it for the dearest, as the metrics do not tell', () => {
  const models: readonly PricedModel[] = [
    {
      id: 'small',
      tier: 'small',
      price: {
        ...price,
        cacheWrite: picoUsdPerToken(2),
        cacheWrite5m: picoUsdPerToken('1.25'),
        cacheWrite1h: picoUsdPerToken(2),
      },
    },
  ];
  const tokens = {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 8_000_000,
    cacheWrite5m: 6_000_000,
    cacheWrite1h: 1_000_000,
  };
  const result = replay([{ ...inHour(1, 0), tokens }], models, {
    ...LINES,
    limit: usd(32),
    thresholds: LINES.thresholds.slice(0, 1),
  });
  // Six at $1.25, one at $2 and one of an unknown life at $2: $11.50. The meter sees eight at $2, half of the limit.
  expect(result.spent).toBe(usd('11.5'));
  expect(result.alerts.map(({ alert }) => alert.kind)).toContain('threshold');
});
