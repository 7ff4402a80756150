import { usd, ZERO } from '../../../core/money';
import type { ReportDay } from '../../../core/report/ports';
import { reportNotice } from '../../../core/report/report-notice';
import { figures, LIMIT, NOW, sample } from './sample-report';

const DAY = '2026-11-23 America/Sao_Paulo' as ReportDay;

test('verdict, spend, movers, once, of its day', () => {
  expect(reportNotice(sample(), DAY)).toEqual({
    schemaVersion: 1,
    environment: 'prod',
    source: 'bill',
    key: `report|prod|${DAY}`,
    fact: `report|prod|${DAY}`,
    status: 'once',
    urgency: 'info',
    at: NOW,
    title: '49% $24.99 of $50: on track for $34.08',
    happened: [
      'All is well: $24.99 of $50.00 spent (49%), $34.08 expected at the end.',
      'Nova2.0Lite: +$3.10 (+310%) $4.10 on 2026-11-21, usually $1.00',
      'Titan Embed: $0.25 on 2026-11-21, no usual day yet',
      'Claude Haiku 4.5: not billed yet on 2026-11-21, usually $0.50',
    ],
    spend: { amount: usd('24.99'), limit: LIMIT },
    todo: [],
  });
});

test('what is to be decided makes it a warning, with what to do', () => {
  const notice = reportNotice(sample({ bill: figures({ forecast: { kind: 'known', amount: usd(60) } }) }), DAY);
  expect(notice.urgency).toBe('warning');
  expect(notice.happened.at(-1)).toBe('To decide: The month is on track for $60.00, $10.00 over the limit');
  expect(notice.todo).toEqual(['Use less, or agree on another limit: monthlyLimitUsd in the config.']);
});

test.each([
  ['unknown', { kind: 'unavailable', why: 'down' } as const],
  ['empty so far', figures({ monthToDate: ZERO, nothingYet: true })],
])('a bill that is %s has no amount', (_what, bill) => {
  expect(reportNotice(sample({ bill }), DAY)).not.toHaveProperty('spend');
});

test('made again on the same day it is the same message', () => {
  const later = sample({ asOf: '2026-11-23T15:00:00.000Z', bill: figures({ monthToDate: usd(30) }) });
  expect(reportNotice(later, DAY).key).toBe(reportNotice(sample(), DAY).key);
  expect(reportNotice(sample(), '2026-11-24 UTC' as ReportDay).key).not.toBe(reportNotice(sample(), DAY).key);
});
