import shipped from '../../../config/budget-tiers';
import { loadGuard } from '../../../config/load';
import type { UtcDay } from '../../../core/calendar';
import { usd } from '../../../core/money';
import type { BillFigures, CostReport } from '../../../core/report';
import type { MeterReport } from '../../../core/report/meter-report';
import { costsData, costsPage } from '../../../simulator/report/html/costs';
import { verdictOf } from '../../../simulator/report/html/verdict';

const NOW = Date.parse('2026-11-12T09:00Z');
const [dev, , prod] = loadGuard(shipped, NOW).environments;
const text = (html: string) =>
  html
    .replaceAll(/<style>[^]*<\/style>|<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');

const bill: BillFigures = {
  kind: 'known',
  monthToDate: usd(22),
  nothingYet: false,
  percentOfLimit: 44,
  crossed: [],
  yesterday: usd(2),
  usualDay: { kind: 'known', amount: usd(2) },
  forecast: { kind: 'known', amount: usd('61.2') },
  lastMonth: usd(40),
  byDay: Array.from({ length: 12 }, (_, at) => ({
    day: `2026-11-${String(at + 1).padStart(2, '0')}` as UtcDay,
    amount: usd(at === 11 ? 0 : 2),
  })),
  byService: [{ name: 'Amazon Bedrock Service', amount: usd(22) }],
  byModel: { kind: 'known', byModel: [{ name: 'Nova Lite', amount: usd(22) }] },
  untagged: usd(0),
  foreign: usd(0),
};
const meter: MeterReport = {
  denies: 'open',
  figures: {
    kind: 'known',
    asOf: '2026-11-12T08:58:00.000Z',
    monthToDate: usd('23.4'),
    percentOfLimit: 46.8,
    lowerBound: false,
    unattributed: [],
    unconfigured: [],
    foreign: [],
    unguarded: 0,
    findings: [],
  },
  order: { kind: 'none' },
  calibration: { kind: 'none' },
  comparison: { from: '2026-11-01' as UtcDay, to: '2026-11-02' as UtcDay, days: [], notCompared: [], drift: [] },
};
const report = (over: Partial<CostReport> = {}): CostReport => ({
  schemaVersion: 1,
  environment: 'dev',
  asOf: new Date(NOW).toISOString(),
  month: '2026-11',
  limit: usd(50),
  bill,
  meter,
  lines: [{ line: 'meter', state: 'armed', why: 'sees' }],
  neverStop: [],
  guardedUnmetered: [],
  requests: 1,
  ...over,
});
const pageOf = (one: CostReport | string) => text(costsPage([{ environment: dev!, report: one }], NOW));

test('bill, meter and forecast stand against the limit, and the verdict says where it goes', () => {
  const page = pageOf(report());
  expect(page).toContain('dev is on track to end at $61.20, $11.20 above its limit.');
  expect(page).toContain('$22.00 of $50.00 44% expected $61.20 $23.40 by the meter');
  expect(page).toContain('expected $61.20');
  expect(page).toContain('Amazon Bedrock Service $22.00');
});

test('today, of which hardly anything is billed, is no day on which nothing was used', () => {
  const [environment] = costsData([{ environment: dev!, report: report() }], NOW).environments;
  expect(environment?.days.map(({ day }) => day).at(-1)).toBe('2026-11-11');
});

test.each([
  ['the bill', report({ bill: { kind: 'unavailable', why: 'AccessDenied' } }), 'AccessDenied'],
  [
    'a bill with no line yet',
    report({ bill: { ...bill, monthToDate: usd(0), nothingYet: true } }),
    'nothing is billed yet',
  ],
  ['an environment that cannot be asked', 'the stack is not there', 'the stack is not there'],
])('unknown stays unknown: %s', (_name, one, why) => {
  const data = costsData([{ environment: dev!, report: one }], NOW);
  expect(data.environments[0]?.spent).toEqual({ kind: 'unavailable', why: expect.stringContaining(why) });
  expect(data.environments[0]?.days).toEqual([]);
  expect(verdictOf(data)).toMatchObject({ tone: 'bad', sentence: 'What dev spent is not known.' });
  const page = pageOf(one);
  expect(page).toContain('unknown of $50.00');
  expect(page).toContain('Spent so far unknown');
  expect(page).not.toMatch(/\$0\.00 of/);
});

test('a report of before the days were told has no line, and says so', () => {
  const { byDay: _, ...before } = bill;
  expect(pageOf(report({ bill: before }))).toContain('How it went by day is not known.');
});

test('what somebody must look at comes first: blind lines, a stop, drift, untagged spend, a burning cache', () => {
  const page = pageOf(
    report({
      bill: { ...bill, untagged: usd(7) },
      lines: [
        { line: 'budget by tag', state: 'blind', why: 'the tag is not active' },
        { line: 'budgets action', state: 'waiting', why: 'a person must approve' },
        { line: 'meter', state: 'armed', why: 'sees' },
      ],
      meter: { ...meter, denies: 'stopped', figures: { kind: 'unavailable', why: 'it has not run yet' } },
    }),
  );
  expect(page).toContain('it is stopped now');
  expect(page).toContain('dev: budget by tag: blind: the tag is not active');
  expect(page).toContain('dev: budgets action: waiting: a person must approve');
  expect(page).toContain("dev: $7.00 of Bedrock in this account carries no environment's tag");
  expect(page.indexOf('What needs a look')).toBeLessThan(page.indexOf('Spend against the limit'));
  expect(page).not.toContain('dev: meter: armed');
});

test('who spent it, as far as it is known', () => {
  const top = [{ name: 'ana@example.org', isPerson: true, amount: usd(15), sharePercent: 68.2 }];
  const known = report({
    spenders: {
      kind: 'known',
      value: {
        source: 'invocationLogs',
        from: '2026-11-01' as UtcDay,
        to: '2026-11-11' as UtcDay,
        total: usd(22),
        top,
        others: { count: 3, amount: usd(5) },
        nameless: usd(2),
        unknown: ['Nov 3 could not be read.'],
      },
    },
  });
  expect(pageOf(known)).toContain('ana@example.org $15.00 68.2% 3 others $5.00 nobody that is named $2.00');
  expect(pageOf(known)).toContain('Nov 3 could not be read.');
  expect(pageOf(report({ spenders: { kind: 'unavailable', why: 'no such log group' } }))).toContain(
    'Not known: no such log group',
  );
});

test('environments stand side by side, whichever of them could be asked', () => {
  const html = costsPage(
    [
      { environment: dev!, report: report() },
      { environment: prod!, report: 'AccessDenied: ask the owner of 111122223333' },
    ],
    NOW,
  );
  expect(text(html)).toContain('What prod spent is not known; dev is on track to end at $61.20');
  expect(text(html)).toContain('prod: AccessDenied: ask the owner of 111122223333');
});

test.each<[string, readonly (CostReport | string)[], string]>([
  ['the one known', [report()], 'Denied now nothing as the meter left it'],
  ['none known', ['AccessDenied'], 'Denied now unknown the meter does not say'],
  ['one of two known', [report(), 'AccessDenied'], 'Denied now nothing one of two unknown'],
  [
    'one of two known, and stopped',
    [report({ meter: { ...meter, denies: 'stopped' } }), 'AccessDenied'],
    'Denied now dev one of two unknown',
  ],
])('what is denied now counts only what is known: %s', (_name, reports, told) => {
  const parts = reports.map((one, at) => ({ environment: [dev!, prod!][at]!, report: one }));
  expect(text(costsPage(parts, NOW))).toContain(told);
});

const calm = { ...bill, forecast: { kind: 'known', amount: usd(40) } } as const;

test.each<[string, Partial<CostReport>, string, string]>([
  ['all is seen', {}, 'good', 'dev is within its limit of $50.00.'],
  [
    'a meter that never ran',
    {
      lines: [{ line: 'meter', state: 'blind', why: 'it has not run yet' }],
      meter: { ...meter, figures: { kind: 'unavailable', why: 'it has not run yet' } },
    },
    'warn',
    'dev is within its limit of $50.00; the meter of dev is blind or unknown.',
  ],
  [
    'nothing billed, and two lines that see nothing',
    {
      bill: { ...calm, monthToDate: usd(0) },
      lines: [
        { line: 'meter', state: 'unknown', why: 'AccessDenied' },
        { line: 'budget by tag', state: 'blind', why: 'the tag is not active' },
      ],
    },
    'warn',
    'dev is within its limit of $50.00; two lines of dev are blind or unknown.',
  ],
  [
    'a budgets action that asks',
    { lines: [{ line: 'budgets action', state: 'waiting', why: 'a person must approve' }] },
    'warn',
    'dev is within its limit of $50.00; the budgets action of dev waits for a person.',
  ],
  [
    'a meter above the limit while the bill is behind',
    { meter: { ...meter, figures: { ...meter.figures, monthToDate: usd(58) } as MeterReport['figures'] } },
    'bad',
    'dev is $8.00 over its limit of $50.00, by the meter.',
  ],
  [
    'a meter above the limit, and no bill',
    {
      bill: { kind: 'unavailable', why: 'AccessDenied' },
      meter: { ...meter, figures: { ...meter.figures, monthToDate: usd(58) } as MeterReport['figures'] },
    },
    'bad',
    'dev is $8.00 over its limit of $50.00, by the meter.',
  ],
])('the verdict is of bill, meter and lines: %s', (_name, over, tone, sentence) => {
  const one = report({ bill: calm, ...over });
  expect(verdictOf(costsData([{ environment: dev!, report: one }], NOW))).toEqual({ tone, sentence });
  const page = pageOf(one);
  expect(page.includes('✓ within')).toBe(tone === 'good');
});
