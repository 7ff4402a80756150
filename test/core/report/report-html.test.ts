import { documentOf } from '../../helpers/linkedom';
import { usd, ZERO } from '../../../core/money';
import { reportHtml } from '../../../core/report/report-html';
import { reportMail } from '../../../core/report/report-text';
import type { CostReport } from '../../../core/report/report';
import { figures, sample, spenders } from './sample-report';

const ZONE = 'UTC';
const pageOf = (report: CostReport) => documentOf(reportHtml(report, ZONE));
const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
const textOf = async (report: CostReport) => words((await pageOf(report)).body.textContent ?? '');

const HOSTILE = '<img src=x onerror=alert(1)>"\'&<script>alert(2)</script>';

/** Each text of a report that comes from elsewhere, hostile. */
function hostile(): CostReport {
  const value = spenders(1, { unknown: [HOSTILE] });
  return sample({
    environment: HOSTILE,
    bill: figures({
      byService: [{ name: HOSTILE, amount: usd(1) }],
      byModel: { kind: 'known', byModel: [{ name: HOSTILE, amount: usd(1) }] },
      movers: {
        kind: 'known',
        of: 'models',
        movers: [
          {
            ...{ name: HOSTILE, day: '2026-11-21' as never, amount: usd(4), soFar: false },
            ...{ usual: { kind: 'known', amount: usd(1) }, difference: usd(3), percent: 300 },
          },
        ],
      },
    }),
    lines: [{ line: HOSTILE, state: 'blind', why: HOSTILE, fix: HOSTILE }],
    neverStop: [HOSTILE],
    guardedUnmetered: [HOSTILE],
    spenders: { kind: 'known', value: { ...value, top: [{ ...value.top[0]!, name: HOSTILE }] } },
  });
}

test('markup in any name stays text', async () => {
  const page = await pageOf(hostile());
  expect(page.querySelectorAll('img, script, link, iframe, object, form')).toHaveLength(0);
  expect(
    [...page.querySelectorAll('*')].flatMap((element) => [...element.attributes].map(({ name }) => name)),
  ).not.toEqual(expect.arrayContaining([expect.stringMatching(/^on/)]));
  // As it is in the verdict's band, the movers, the spenders, the decision and its steps, services, models and the lines.
  expect((await textOf(hostile())).split(HOSTILE).length - 1).toBeGreaterThanOrEqual(10);
});

test('nothing is loaded, and nothing runs', () => {
  const markup = reportHtml(hostile(), ZONE);
  expect(markup.replaceAll(/&[a-z#0-9]+;/g, '')).not.toMatch(/url\(|https?:|@import|<svg|javascript:/i);
});

test('it says what the text says, but for how the text is laid out', async () => {
  const report = sample({
    spenders: { kind: 'known', value: spenders() },
    lines: [
      { line: 'budget by tag', state: 'blind', why: 'the tag is not active', fix: 'To mend: npx spend-guard doctor' },
    ],
    bill: figures({ forecast: { kind: 'known', amount: usd(60) }, untagged: usd(7) }),
  });
  const shown = (await textOf(report)).toLowerCase();
  const told = reportMail(report, ZONE)
    .body.split(/\n| {2,}|: (?=npx)/)
    .map((part) => words(part.replace(/^(\d\.) /, '')))
    .filter((part) => part !== '' && !/^\d\.$/.test(part));
  const left = told.filter((part) => !shown.includes(part.toLowerCase()));
  expect(left).toEqual(['Movers', 'What to do', '-- Details --']);
});

describe('the bar, of the limit or of what is beyond it', () => {
  const bar = async (report: CostReport) =>
    [...(await pageOf(report)).querySelectorAll('td[height="12"]')].map(
      (cell) => `${cell.getAttribute('class') ?? ''} ${cell.getAttribute('width') ?? ''}`,
    );
  const spent = (monthToDate: number, forecast: number) =>
    bar(
      sample({ bill: figures({ monthToDate: usd(monthToDate), forecast: { kind: 'known', amount: usd(forecast) } }) }),
    );

  test.each([
    [25, 35, ['bar-spent 50%', 'bar-more 20%', 'bar-free 30%']],
    [25, 50, ['bar-spent 50%', 'bar-more 50%']],
    [25, 100, ['bar-spent 25%', 'bar-more 25%', 'bar-over-more 50%']],
    [50, 50, ['bar-spent 100%']],
    [60, 100, ['bar-spent 50%', 'bar-over 10%', 'bar-over-more 40%']],
    [0, 0, ['bar-free 100%']],
    [50.01, 50.01, ['bar-spent 100%', 'bar-over 1%']],
  ])('$%i spent, $%i expected, of $50', async (monthToDate, forecast, parts) => {
    expect(await spent(monthToDate, forecast)).toEqual(parts);
  });

  test('without a forecast only what is spent; of a bill that is unknown none', async () => {
    const without = figures({ monthToDate: usd(25), forecast: { kind: 'unavailable', why: 'x' } });
    expect(await bar(sample({ bill: without }))).toEqual(['bar-spent 50%', 'bar-free 50%']);
    expect(await bar(sample({ bill: { kind: 'unavailable', why: 'down' } }))).toEqual([]);
  });
});

test('an unknown bill gives no figure, in no colour of good', async () => {
  const report = sample({
    bill: { kind: 'unavailable', why: 'down' },
    meter: { ...sample().meter, figures: { kind: 'unavailable', why: 'it has not run yet' } },
  });
  expect((await textOf(report)).replace('This is not $0.', '')).not.toMatch(/\$\d/);
  const page = await pageOf(report);
  expect(page.querySelector('table.good')).toBeNull();
  expect(page.querySelector('table.unknown')).not.toBeNull();
});

test('nothing billed is not shown as good', async () => {
  const bill = figures({ monthToDate: ZERO, nothingYet: true, forecast: { kind: 'unavailable', why: 'x' } });
  expect((await pageOf(sample({ bill }))).querySelector('table.good')).toBeNull();
});

test('with 30 models, five people and 30 decisions it stays under what Gmail cuts off, 102 KB', () => {
  const report = sample({
    spenders: { kind: 'known', value: spenders() },
    lines: Array.from({ length: 30 }, (_, at) => ({
      line: `line ${at}`,
      state: 'blind' as const,
      why: 'x'.repeat(150),
    })),
    bill: figures({
      byModel: {
        kind: 'known',
        byModel: Array.from({ length: 30 }, (_, at) => ({ name: `model ${at}`, amount: usd(1) })),
      },
    }),
  });
  expect(Buffer.byteLength(reportHtml(report, ZONE))).toBeLessThan(102_400);
});
