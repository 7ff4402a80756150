import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import { replay } from '../../../core/replay/replay';
import type { PricedModel } from '../../../core/replay/usage';
import { LINES, MODELS, START, inHour, inOrder, row, tableOf, price } from './traces';

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
