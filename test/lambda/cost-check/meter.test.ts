import { DAY_MS, type UtcMonth } from '../../../core/calendar';
import type { MeterState } from '../../../core/decision/meter-state';
import type { SeriesId } from '../../../core/meter/types';
import { usd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { at, known } from '../../helpers/meter-world';
import { quietMeter } from '../../helpers/quiet-meter';
import { costCheck, item, type World } from './harness';

/** The days compared at this time are the 14th to the 20th. */
const NOW = '2026-11-23T11:00:00Z';
const LITE = 'amazon.nova-lite-v1:0';
const OTHERS = '(others)';

function inputOf(modelId: string, region = 'us-east-1'): SeriesId {
  return { namespace: 'AWS/Bedrock', region, metric: 'InputTokenCount', dimensions: { ModelId: modelId } };
}

/** `[day, dollars]` of Nova Lite by the meter, whose million tokens is a dollar; series as it keeps them. */
function metered(world: World, spend: readonly (readonly [string, number])[], profile = 'litelitelite') {
  const check = costCheck(world);
  for (const [day, dollars] of spend) {
    check.usage.record(inputOf(profile), at(`${day}T12:00`), Math.round(dollars * 1_000_000));
  }
  const months = ['2026-10', '2026-11', '2026-12'] as UtcMonth[];
  for (const month of months) void check.meter.saveSeries({ month, series: [inputOf(profile)], profiles: {} });
  return check;
}

const billed = (...days: readonly (readonly [string, string])[]) => days.map(([day, amount]) => item(day, amount));

describe('trap 33: drift between meter and bill', () => {
  test.each<
    [string, readonly (readonly [string, string])[], readonly (readonly [string, number])[], number | undefined]
  >([
    [
      'two days above 10% and $1',
      [
        ['2026-11-14', '20'],
        ['2026-11-20', '20'],
      ],
      [
        ['2026-11-14', 17],
        ['2026-11-20', 17],
      ],
      1,
    ],
    [
      'the meter may be the higher one',
      [
        ['2026-11-14', '20'],
        ['2026-11-20', '20'],
      ],
      [
        ['2026-11-14', 23],
        ['2026-11-20', 23],
      ],
      1,
    ],
    [
      'one day of two',
      [
        ['2026-11-14', '20'],
        ['2026-11-20', '20'],
      ],
      [
        ['2026-11-14', 17],
        ['2026-11-20', 19],
      ],
      undefined,
    ],
    [
      '10% exactly',
      [
        ['2026-11-14', '20'],
        ['2026-11-20', '20'],
      ],
      [
        ['2026-11-14', 18],
        ['2026-11-20', 18],
      ],
      undefined,
    ],
    [
      'just above 10%',
      [
        ['2026-11-14', '20'],
        ['2026-11-20', '20'],
      ],
      [
        ['2026-11-14', 17.99],
        ['2026-11-20', 17.99],
      ],
      1,
    ],
    [
      '$1 exactly',
      [
        ['2026-11-14', '2'],
        ['2026-11-20', '2'],
      ],
      [
        ['2026-11-14', 1],
        ['2026-11-20', 1],
      ],
      undefined,
    ],
    [
      'just above $1',
      [
        ['2026-11-14', '2'],
        ['2026-11-20', '2'],
      ],
      [
        ['2026-11-14', 0.99],
        ['2026-11-20', 0.99],
      ],
      1,
    ],
    [
      'a second day that is too young',
      [
        ['2026-11-20', '20'],
        ['2026-11-21', '20'],
      ],
      [
        ['2026-11-20', 1],
        ['2026-11-21', 1],
      ],
      undefined,
    ],
    [
      'a second day that is too old',
      [
        ['2026-11-13', '20'],
        ['2026-11-14', '20'],
      ],
      [
        ['2026-11-13', 1],
        ['2026-11-14', 1],
      ],
      undefined,
    ],
    [
      'a meter that sees nothing',
      [
        ['2026-11-14', '20'],
        ['2026-11-20', '20'],
      ],
      [],
      1,
    ],
  ])('%s', async (_what, bill, meter, models) => {
    const check = metered({ now: NOW, items: billed(...bill) }, meter);
    await check.scheduled();
    expect(check.metrics.latest('MeterDrift')).toBe(models);
  });

  test('report and mail name the model, the days and both figures', async () => {
    const items = billed(['2026-11-14', '20'], ['2026-11-20', '21']);
    const check = metered({ now: NOW, items }, [
      ['2026-11-14', 17],
      ['2026-11-20', 18],
    ]);
    const result = await check.scheduled();
    if (result.kind !== 'reported') throw new Error(result.why);
    expect(result.report.meter.comparison.drift).toEqual([
      {
        modelId: LITE,
        name: 'Nova Lite',
        days: [
          { day: '2026-11-14', modelId: LITE, meter: usd(17), bill: usd(20) },
          { day: '2026-11-20', modelId: LITE, meter: usd(18), bill: usd(21) },
        ],
      },
    ]);
    const [{ subject, body } = { subject: '', body: '' }] = check.mail.sent;
    expect(subject).toContain('meter and bill differ');
    expect(body).toContain('Meter against the bill, 2026-11-14 to 2026-11-20');
    expect(body).toContain('Nova Lite: more than 10% and $1 apart on 2 days');
    expect(body).toContain('2026-11-14  meter $17.00, bill $20.00');
    expect(body).toContain('2026-11-20  meter $18.00, bill $21.00');
    expect(body).toContain('Not compared: 5 days from 2026-11-15 (the bill: no line of this environment)');
  });

  test('what the bill names in its own way is compared as one group', async () => {
    const usageType = 'USE1-Nova2.0Lite-input-tokens';
    const items = ['2026-11-14', '2026-11-15'].map((day) => item(day, '20', { usageType }));
    const check = metered({ now: NOW, items }, [
      ['2026-11-14', 20],
      ['2026-11-15', 17],
    ]);
    const { meter } = await check.onDemand();
    expect(meter.comparison.days.map(({ modelId, meter: ours, bill }) => [modelId, ours, bill])).toEqual([
      [OTHERS, usd(20), usd(20)],
      [OTHERS, usd(17), usd(20)],
    ]);
  });

  test('trap 39: a neighbour’s tokens, and its bill, are not compared', async () => {
    const neighbour = 'someoneselse';
    const items = [...billed(['2026-11-14', '5']), item('2026-11-14', '900', { environment: 'staging' })];
    const check = metered({ now: NOW, items }, [['2026-11-14', 900]], neighbour);
    const arn = `arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/${neighbour}`;
    check.profiles.add({ arn, id: neighbour, modelIds: [LITE] }, 'staging');
    const { meter } = await check.onDemand();
    expect(meter.comparison.days).toEqual([{ day: '2026-11-14', modelId: LITE, meter: 0, bill: usd(5) }]);
  });

  test('metering the account: both sides have what nobody claims, and neither a neighbour’s', async () => {
    const items = [
      ...billed(['2026-11-14', '5']),
      item('2026-11-14', '7', { environment: '' }),
      item('2026-11-14', '900', { environment: 'staging' }),
    ];
    const variables = { METERING: 'account' } as const;
    const check = metered({ now: NOW, items, variables }, [['2026-11-14', 12]], LITE);
    const { meter, bill } = await check.onDemand();
    expect(meter.comparison.days).toEqual([{ day: '2026-11-14', modelId: LITE, meter: usd(12), bill: usd(12) }]);
    expect(bill).toMatchObject({ monthToDate: usd(12), untagged: 0, foreign: usd(900) });
  });
});

test('what has no token price is missing from the meter, not unknown to it: that is drift', async () => {
  const items = billed(['2026-11-14', '20'], ['2026-11-20', '20']);
  const check = metered({ now: NOW, items }, []);
  const images = { ...inputOf('litelitelite'), metric: 'OutputImageCount' };
  check.usage.record(images, at('2026-11-14T12:00'), 500);
  await check.meter.saveSeries({ month: '2026-11' as UtcMonth, series: [images], profiles: {} });
  expect((await check.onDemand()).meter.comparison.drift).toHaveLength(1);
});

describe('the month’s turn', () => {
  test.each([
    ['2026-12-01T00:00:00Z', '2026-11-22', '2026-11-28'],
    ['2026-12-03T00:00:00Z', '2026-11-24', '2026-11-30'],
    ['2026-12-04T11:00:00Z', '2026-11-25', '2026-12-01'],
  ])('at %s the days are %s to %s, of both sides', async (now, from, to) => {
    const days = [from, to];
    const items = days.map((day) => item(day, '20'));
    const check = metered(
      { now, items },
      days.map((day) => [day, 10] as const),
    );
    const { meter } = await check.onDemand();
    expect(meter.comparison.drift.flatMap(({ days: apart }) => apart.map(({ day }) => day))).toEqual(days);
    const end = new Date(Date.parse(to) + DAY_MS).toISOString().slice(0, 10);
    const last = check.costExplorer.queries.at(-1);
    expect(last).toMatchObject({ from, to: end, granularity: 'DAILY' });
  });

  test('a month whose series the meter has not kept is unknown, the other is compared', async () => {
    const now = '2026-12-04T11:00:00Z';
    const items = billed(['2026-11-30', '20'], ['2026-12-01', '20']);
    const check = costCheck({ now, items });
    await check.meter.saveSeries({ month: '2026-12' as UtcMonth, series: [], profiles: {} });
    const { comparison } = (await check.onDemand()).meter;
    expect(comparison.days.map(({ day }) => day)).toEqual(['2026-12-01']);
    expect(comparison.notCompared).toContainEqual({
      day: '2026-11-30',
      why: 'the meter: it has kept no series of 2026-11',
    });
  });

  test('figures of the month before are not shown as those of the new one', async () => {
    const check = costCheck({ now: '2026-12-01T00:00:30Z', meter: quietMeter(at('2026-11-30T23:59')) });
    expect((await check.onDemand()).meter.figures).toEqual({
      kind: 'unavailable',
      why: 'its last complete read is of 2026-11',
    });
  });
});

describe('unknown is never zero', () => {
  const items = billed(['2026-11-14', '20'], ['2026-11-20', '20']);
  const spend = [
    ['2026-11-14', 1],
    ['2026-11-20', 1],
  ] as const;
  type Check = ReturnType<typeof costCheck>;

  test.each<[string, (check: Check) => void, RegExp]>([
    ['an incomplete answer of CloudWatch', ({ usage }) => usage.failures.set('us-east-1', 'incomplete'), /PartialData/],
    ['a throttle', ({ usage }) => usage.failures.set('us-east-1', 'throttled'), /ThrottlingException from AWS/],
    [
      'profiles that cannot be listed',
      ({ profiles }) => (profiles.failure = new ServiceError('accessDenied', 'AccessDeniedException', 'no')),
      /AccessDeniedException from AWS/,
    ],
    [
      'a state table that cannot be read',
      ({ meter }) => (meter.failure = new ServiceError('unavailable', 'InternalServerError', 'down')),
      /InternalServerError from AWS/,
    ],
    [
      'a point that had to be left out',
      ({ usage }) => usage.record(inputOf('litelitelite'), at('2026-11-15T12:00'), -1),
      /a negative count: left out/,
    ],
  ])(
    'bill known, meter unknown by %s: no day is compared, nothing is calibrated, and the report goes out',
    async (_what, harm, why) => {
      const check = metered({ now: NOW, items }, spend);
      harm(check);
      const result = await check.scheduled();
      if (result.kind !== 'reported') throw new Error(result.why);
      const { comparison } = result.report.meter;
      expect(comparison.days).toEqual([]);
      expect(comparison.notCompared[0]!.why).toMatch(why);
      expect(check.metrics.latest('MeterDrift')).toBeUndefined();
      expect(result.mailed).toBe(true);
      check.meter.failure = undefined;
      expect(await check.meter.calibration()).toBeUndefined();
    },
  );

  test('one Region of two that cannot be read makes the day unknown, not smaller', async () => {
    const world = { now: NOW, items, variables: { METER_REGIONS: '["us-east-1","eu-west-1"]' } };
    const check = metered(world, spend);
    const series = [inputOf('litelitelite'), inputOf('litelitelite', 'eu-west-1')];
    await check.meter.saveSeries({ month: '2026-11' as UtcMonth, series, profiles: {} });
    check.usage.failures.set('eu-west-1', 'incomplete');
    expect((await check.onDemand()).meter.comparison.days).toEqual([]);
  });

  test('meter known, bill unknown: the daily answer alone fails', async () => {
    let calls = 0;
    const failure = () =>
      ++calls > 2 ? { why: 'Cost Explorer answers ServiceUnavailable', retryable: true } : undefined;
    const check = metered({ now: NOW, items, failure }, spend);
    const report = await check.onDemand();
    expect(report.bill.kind).toBe('known');
    expect(report.meter.comparison).toMatchObject({ days: [], drift: [] });
    expect(report.meter.comparison.notCompared).toHaveLength(7);
    expect(report.meter.comparison.notCompared[0]!.why).toBe('the bill: Cost Explorer answers ServiceUnavailable');
  });

  test('meter known, nothing on the bill at all', async () => {
    const { comparison } = (await metered({ now: NOW }, spend).onDemand()).meter;
    expect(comparison.days).toEqual([]);
    expect(comparison.notCompared[0]!.why).toBe('the bill: no line of this environment');
  });

  test('trap 45: a bill in another currency is not compared', async () => {
    const { comparison } = (await metered({ now: NOW, items, currency: 'BRL' }, spend).onDemand()).meter;
    expect(comparison.days).toEqual([]);
    expect(comparison.notCompared[0]!.why).toMatch(/the bill is in BRL/);
  });

  test('the days’ own answer in another currency is not compared either', async () => {
    const check = metered({ now: NOW, items }, spend);
    const asked = check.costExplorer.costs.bind(check.costExplorer);
    check.costExplorer.costs = async (query) => {
      const answer = await asked(query);
      const isDaily = query.granularity === 'DAILY' && query.groupBy.some(({ kind }) => kind === 'USAGE_TYPE');
      if (answer.kind === 'unavailable' || !isDaily) return answer;
      return { ...answer, rows: answer.rows.map((row) => ({ ...row, currency: 'INR' })) };
    };
    expect((await check.onDemand()).meter.comparison.notCompared[0]!.why).toMatch(/in INR, not in USD/);
  });
});

describe('paid requests', () => {
  test('three a report, and every one is counted', async () => {
    const check = metered({ now: NOW, items: billed(['2026-11-14', '5']) }, []);
    const { requests } = await check.onDemand();
    expect(requests).toBe(3);
    expect(check.costExplorer.queries).toHaveLength(3);
    expect(check.costExplorer.queries.at(-1)).toMatchObject({
      from: '2026-11-14',
      to: '2026-11-21',
      groupBy: [{ kind: 'SERVICE' }, { kind: 'USAGE_TYPE' }],
      services: ['Amazon Bedrock Service'],
      tag: { value: 'dev' },
    });
  });

  test('an account without Bedrock on its bill is asked once', async () => {
    expect((await costCheck({ now: NOW }).onDemand()).requests).toBe(1);
  });
});

describe('calibration', () => {
  test.each<[string, number, number]>([
    ['a bill that is lower never lowers it', 25, 1],
    ['a bill that is higher raises it', 16, 1.25],
    ['at most to 1.5', 2, 1.5],
  ])('%s', async (_what, dollars, factor) => {
    const check = metered({ now: NOW, items: billed(['2026-11-14', '20']) }, [['2026-11-14', dollars]]);
    await check.scheduled();
    expect(await check.meter.calibration()).toEqual({ factor, at: Date.parse(NOW) });
  });

  test('stands beside the raw figure, in report and mail', async () => {
    const check = metered({ now: NOW, items: billed(['2026-11-14', '20']) }, [['2026-11-14', 16]]);
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.calibration).toEqual({ kind: 'known', factor: 1.25, asOf: '2026-11-23T11:00:00.000Z' });
    expect(meter.figures).toMatchObject({ monthToDate: usd(3), calibrated: usd('3.75') });
    expect(check.mail.sent[0]!.body).toMatch(/Spent in 2026-11 +\$3\.00 of \$50\.00 \(the bill: \$20\.00\)/);
    expect(check.mail.sent[0]!.body).toMatch(/Counts for a stop as +\$3\.75 \(x1\.25: the bill was higher\)/);
  });

  test('where no day can be compared, the last one stands and is shown', async () => {
    const check = costCheck({ now: NOW });
    await check.meter.keepCalibration({ factor: 1.1, at: 1 });
    expect((await check.onDemand()).meter.calibration).toMatchObject({ factor: 1.1 });
    expect(await check.meter.calibration()).toEqual({ factor: 1.1, at: 1 });
  });

  test('one that cannot be kept is said, and the report goes out', async () => {
    const check = metered({ now: NOW, items: billed(['2026-11-14', '20']) }, [['2026-11-14', 16]]);
    check.meter.keepCalibration = async () => {
      throw new ServiceError('throttled', 'ThrottlingException', 'slow down');
    };
    const result = await check.scheduled();
    expect(result).toMatchObject({ kind: 'reported', mailed: true });
    expect(check.mail.sent[0]!.body).toContain('calibrated is unknown: x1.25 could not be kept: ThrottlingException');
  });
});

describe('the meter in the report', () => {
  const now = Date.parse(NOW);
  const tokens = { input: 1_000_000, output: 200_000, cacheRead: 30_000, cacheWrite: 4_567 };
  const lost = { metricId: 'lost456', region: 'us-east-1', modelId: 'lost456', tier: 'unknown', tokens } as const;
  const busy: MeterState = quietMeter(now, {
    reading: {
      at: now,
      known: {
        ...known(now, { spend: '31.5', today: '2.25', lowerBound: true }),
        foreign: [
          { metricId: 'a', region: 'us-east-1', owner: 'staging', tokens },
          { metricId: 'b', region: 'eu-west-1', owner: 'staging', tokens },
        ],
        unguarded: [{ metricId: LITE, region: 'us-east-1', owner: 'nobody', tokens }],
        byModel: [
          { ...lost, metricId: 'byhand', modelId: 'anthropic.claude-opus-4-1', monthToDate: usd(2), today: usd(0) },
          { ...lost, monthToDate: usd(1), today: usd(0) },
        ],
        unattributed: [{ ...lost, monthToDate: usd(1), today: usd(0) }],
        findings: [
          { kind: 'negative', understates: true, text: 'us-east-1 X: a negative count: left out' },
          { kind: 'unlisted', understates: true, text: 'us-east-1 lost456: no price is known' },
        ],
      },
    },
  });

  test('month to date and today beside the bill, what is not counted, what has no price, what was found', async () => {
    const check = costCheck({ now: NOW, meter: busy, items: billed(['2026-11-21', '29.5']) });
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.figures).toEqual({
      kind: 'known',
      asOf: '2026-11-23T11:00:00.000Z',
      monthToDate: usd('31.5'),
      percentOfLimit: 63,
      today: usd('2.25'),
      lowerBound: true,
      unattributed: ['lost456'],
      unconfigured: ['anthropic.claude-opus-4-1'],
      foreign: [{ owner: 'staging', tokens: 2_469_134 }],
      unguarded: 1_234_567,
      findings: ['us-east-1 X: a negative count: left out'],
    });
    const { body } = check.mail.sent[0]!;
    expect(body).toMatch(/Spent in 2026-11 +at least \$31\.50 of \$50\.00 \(the bill: \$29\.50\)/);
    expect(body).toMatch(/Today so far +at least \$2\.25/);
    expect(body).toMatch(/Not counted +2,469,134 tokens of staging/);
    expect(body).toMatch(/Not counted +1,234,567 tokens used without a profile/);
    expect(body).toMatch(/No known price +lost456: counted at the dearest rate, real spend may be higher/);
    expect(body).toMatch(/Not in the config +anthropic\.claude-opus-4-1: counted at the list price/);
    expect(body.match(/lost456/g)).toHaveLength(1);
    expect(body).toMatch(/Found +us-east-1 X: a negative count: left out/);
  });

  test('a meter that has not run is blind, and its figures are unknown', async () => {
    const check = costCheck({ now: NOW, meter: 'none' });
    const { meter, lines } = await check.onDemand({ mail: true });
    expect(lines.find(({ line }) => line === 'meter')).toMatchObject({ state: 'blind' });
    expect(meter).not.toHaveProperty('denies');
    expect(check.mail.sent[0]!.body).toContain('What it counts is unknown: it has not run yet.');
    expect(check.mail.sent[0]!.subject).toContain('meter is blind');
  });

  test('a read of yesterday says nothing of today', async () => {
    const meter = quietMeter(now, { reading: { at: now, known: known(now - DAY_MS, { spend: 3 }) } });
    const check = costCheck({ now: NOW, meter });
    expect((await check.onDemand({ mail: true })).meter.figures).not.toHaveProperty('today');
    expect(check.mail.sent[0]!.body).toMatch(/Today so far +not read yet/);
  });

  test.each([
    ['stopped', 'stopped by the meter'],
    ['degraded', 'large models are denied'],
  ] as const)('%s stands in the subject', async (desired, headline) => {
    const items = billed(['2026-11-21', '5']);
    const meter = quietMeter(now, { desired, decision: { ...quietMeter(now).decision, desired } });
    const check = costCheck({ now: NOW, meter, items });
    const { lines } = await check.onDemand({ mail: true });
    expect(lines.find(({ line }) => line === 'meter')).toMatchObject({ state: 'applied' });
    expect(check.mail.sent[0]!.subject).toContain(headline);
  });

  test('a dry run is said as one', async () => {
    const check = costCheck({ now: NOW, variables: { ENFORCE: 'false' } });
    await check.onDemand({ mail: true });
    expect(check.mail.sent[0]!.body).toContain('meter: dry run - it denies nobody');
  });
});

describe('an order in force stands in every report', () => {
  const since = at('2026-11-22T09:30');

  test.each([
    ['with a limit', { limit: usd(80) }, 'limit $80.00'],
    ['without one', {}, 'the lines stay as they are'],
  ])('an override %s: who, why, limit, until', async (_what, limit, text) => {
    const check = costCheck({ now: NOW });
    const override = { since, by: 'ann', reason: 'launch day', until: at('2026-11-25T18:00'), ...limit };
    await check.meter.give({ kind: 'override', override });
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.order).toEqual({
      kind: 'override',
      by: 'ann',
      reason: 'launch day',
      since: '2026-11-22T09:30:00.000Z',
      until: '2026-11-25T18:00:00.000Z',
      ...limit,
    });
    expect(check.mail.sent[0]!.body).toContain(
      `order in force: override, by ann, ${text}, until 2026-11-25 18:00 UTC: launch day`,
    );
  });

  test.each([
    ['a moment before its end', '2026-11-25T17:59:59Z', 'override'],
    ['at its end', '2026-11-25T18:00:00Z', 'none'],
  ])('%s', async (_when, now, kind) => {
    const check = costCheck({ now });
    const override = { since, by: 'ann', reason: 'launch day', until: at('2026-11-25T18:00') };
    await check.meter.give({ kind: 'override', override });
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.order.kind).toBe(kind);
    expect(check.mail.sent[0]!.body.includes('order in force')).toBe(kind === 'override');
  });

  test('a stop that somebody ordered', async () => {
    const check = costCheck({ now: NOW });
    await check.meter.give({ kind: 'stop', stop: { since, by: 'ann', reason: 'leaked key' } });
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.order).toEqual({ kind: 'stop', by: 'ann', reason: 'leaked key', since: '2026-11-22T09:30:00.000Z' });
    expect(check.mail.sent[0]!.body).toContain('order in force: stop, by ann since 2026-11-22 09:30 UTC: leaked key');
  });

  test('orders that cannot be read are unknown, not none', async () => {
    const check = costCheck({ now: NOW });
    check.meter.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
    const { meter, lines } = await check.onDemand({ mail: true });
    expect(meter.order).toMatchObject({ kind: 'unavailable' });
    expect(lines.find(({ line }) => line === 'meter')).toMatchObject({ state: 'unknown' });
    expect(check.mail.sent[0]!.body).toContain('order in force: unknown - ThrottlingException from AWS');
  });
});
