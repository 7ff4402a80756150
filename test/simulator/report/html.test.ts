import { usd } from '../../../core/money';
import { spendChart } from '../../../simulator/report/html/chart';
import { cumulative, type EnvironmentReport, type ReportData } from '../../../simulator/report/html/data';
import { escaped } from '../../../core/markup';
import { page } from '../../../simulator/report/html/page';
import { COLOURS } from '../../../simulator/report/html/style';
import { checkReportFile } from '../../../simulator/report/html/write';

const at = (text: string) => Date.parse(text);

function environment(over: Partial<EnvironmentReport> = {}): EnvironmentReport {
  return {
    name: 'dev',
    limit: usd(50),
    lines: [
      { label: '50%', amount: usd(25) },
      { label: '95% stop', amount: usd(47.5) },
    ],
    days: [
      { day: '2026-03-01' as never, spent: usd(10) },
      { day: '2026-03-02' as never, spent: usd(20.5) },
    ],
    events: [
      { at: at('2026-03-02T10:00Z'), kind: 'mail', text: 'half is spent' },
      { at: at('2026-03-02T11:00Z'), kind: 'stop', text: 'all denied' },
      { at: at('2026-03-02T12:00Z'), kind: 'degrade', text: 'large denied' },
      { at: at('2026-03-02T13:00Z'), kind: 'open', text: 'open again' },
    ],
    models: [{ model: 'amazon.nova-lite-v1:0', spent: usd(30.5) }],
    facts: [{ label: 'Spent', value: '$30.50' }],
    ...over,
  };
}

const report = (...environments: readonly EnvironmentReport[]): ReportData => ({
  title: 'A month',
  story: ['What went on.'],
  environments,
});

test('what people and files say is escaped, wherever it stands', () => {
  const evil = '<script>alert("1")</script>&\'';
  const text = page([
    {
      title: evil,
      story: [evil],
      environments: [
        environment({
          name: evil,
          lines: [{ label: evil, amount: usd(1) }],
          events: [{ at: at('2026-03-02T10:00Z'), kind: 'mail', text: evil }],
          models: [{ model: evil, spent: usd(1) }],
          facts: [{ label: evil, value: evil }],
        }),
      ],
    },
  ]);
  expect(text).not.toContain('<script');
  expect(text).toContain(escaped(evil));
});

test('every figure of the chart is in a table too, and every event', () => {
  const text = page([report(environment())]);
  for (const figure of ['$50.00', '$25.00', '$47.50', '$10.00', '$20.50', '$30.50'])
    expect(text).toContain(`>${figure}</td>`);
  for (const { text: what } of environment().events) expect(text).toContain(`<td>${what}</td>`);
  expect(text).toContain('<th scope="row">2026-03-02</th>');
});

test('the chart names itself to those who do not see it, and marks each kind of event by a shape of its own', () => {
  const chart = spendChart(environment(), 'x');
  expect(chart).toMatch(/role="img"\s+aria-labelledby="x-title x-desc"/);
  expect(chart).toContain('$30.50 of $50.00 at the end; 4 events');
  for (const shape of ['<circle class="mail"', '<rect class="stop"', 'class="degrade"', 'class="open"'])
    expect(chart).toContain(shape);
  expect(chart).not.toMatch(/NaN|Infinity|undefined/);
});

test.each([
  ['nothing used', []],
  ['a single day', [{ day: '2026-03-01' as never, spent: usd(0) }]],
  ['far beyond the limit', [{ day: '2026-03-01' as never, spent: usd(5000) }]],
  [
    'a year',
    Array.from({ length: 365 }, (_, day) => ({
      day: new Date(at('2026-01-01') + day * 86_400_000).toISOString().slice(0, 10) as never,
      spent: usd(1),
    })),
  ],
])('%s is drawn without a figure that is none', (_name, days) => {
  const text = page([report(environment({ days, events: [] }))]);
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
  expect(text).toContain('Nothing fired.');
});

test('month to date begins anew with each month', () => {
  const days = ['2026-03-31', '2026-04-01', '2026-04-02'].map((day) => ({ day: day as never, spent: usd(2) }));
  expect(cumulative(days).map(({ spent, begins }) => [spent, begins])).toEqual([
    [usd(2), true],
    [usd(2), true],
    [usd(4), false],
  ]);
  const apart = ['2026-03-01', '2026-03-04'].map((day) => ({ day: day as never, spent: usd(2) }));
  expect(cumulative(apart).map(({ spent }) => spent)).toEqual([usd(2), usd(2), usd(2), usd(4)]);
});

test('two sides stand beside each other, fact by fact', () => {
  const sides = [
    environment({ name: 'before' }),
    environment({ name: 'after', facts: [{ label: 'Spent', value: '$9.00' }] }),
  ];
  const text = page([{ ...report(...sides), compared: true }]).replace(/\s+/g, ' ');
  expect(text).toMatch(/<th scope="row">Spent<\/th> ?<td ?>\$30\.50<\/td> ?<td ?>\$9\.00<\/td>/);
});

test('the same data give the same bytes, and nothing is asked of a network', () => {
  const data = [report(environment(), environment({ name: 'prod' })), report(environment())];
  expect(page(data)).toBe(page(data));
  expect(page(data)).not.toMatch(/https?:|src=|@import|url\(/);
  expect(page(data)).toContain("default-src 'none'");
});

/** WCAG 2.2, 1.4.3: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

test.each(['light', 'dark'] as const)('text and marks stand out from the ground in the %s scheme', (scheme) => {
  const { ground, text, quiet, line, stop, open, warn } = COLOURS[scheme];
  for (const colour of [text, quiet]) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(4.5);
  for (const colour of [line, stop, open, warn]) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(3);
});

test('a path that cannot be written is refused before anything is played', () => {
  expect(() => checkReportFile('/no/such/folder/report.html')).toThrow('there is no folder /no/such/folder');
  expect(() => checkReportFile('/tmp')).toThrow('is not a file');
});
