import { usd, ZERO } from '../../../core/money';
import type { UtcDay } from '../../../core/calendar';
import { decisionsOf } from '../../../core/report/decisions';
import { makeReport, type CostReport } from '../../../core/report/report';
import type { MeterFigures, MeterReport } from '../../../core/report/meter-report';
import type { ReportDay } from '../../../core/report/ports';
import { reportNotice } from '../../../core/report/report-notice';
import { reportMail } from '../../../core/report/report-text';
import { verdictOf } from '../../../core/report/verdict';
import type { Threshold } from '../../../core/stop-lines';
import { LIMIT, NOW, sample } from './sample-report';

const THRESHOLDS: readonly Threshold[] = [
  { atPercent: 70, effect: 'notify', basis: 'actual' },
  { atPercent: 90, effect: 'degrade', basis: 'actual' },
  { atPercent: 95, effect: 'stop', basis: 'actual' },
];
const DAYS = Array.from({ length: 22 }, (_, at) => `2026-11-${String(at + 1).padStart(2, '0')}` as UtcDay);

interface World {
  readonly meter: string;
  readonly more?: Partial<MeterFigures>;
  readonly over?: Partial<MeterReport>;
  readonly lines?: CostReport['lines'];
}

/** A bill of $22 of $50, $1 a day, beside a meter. */
function reportOf({ meter: spent, more = {}, over = {}, lines }: World): CostReport {
  const { meter, ...rest } = sample();
  const figures = { ...(meter.figures as MeterFigures), monthToDate: usd(spent), ...more };
  return makeReport({
    ...rest,
    ...{ thresholds: THRESHOLDS, now: NOW },
    bill: {
      kind: 'known',
      ...{ monthToDate: usd(22), nothingYet: false, lastMonth: ZERO, untagged: ZERO, foreign: ZERO },
      byDay: new Map(DAYS.map((day) => [day, usd(1)])),
      ...{ byService: [], serviceDays: [], services: [], settled: usd(20) },
    } as never,
    models: { kind: 'known', byModel: [] },
    billed: { kind: 'known', value: [] },
    meter: { ...meter, figures, ...over },
    ...(lines && { lines }),
  });
}

const subject = (report: CostReport) => reportMail(report, 'UTC').subject;
const whats = (report: CostReport) => decisionsOf(report).map(({ what }) => what);
const urgencyOf = (report: CostReport) => reportNotice(report, '2026-11-23 UTC' as ReportDay).urgency;

test('under every line, read in full: all is well', () => {
  const report = reportOf({ meter: '25' });
  expect(verdictOf(report)).toEqual({
    tone: 'good',
    text: 'All is well: $22.00 of $50.00 spent (44%), $30.00 expected at the end.',
  });
  expect(urgencyOf(report)).toBe('info');
});

test('a meter far over the limit beside a bill that is late: loud, with both figures, and by how much', () => {
  const report = reportOf({ meter: '60' });
  expect(verdictOf(report)).toEqual({
    tone: 'act',
    text: 'ABOVE the limit by $10.00: $22.00 of $50.00 spent (44%) by the bill, $60.00 by the meter.',
  });
  expect(subject(report)).toBe('[bill] prod 44% $22.00 of $50: ABOVE the limit by $10.00, $60.00 by the meter');
  expect(decisionsOf(report)[0]).toMatchObject({
    urgency: 'act',
    what: 'Spend is above the limit by $10.00, $60.00 by the meter, and models may still be called',
  });
  expect(reportMail(report, 'UTC').body).toMatch(/By the meter +\$60\.00 of \$50\.00, an estimate/);
  expect(urgencyOf(report)).toBe('warning');
});

describe('the line that the meter has reached', () => {
  test.each([
    ['just under a notify line', '29.999999999', 'good', 'All is well', 'on track for $30.00'],
    ['just under it, beyond what is expected', '34.999999999', 'look', 'Within the limit', '$35.00 by the meter'],
    ['at a notify line', '35', 'look', 'Within the limit', '$35.00 by the meter'],
    ['just under the degrade line', '44.99', 'look', 'Within the limit', '$44.99 by the meter'],
    ['at the degrade line', '45', 'look', 'Within the limit', 'above the degrade line, $45.00 by the meter'],
    ['just under the stop line', '47.49', 'look', 'Within the limit', 'above the degrade line, $47.49 by the meter'],
    ['at the stop line', '47.5', 'act', 'Above the stop line', 'above the stop line, $47.50 by the meter'],
    ['just under the limit', '49.99', 'act', 'Above the stop line', 'above the stop line, $49.99 by the meter'],
    ['at the limit', '50', 'act', 'ABOVE the limit:', 'ABOVE the limit, $50.00 by the meter'],
    ['a cent above', '50.01', 'act', 'ABOVE the limit by $0.01:', 'ABOVE the limit by $0.01, $50.01 by the meter'],
  ] as const)('%s', (_what, meter, tone, words, headline) => {
    const report = reportOf({ meter });
    const verdict = verdictOf(report);
    expect(verdict.tone).toBe(tone);
    expect(verdict.text.startsWith(words)).toBe(true);
    expect(subject(report).endsWith(`: ${headline}`)).toBe(true);
    expect(urgencyOf(report)).toBe(tone === 'good' ? 'info' : 'warning');
    if (tone !== 'good') expect(verdict.text).toMatch(/\$22\.00 of \$50\.00 .*by the bill, \$[\d.]+ by the meter/);
  });

  test('counts as it does for a stop', () => {
    const report = reportOf({ meter: '30', more: { calibrated: LIMIT } });
    expect(verdictOf(report)).toMatchObject({ tone: 'act', text: expect.stringMatching(/^ABOVE the limit: /) });
  });

  test('a bill that is higher has the word', () => {
    expect(subject(reportOf({ meter: '3' }))).toBe('[bill] prod 44% $22.00 of $50: on track for $30.00');
  });

  test.each([
    ['just over what the meter counts', usd('60.01'), false],
    ['what the meter counts', usd(60), true],
  ])('an override to %s: asked %s', (_what, limit, isAsked) => {
    const order = {
      kind: 'override',
      by: 'ann',
      reason: 'x',
      since: '',
      until: '2026-11-30T00:00:00Z',
      limit,
    } as const;
    const found = whats(reportOf({ meter: '60', over: { order } }));
    expect(found.some((what) => /may still be called/.test(what))).toBe(isAsked);
  });
});

describe('not well, although under every line', () => {
  const line = (state: 'blind' | 'unknown' | 'waiting') => [{ line: 'meter', state, why: 'it says so' }] as const;
  test.each<[string, World, string]>([
    ['a lower bound', { meter: '25', more: { lowerBound: true } }, 'at least $25.00 by the meter'],
    [
      'unknown',
      { meter: '25', over: { figures: { kind: 'unavailable', why: 'Throttled' } } },
      'what the meter counts is unknown',
    ],
    ['in grace', { meter: '25', over: { graceUntil: '2026-11-24T11:00:00.000Z' } }, 'a line is reached and waits'],
    [
      'a dry run that would degrade',
      { meter: '25', over: { decides: 'degraded' } },
      'the meter has decided on degraded, and denies nobody',
    ],
    [
      'a dry run that would stop',
      { meter: '25', over: { decides: 'stopped' } },
      'the meter has decided on stopped, and denies nobody',
    ],
    ['blind', { meter: '25', lines: line('blind') }, 'meter is blind'],
    ['a line that is unknown', { meter: '25', lines: line('unknown') }, 'meter is unknown'],
    ['a stop that waits', { meter: '25', lines: line('waiting') }, 'a stop waits for approval'],
  ])('%s', (_what, world, headline) => {
    const report = reportOf(world);
    expect(['look', 'act']).toContain(verdictOf(report).tone);
    expect(verdictOf(report).text).not.toContain('All is well');
    expect(subject(report).endsWith(`: ${headline}`)).toBe(true);
    expect(urgencyOf(report)).toBe('warning');
  });
});

test('a bill that is unknown does not hide a meter over the limit', () => {
  const report = { ...reportOf({ meter: '60' }), bill: { kind: 'unavailable', why: 'down' } } as const;
  expect(verdictOf(report)).toEqual({
    tone: 'act',
    text: 'ABOVE the limit by $10.00: $60.00 by the meter of a limit of $50.00, and what is billed is UNKNOWN: down.',
  });
  expect(subject(report)).toBe('[bill] prod bill unknown, limit $50: ABOVE the limit by $10.00, $60.00 by the meter');
});
