import fc from 'fast-check';
import { assess } from '../../../core/meter/assess';
import type { KnownAssessment, MeterMemory, MeterReading, Series, UsageResolution } from '../../../core/meter/types';
import { MINUTE_MS } from '../../../core/calendar';
import { nanoUsd, usd, ZERO } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import { at, reading, series, USAGE } from '../../helpers/meter-world';

const NOW = at('2026-11-10T12:30');
const M = 1_000_000;

function knownOf(from: MeterReading, previous?: MeterMemory, now = NOW, usage = USAGE): KnownAssessment {
  const result = assess(from, usage, previous, now);
  if (result.kind === 'unknown') throw new Error(result.why);
  return result;
}
const memory = (over: Partial<MeterMemory> & Pick<MeterMemory, 'monthToDate'>): MeterMemory => ({
  month: '2026-11' as MeterMemory['month'],
  at: NOW - 60_000,
  day: '2026-11-10' as MeterMemory['day'],
  today: ZERO,
  ring: [],
  ...over,
});

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
  expect(result.byModel).toMatchObject([{ modelId: 'amazon.nova-lite-v1:0', monthToDate: usd('7.35'), today: usd(5) }]);
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

describe('trap 21: within a month the figures never fall', () => {
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

describe('trap 39: whose usage it is', () => {
  const of = (modelId: string) => series({ modelId }, [['2026-11-10T12:00', 900 * M]]);
  test('a neighbour who spends $900 is reported and never counted', () => {
    const result = knownOf(reading(NOW, of('neighbour'), series({}, [['2026-11-10T12:00', M]])));
    expect(result.monthToDate).toBe(usd(1));
    expect(result.lastHour).toBe(usd(1));
    expect(result.foreign).toMatchObject([{ owner: 'staging', tokens: { input: 900 * M } }]);
  });
  test('use without a profile in a shared account is reported, not counted', () => {
    const result = knownOf(reading(NOW, of('amazon.nova-lite-v1:0')));
    expect(result.monthToDate).toBe(ZERO);
    expect(result.unguarded).toHaveLength(1);
  });
  test('an id that was not resolved is a finding in a shared account', () => {
    const result = knownOf(reading(NOW, of('who')));
    expect(result.monthToDate).toBe(ZERO);
    expect(result).toMatchObject({ lowerBound: true, findings: [{ kind: 'unresolved' }] });
  });
  test('and counts at the dearest rate in an account of its own', () => {
    const result = knownOf(reading(NOW, of('who')), undefined, NOW, { ...USAGE, metering: 'account' });
    expect(result.monthToDate).toBe(usd(9000));
  });
});

describe('trap 47: what the configuration does not name', () => {
  const used = (modelId: string) =>
    ['InputTokenCount', 'OutputTokenCount'].map((metric) => series({ metric, modelId }, [['2026-11-10T12:00', M]]));
  test('has no price anywhere: charged at the dearest known rate, and the figures are a lower bound that names it', () => {
    const result = knownOf(reading(NOW, ...used('lost456')));
    expect(result.monthToDate).toBe(usd(60));
    expect(result.unattributed).toMatchObject([{ metricId: 'lost456', tier: 'unknown' }]);
    expect(result.lowerBound).toBe(true);
    expect(result.findings).toEqual([
      {
        kind: 'unlisted',
        understates: true,
        text: 'us-east-1 lost456: no price is known: counted at the dearest known rate',
      },
    ]);
  });
  test('without tokens it says nothing', () => {
    expect(knownOf(reading(NOW, series({ modelId: 'lost456' }, [['2026-11-10T12:00', 0]]))).findings).toEqual([]);
  });
  test('is listed: charged at its own price, under its model, of no tier, and no lower bound', () => {
    const opus = { input: picoUsdPerToken(15), output: picoUsdPerToken(75) };
    const price = { ...opus, cacheRead: picoUsdPerToken('1.5'), cacheWrite: picoUsdPerToken(30) };
    const usage: UsageResolution = {
      ...USAGE,
      classes: { byhand789: { kind: 'listed', modelId: 'anthropic.claude-opus-4-1-20250805-v1:0', price } },
    };
    const result = knownOf(reading(NOW, ...used('byhand789')), undefined, NOW, usage);
    expect(result.monthToDate).toBe(usd(90));
    expect(result.byModel).toMatchObject([
      { metricId: 'byhand789', modelId: 'anthropic.claude-opus-4-1-20250805-v1:0', tier: 'unknown' },
    ]);
    expect([result.unattributed, result.findings, result.lowerBound]).toEqual([[], [], false]);
  });
});

test('a count beyond belief is the largest amount there is, not an error', () => {
  const result = knownOf(
    reading(NOW, series({}, [['2026-11-10T12:00', 1e300]]), series({ region: 'x' }, [['2026-11-10T12:00', 9e15]])),
  );
  expect(result.monthToDate).toBe(Number.MAX_SAFE_INTEGER);
});

describe('the last hour', () => {
  const used = [
    series({}, [
      ['2026-11-10T08:00', 50 * M],
      ['2026-11-10T11:00', 2 * M],
      ['2026-11-10T12:00', M],
    ]),
  ];
  test.each([
    ['without an earlier read: this hour and the one before', [], 3],
    ['late points of earlier hours are not in it', [[61, 0]], 3],
    ['what an earlier read had is not in it', [[61, '51.5']], '1.5'],
    ['an entry 60 minutes old counts', [[60, '52.5']], '0.5'],
    ['one of 59 minutes is too young', [[59, '52.5']], 3],
    [
      'the latest of those old enough',
      [
        [75, 51],
        [62, '52'],
      ],
      1,
    ],
  ] as const)('%s', (_name, entries, expected) => {
    const ring = entries.map(([minutes, amount]) => ({ at: NOW - minutes * 60_000, monthToDate: usd(amount) }));
    expect(knownOf(reading(NOW, ...used), memory({ monthToDate: ZERO, ring })).lastHour).toBe(usd(expected));
  });
});

describe('the burn', () => {
  const used = [series({}, [['2026-11-10T12:00', 30 * M]])];
  test.each([
    ['no earlier read: this hour over its 30 minutes', [], 1],
    ['over 10 minutes', [[10, 20]], 1],
    ['2 minutes are enough', [[2, 20]], 5],
    ['less than 2 are not', [['1.9', 20]], 1],
    ['15 minutes still count', [[15, 15]], 1],
    ['16 do not', [[16, 0]], 1],
    [
      'the faster of short and long',
      [
        [14, 16],
        [2, 20],
      ],
      5,
    ],
    ['a late fall is none', [[10, 30]], 0],
  ] as const)('%s', (_name, entries, expected) => {
    const ring = entries.map(([minutes, amount]) => ({ at: NOW - Number(minutes) * 60_000, monthToDate: usd(amount) }));
    expect(knownOf(reading(NOW, ...used), memory({ monthToDate: ZERO, ring })).burnPerMinute).toBe(usd(expected));
  });
});

test('the ring holds an hour and no more, in order, without times to come', () => {
  let previous: MeterMemory | undefined;
  for (let minute = 0; minute < 200; minute++) previous = knownOf(reading(NOW), previous, NOW + minute * 60_000).memory;
  const ages = previous?.ring.map((entry) => NOW + 199 * 60_000 - entry.at) ?? [];
  expect(ages.length).toBe(81);
  expect(Math.max(...ages)).toBe(80 * 60_000);
  const back = knownOf(reading(NOW), previous, NOW);
  expect(back.burnPerMinute).toBe(ZERO);
  expect(back.memory.ring.every((entry) => entry.at <= NOW)).toBe(true);
});

const anySeries = fc.record({
  metric: fc.constantFrom('InputTokenCount', 'OutputTokenCount', 'CacheReadInputTokens', 'CacheReadInputTokenCount'),
  modelId: fc.constantFrom('abc123', 'lost456', 'neighbour', 'who', 'abc123+flex'),
  tier: fc.constantFrom(undefined, 'default', 'priority'),
  points: fc.array(
    fc.tuple(fc.integer({ min: -30, max: 260 }), fc.oneof(fc.nat(10 ** 9), fc.constantFrom(-1, 0.5, Number.NaN))),
    {
      maxLength: 6,
    },
  ),
});
const built = anySeries.map(({ metric, modelId, tier, points }) => {
  const dimensions: Record<string, string> = { ModelId: modelId, ...(tier !== undefined && { ServiceTier: tier }) };
  const start = at('2026-11-01T00:00');
  return series(
    { metric, dimensions },
    points.map(([hour, value]) => [start + hour * 3_600_000, value] as const),
  );
});

test('property: the order of series and points does not matter', () => {
  const shuffled = fc
    .array(built, { maxLength: 8 })
    .chain((all: Series[]) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      const turned = other.map((one) => ({ ...one, points: one.points.toReversed() }));
      expect(assess(reading(NOW, ...turned), USAGE, undefined, NOW)).toEqual(
        assess(reading(NOW, ...all), USAGE, undefined, NOW),
      );
    }),
  );
});

test('property: one more series never lowers the month, and reads in any order never lower it', () => {
  fc.assert(
    fc.property(fc.array(fc.array(built, { maxLength: 4 }), { maxLength: 6 }), built, (reads, extra) => {
      let previous: MeterMemory | undefined;
      reads.forEach((all, index) => {
        const now = NOW + index * 60_000;
        const result = knownOf(reading(now, ...all), previous, now);
        const more = knownOf(reading(now, ...all, extra), previous, now);
        expect(more.monthToDate).toBeGreaterThanOrEqual(result.monthToDate);
        expect(result.monthToDate).toBeGreaterThanOrEqual(previous?.monthToDate ?? 0);
        expect(Math.min(result.burnPerMinute, result.lastHour, result.today)).toBeGreaterThanOrEqual(0);
        previous = result.memory;
      });
    }),
  );
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

test('of many findings fifty are named, and the rest counted; what one of them hides is still a lower bound', () => {
  const many = Array.from({ length: 70 }, (_, index) => series({ modelId: `x${index}` }, [['2026-11-10T10:00', -1]]));
  const known = assess(
    { kind: 'complete', readAt: at('2026-11-10T12:00'), month: '2026-11' as never, series: many },
    USAGE,
    undefined,
    at('2026-11-10T12:00'),
  );
  expect(known.kind === 'known' && known.findings).toHaveLength(51);
  expect(known).toMatchObject({ lowerBound: true });
  expect(known.kind === 'known' && known.findings.at(-1)?.text).toBe('and 20 more, of negative');
});
