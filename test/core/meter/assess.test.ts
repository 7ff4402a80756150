import { MINUTE_MS } from '../../../core/calendar';
import { assess } from '../../../core/meter/assess';
import type { MeterReading } from '../../../core/meter/types';
import { nanoUsd, usd, ZERO } from '../../../core/money';
import { at, reading, series, USAGE } from '../../helpers/meter-world';
import { knownOf, memory, M, NOW } from './assessed';

test('each component at its own price, today and this month', () => {
  const all = [
    series({ metric: 'InputTokenCount' }, [
      ['2026-11-09T23:00', M],
      ['2026-11-10T00:00', M],
    ]),
    series({ metric: 'OutputTokenCount' }, [['2026-11-10T12:00', M]]),
    series({ metric: 'CacheReadInputTokenCount' }, [['2026-11-01T00:00', M]]),
    series({ metric: 'CacheWriteInputTokenCount' }, [['2026-11-01T00:00', M]]),
  ];
  const result = knownOf(reading(NOW, ...all));
  expect(result.monthToDate).toBe(usd('7.35'));
  expect(result.today).toBe(usd(5));
  expect(result.lowerBound).toBe(false);
  expect(result.byModel).toMatchObject([
    { modelId: 'amazon.nova-lite-v1:0', tier: 'small', monthToDate: usd('7.35'), today: usd(5) },
  ]);
});

describe('what is complete of a month', () => {
  const hours = [
    ['2026-11-09T22:00', M],
    ['2026-11-09T23:00', M],
    ['2026-11-10T00:00', M],
  ] as const;
  const input = usd(1);
  const at = (time: string) => {
    const now = Date.parse(`${time}Z`);
    return knownOf(reading(now, series({ metric: 'InputTokenCount' }, [...hours])), undefined, now).complete;
  };

  test.each([
    ['2026-11-10T00:59:59', '2026-11-09T23:00', 1],
    ['2026-11-10T01:00', '2026-11-10T00:00', 2],
    ['2026-11-10T01:59:59', '2026-11-10T00:00', 2],
    ['2026-11-10T02:00', '2026-11-10T01:00', 3],
  ])('at %s: until %s, as hours that are over for an hour', (now, until, counted) => {
    expect(at(now)).toEqual({ until: Date.parse(`${until}Z`), spent: counted * input });
  });

  test('is nothing in the first hours, and where the figures are a lower bound', () => {
    const early = Date.parse('2026-11-01T01:59Z');
    expect(knownOf(reading(early), undefined, early)).not.toHaveProperty('complete');
    expect(knownOf(reading(early + MINUTE_MS), undefined, early + MINUTE_MS).complete).toMatchObject({ spent: 0 });
    const unknown = series({ metric: 'InputTokenCount', dimensions: { ModelId: 'nobody.knows-v1:0' } }, [...hours]);
    expect(knownOf(reading(NOW, unknown))).not.toHaveProperty('complete');
  });

  test('what an earlier read saw and this one misses counts as used', () => {
    const read = reading(NOW, series({ metric: 'InputTokenCount' }, [...hours]));
    expect(knownOf(read, memory({ monthToDate: usd(3) })).complete).toMatchObject({ spent: usd(3) });
    expect(knownOf(read, memory({ monthToDate: usd(5) })).complete).toMatchObject({ spent: usd(5) });
  });
});

test('rounded up once a series, not once a point', () => {
  const cacheRead = (hour: number) => [`2026-11-01T0${hour}:00`, 1] as const;
  const result = knownOf(reading(NOW, series({ metric: 'CacheReadInputTokenCount' }, [0, 1, 2, 3, 4].map(cacheRead))));
  expect(result.monthToDate).toBe(nanoUsd(500));
});

test.each<[string, MeterReading]>([
  ['not complete', { kind: 'unknown', why: 'StatusCode PartialData' }],
  ['of another month', reading(at('2026-10-31T23:59'))],
])('trap 21: a read that is %s is unknown, never zero', (_name, from) => {
  expect(assess(from, USAGE, memory({ monthToDate: usd(5) }), NOW)).toMatchObject({
    kind: 'unknown',
    since: NOW - 60_000,
  });
});

test('a read that is not complete says why', () => {
  const why = 'StatusCode PartialData';
  expect(assess({ kind: 'unknown', why }, USAGE, undefined, NOW)).toEqual({ kind: 'unknown', why });
});

describe('trap 21: within a month the figures never fall', () => {
  test.each([
    ['4.999999999', 5, []],
    ['5', 5, []],
    ['5.000000001', '5.000000001', ['fell']],
  ] as const)('an earlier read of $%s, now $5: $%s counts', (earlier, counts, kinds) => {
    const read = reading(NOW, series({}, [['2026-11-10T10:00', 5 * M]]));
    const { monthToDate, findings } = knownOf(read, memory({ monthToDate: usd(earlier) }));
    expect([monthToDate, findings.map(({ kind }) => kind)]).toEqual([usd(counts), kinds]);
  });
  test('a lower read keeps the earlier and says so', () => {
    const result = knownOf(reading(NOW), memory({ monthToDate: usd(5), today: usd(2) }));
    expect([result.monthToDate, result.today]).toEqual([usd(5), usd(2)]);
    expect(result.findings).toMatchObject([{ kind: 'fell' }]);
  });
  test('a new month begins at what it has', () => {
    const december = at('2026-12-01T00:05');
    const result = knownOf(reading(december), memory({ monthToDate: usd(5), today: usd(2) }), december);
    expect([result.monthToDate, result.today, result.findings]).toEqual([ZERO, ZERO, []]);
  });
  test.each(['2027-01-01T00:01', '2027-03-01T00:01', '2028-03-01T00:01'])(
    'the year and February turn as any month: %s',
    (turn) => {
      const before = at(turn) - 120_000;
      const last = knownOf(reading(before, series({}, [[before - (before % 3_600_000), 9 * M]])), undefined, before);
      expect(last.monthToDate).toBe(usd(9));
      expect(knownOf(reading(at(turn)), last.memory, at(turn)).monthToDate).toBe(ZERO);
    },
  );
  test('a new day begins anew', () => {
    const midnight = at('2026-11-11T00:05');
    const used = series({}, [
      ['2026-11-10T23:00', 3 * M],
      ['2026-11-11T00:00', M],
    ]);
    expect(knownOf(reading(midnight, used), memory({ monthToDate: usd(3), today: usd(3) }), midnight).today).toBe(
      usd(1),
    );
  });
});

test('a count beyond belief is the largest amount there is, not an error', () => {
  const result = knownOf(
    reading(NOW, series({}, [['2026-11-10T12:00', 1e300]]), series({ region: 'x' }, [['2026-11-10T12:00', 9e15]])),
  );
  expect(result.monthToDate).toBe(Number.MAX_SAFE_INTEGER);
});

test('a count beyond belief stops, and is one that the state table can keep', () => {
  const huge = series({}, [['2026-11-10T10:00', 9e18]]);
  const known = assess(
    { kind: 'complete', readAt: at('2026-11-10T12:00'), month: '2026-11' as never, series: [huge] },
    USAGE,
    undefined,
    at('2026-11-10T12:00'),
  );
  expect(known).toMatchObject({ kind: 'known', byModel: [{ tokens: { input: Number.MAX_SAFE_INTEGER } }] });
});
