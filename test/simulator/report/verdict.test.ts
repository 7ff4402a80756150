import { usd } from '../../../core/money';
import type { ReportData } from '../../../simulator/report/html/data';
import { verdictOf } from '../../../simulator/report/html/verdict';
import { daysFrom, environment, QUIET, report } from './page-fixture';

const spent = (name: string, amount: number, over: Parameters<typeof environment>[0] = {}) =>
  environment({ name, ...QUIET, days: daysFrom('2026-03-01', [amount]), ...over });
const unknown = (name: string) => spent(name, 0, { days: [], spent: { kind: 'unavailable', why: 'AccessDenied' } });
const { holds } = environment();
const stopped = { holds, denied: usd(312.4) };
const months = (...dollars: readonly number[]) =>
  dollars.flatMap((amount, at) => daysFrom(`2026-0${at + 1}-01`, [amount]));

test.each<[string, ReportData['environments'], string, string, Partial<ReportData>?]>([
  ['one well', [spent('dev', 10)], 'good', 'dev stayed within its limit of $50.00.'],
  ['at the limit to the cent', [spent('dev', 50)], 'good', 'dev stayed within its limit of $50.00.'],
  ['a nano-dollar above it', [spent('dev', 50.000001)], 'bad', 'dev went <$0.01 over its limit of $50.00.'],
  ['two well', [spent('dev', 1), spent('prod', 1)], 'good', 'Both environments stayed within their limits.'],
  [
    'three, one stopped',
    [spent('dev', 1, stopped), spent('staging', 1), spent('prod', 1)],
    'warn',
    'All three environments stayed within their limits; dev was stopped twice and saved about $312.',
  ],
  [
    'a stop on a bill that was wrong saved nothing',
    [spent('dev', 1, { ...stopped, stoppedInError: true })],
    'warn',
    'dev stayed within its limit of $50.00; it was stopped twice on a bill that was wrong, which refused work worth about $312.',
  ],
  [
    'one over, two not',
    [spent('dev', 62.4), spent('staging', 1), spent('prod', 1)],
    'bad',
    'dev went $12.40 over its limit of $50.00; staging and prod stayed within their limits.',
  ],
  ['two over', [spent('dev', 51), spent('prod', 52)], 'bad', 'dev and prod went over their limits, by $3.00 in all.'],
  ['unknown, which is not nothing', [unknown('dev')], 'bad', 'What dev spent is not known.'],
  [
    'unknown beside known',
    [unknown('dev'), spent('prod', 0)],
    'bad',
    'What dev spent is not known; prod stayed within its limit of $50.00.',
  ],
  ['nothing used', [spent('dev', 0)], 'good', 'dev used nothing.'],
  ['nothing used in several', [spent('dev', 0), spent('prod', 0)], 'good', 'Nothing was used.'],
  [
    'three months, one over',
    [spent('dev', 0, { days: months(10, 60, 49) })],
    'bad',
    'dev went over its limit of $50.00 in one of three months, by $10.00 in all.',
  ],
  [
    'three months, each within, together above',
    [spent('dev', 0, { days: months(40, 40, 40) })],
    'good',
    'dev stayed within its limit of $50.00 in each month.',
  ],
  [
    'several over in several months',
    [spent('dev', 0, { days: months(60, 60) }), spent('prod', 0, { days: months(60, 1) })],
    'bad',
    'Limits were passed by $30.00 in all: dev in two of two months and prod in one of two months.',
  ],
  [
    'heading over',
    [spent('dev', 30, { forecast: usd(61.2) })],
    'warn',
    'dev is on track to end at $61.20, $11.20 above its limit.',
    { running: true },
  ],
  [
    'expected to end at the limit',
    [spent('dev', 30, { forecast: usd(50) })],
    'good',
    'dev is within its limit of $50.00.',
    { running: true },
  ],
  [
    'stopped at present',
    [spent('dev', 30, { deniedNow: 'stopped' }), spent('prod', 1)],
    'warn',
    'Both environments are within their limits; dev is stopped now.',
    { running: true },
  ],
  [
    'only large models denied',
    [spent('dev', 30, { holds: holds.slice(2) })],
    'warn',
    'dev stayed within its limit of $50.00; large models were denied for a time.',
  ],
  [
    'a run that must not be believed',
    [spent('dev', 30)],
    'bad',
    'Something happened in this run that must never happen, so do not rely on its figures.',
    { problems: ['x'] },
  ],
  ['nobody', [], 'warn', 'No environment is in this report.'],
  [
    'two configurations',
    [spent('dev, a', 40), spent('dev, b', 30)],
    'good',
    'The second config spends $10.00 less on the same usage ($30.00 against $40.00, 25%).',
    { compared: true },
  ],
])('%s', (_name, environments, tone, sentence, over = {}) => {
  expect(verdictOf(report({ ...over, environments }))).toEqual({ tone, sentence });
});
