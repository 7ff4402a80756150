import type { UtcDay } from '../../../core/calendar';
import { usd, ZERO } from '../../../core/money';
import { decisionsOf } from '../../../core/report/decisions';
import type { MeterFigures, MeterReport } from '../../../core/report/meter-report';
import type { CostReport } from '../../../core/report/report';
import { figures, LIMIT, sample } from './sample-report';

const whats = (report: CostReport) => decisionsOf(report).map(({ what }) => what);
const todos = (report: CostReport) => decisionsOf(report).flatMap(({ todo }) => todo);

function metered(over: Partial<MeterReport>, more: Partial<MeterFigures> = {}): MeterReport {
  const { meter } = sample();
  return { ...meter, figures: { ...(meter.figures as MeterFigures), ...more }, ...over };
}

const STOP = { atPercent: 95, effect: 'stop', basis: 'actual', amount: usd('47.5') } as never;

test('nothing, where all is well', () => {
  expect(decisionsOf(sample())).toEqual([]);
});

describe('above the stop line', () => {
  const above = figures({ monthToDate: usd(48), crossed: [STOP] });

  test('and models may be called: stop, or go on', () => {
    expect(whats(sample({ bill: above }))[0]).toBe('Spend is above the stop line, and models may still be called');
    expect(todos(sample({ bill: above }))).toContainEqual(
      expect.stringContaining('npx spend-guard stop --env prod --reason'),
    );
  });

  test.each([
    ['just under what was spent', usd('47.99'), true],
    ['what was spent', usd(48), true],
    ['above it', usd('48.01'), false],
  ])('with an override to %s it is asked: %s', (_what, limit, isAsked) => {
    const order = {
      kind: 'override',
      by: 'ann',
      reason: 'launch',
      since: '',
      until: '2026-11-30T00:00:00Z',
      limit,
    } as const;
    expect(
      whats(sample({ bill: above, meter: metered({ order }) })).some((what) => /may still be called/.test(what)),
    ).toBe(isAsked);
  });

  test.each([
    ['just under the limit', usd('49.99'), 'stop line'],
    ['at it', LIMIT, 'limit'],
  ])('%s', (_what, monthToDate, line) => {
    expect(whats(sample({ bill: figures({ monthToDate, crossed: [STOP] }) }))[0]).toContain(`above the ${line},`);
  });

  test.each([
    ['just under the limit', usd('49.99'), undefined],
    ['at it', LIMIT, 'limit,'],
    ['over it, by how much', usd('52.5'), 'limit by $2.50,'],
  ])('%s, finance reads who may raise it only at the limit', (_what, monthToDate, line) => {
    const report = sample({ bill: figures({ monthToDate, crossed: [STOP] }) });
    expect(whats(report)[0]).toContain(`above the ${line ?? 'stop line,'}`);
    const raise = todos(report).filter((step) => /^For a higher limit: .*budgetOwner.*monthlyLimitUsd/.test(step));
    expect(raise).toHaveLength(line === undefined ? 0 : 1);
    const stopped = sample({ bill: report.bill, meter: metered({ denies: 'stopped' }) });
    expect(todos(stopped).filter((step) => raise.includes(step))).toEqual(raise);
    expect(todos(stopped).some((step) => step.includes('npx spend-guard resume'))).toBe(true);
  });

  test('stopped: by itself until the new month, and how to go on', () => {
    const stopped = sample({ bill: above, meter: metered({ denies: 'stopped' }) });
    expect(decisionsOf(stopped)[0]).toEqual({
      urgency: 'act',
      what: 'Every model is denied',
      todo: [
        'To leave it: nothing. The new month resumes by itself, on 2026-12-01.',
        'To go on: npx spend-guard resume --env prod --until <time> --limit <dollars> --reason "<why>"',
      ],
    });
  });

  test('an ordered stop does not end with the month', () => {
    const order = { kind: 'stop', by: 'ann', reason: 'leaked key', since: '2026-11-22T09:30:00Z' } as const;
    const report = sample({ meter: metered({ denies: 'stopped', order }) });
    expect(whats(report)).toEqual(['Every model is denied, by order of ann']);
    expect(todos(report).join()).not.toContain('new month');
  });
});

test('what waits and what is blind comes before what may be looked at later; each with its fix', () => {
  const report = sample({
    bill: figures({ forecast: { kind: 'known', amount: usd(60) } }),
    lines: [
      { line: 'daily report', state: 'unknown', why: 'whether it was sent before: Throttled' },
      { line: 'budget by tag', state: 'blind', why: 'the tag is not active: activate it' },
      { line: 'budgets action', state: 'waiting', why: 'over its line', fix: 'To approve: aws budgets x' },
    ],
  });
  expect(decisionsOf(report).map(({ urgency, what }) => `${urgency} ${what}`)).toEqual([
    'act Budget by tag is blind',
    'act A stop waits for approval',
    'look Daily report is unknown',
    'look The month is on track for $60.00, $10.00 over the limit',
  ]);
  expect(todos(report)).toEqual(
    expect.arrayContaining(['The tag is not active: activate it.', 'To approve: aws budgets x']),
  );
});

test.each([
  ['at the limit', LIMIT, 0],
  ['a nano-dollar above', (LIMIT + 1) as typeof LIMIT, 1],
])('a forecast %s', (_what, amount, count) => {
  expect(decisionsOf(sample({ bill: figures({ forecast: { kind: 'known', amount } }) }))).toHaveLength(count);
});

test.each([
  ['in two days', '2026-11-25T11:00:00.000Z', 1],
  ['a moment later', '2026-11-25T11:00:00.001Z', 0],
])('an override that ends %s', (_when, until, count) => {
  const order = { kind: 'override', by: 'ann', reason: 'launch', since: '', until, limit: usd(80) } as const;
  expect(decisionsOf(sample({ meter: metered({ order }) }))).toHaveLength(count);
});

describe('the meter', () => {
  test('what has no price', () => {
    expect(whats(sample({ meter: metered({}, { unattributed: ['a', 'b'] }) }))).toEqual([
      '2 models in use without a known price, so real spend may be higher',
    ]);
  });

  test.each([
    ['loses', usd('3.2'), undefined, 'costs up to $3.20 more than it saves'],
    ['saves less than it did', ZERO, usd(7), 'saves up to $7.00 less than it did'],
  ])('a prompt cache that %s, with ratio and likely cause', (_what, lost, aboveBefore, text) => {
    const burn = {
      ...{ metricId: 'm', region: 'us-east-1', modelId: 'claude', readsPerWrite: 0.12, breakEven: 0.28 },
      ...{
        tokens: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 },
        writesPercent: 70,
        likelyCause: 'a time in it',
      },
      ...{ lost, ...(aboveBefore && { aboveBefore }) },
    };
    const report = sample({ meter: metered({}, { cacheBurn: [burn] }) });
    expect(whats(report)).toEqual([`The prompt cache of claude ${text}`]);
    expect(todos(report)[0]).toMatch(/^0\.12 reads for each .*pays from 0\.28 on\. Likely cause: a time in it\.$/);
  });

  test('drift', () => {
    const comparison = {
      ...sample().meter.comparison,
      drift: [{ modelId: 'm', name: 'Nova Lite', days: [] }],
    };
    expect(whats(sample({ meter: metered({ comparison }) }))).toEqual(['Meter and bill differ on Nova Lite']);
  });
});

describe('budgets within', () => {
  const stand = (path: string, figures: object) =>
    ({ path, depth: 1, period: '2026-11', resetsAt: 0, configured: usd(1), figures }) as never;

  test('spent and unknown ones, but not one that is near', () => {
    const report = sample({
      budgets: {
        budgets: [
          stand('', { kind: 'known', over: true }),
          stand('ads', { kind: 'known', over: true }),
          stand('search', { kind: 'known', over: false, near: 95 }),
          stand('lab', { kind: 'unavailable', why: 'x' }),
        ],
        strayOrders: { kind: 'known', value: {} },
      },
    });
    expect(whats(report)).toEqual(['All is spent of 1 budget: ads', '1 budget could not be read']);
    expect(todos(report)[0]).toContain('npx spend-guard budgets set ads --env prod --limit');
  });
});

test.each([
  ['just under a tenth of the limit', usd('4.99'), 0],
  ['a tenth', usd(5), 1],
])('spend outside every guard: %s', (_what, untagged, count) => {
  expect(decisionsOf(sample({ bill: figures({ untagged }) }))).toHaveLength(count);
});

test('a bill that is unknown is asked for by its blind line, once', () => {
  const report = sample({
    bill: { kind: 'unavailable', why: 'down' },
    lines: [{ line: 'cost report', state: 'blind', why: 'down' }],
  });
  expect(whats(report)).toEqual(['Cost report is blind']);
});

test('the days of a drift are not decisions of their own', () => {
  expect(
    decisionsOf(
      sample({
        meter: metered({
          comparison: { ...sample().meter.comparison, notCompared: [{ day: '2026-11-14' as UtcDay, why: 'x' }] },
        }),
      }),
    ),
  ).toEqual([]);
});
