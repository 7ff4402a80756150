import { DAY_MS, type UtcMonth } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { at } from '../../helpers/meter-world';
import { quietMeter } from '../../helpers/quiet-meter';
import { costCheck, item, NOW } from './harness';
import { metered, billed, inputOf, LITE } from './metered';

const OTHERS = '(others)';

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
    expect(check.metrics.latest('Findings')).toBe(models);
  });

  test('report and mail name the model, the days and both figures', async () => {
    const items = billed(['2026-11-14', '20'], ['2026-11-20', '21']);
    const check = metered({ now: NOW, items }, [
      ['2026-11-14', 17],
      ['2026-11-20', 18],
    ]);
    const result = await check.scheduled();
    if (result.kind !== 'reported') throw new Error(result.kind);
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
    // The same answer has the month so far.
    const tomorrow = new Date(Date.parse(now) + DAY_MS).toISOString().slice(0, 10);
    const last = check.costExplorer.queries.at(-1);
    expect(last).toMatchObject({ from, to: tomorrow, granularity: 'DAILY' });
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
