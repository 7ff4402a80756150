import { alertMail, meterSubject, type Alert } from '../../../core/decision/alert-mail';
import { HOUR_MS, type UtcDay } from '../../../core/calendar';
import { usd } from '../../../core/money';
import type { ModelSpend } from '../../../core/meter/types';
import { NOON } from '../../helpers/meter-world';

const mailOf = (alert: Alert) => alertMail(alert, { environment: 'dev', enforce: true });
const DAY = '2026-11-10' as UtcDay;
const change = { from: 'open', to: 'stopped', reason: 'why' } as const;
const override = { since: NOON, by: 'ana', reason: 'release' };
const half = { atPercent: 50, effect: 'notify', basis: 'actual', amount: usd(50) } as const;
const finding = { kind: 'negative', understates: true, text: 'a negative count' } as const;
const list = { kind: 'untrustedPrice', understates: false, text: 'a list price' } as const;

test.each<[string, Alert, string, readonly string[]]>([
  [
    'orders for budgets that cannot be understood',
    { kind: 'budgetOrders', key: 'k', why: 'item meter/budget-orders of state is broken; delete it' },
    'orders for budgets cannot be read: the configured limits hold',
    [
      "The orders for budgets within the environment's cannot be read: item meter/budget-orders of state is broken; delete it.",
      'Each of these budgets has the limit that is configured until they can be; all else goes on.',
      'Runbook: docs/runbook.md, "spend-meter-errors".',
    ],
  ],
  [
    'a threshold, with no change of state',
    { kind: 'threshold', key: 'k', highest: half, others: [], monthToDate: usd(51), limit: usd(100) },
    '50% of $100.00 reached',
    ['The meter estimates $51.00 this month, 51.0% of $100.00.', 'Reached: 50% ($50.00), notify.'],
  ],
  [
    'a change of state, while the month is not known',
    { kind: 'state', key: 'k', change, limit: usd(100) },
    'stopped: why',
    ['From open to stopped: why.'],
  ],
  [
    'a change of state',
    { kind: 'state', key: 'k', change, monthToDate: usd(60), limit: usd(100) },
    'stopped: why',
    ['From open to stopped: why.', 'The meter estimates $60.00 this month; the limit is $100.00.'],
  ],
  [
    'a rate that leaves an hour',
    { kind: 'burn', key: 'k', burnPerMinute: usd(1), runsOutAt: NOON + HOUR_MS, monthToDate: usd(40), limit: usd(100) },
    'the money runs out at 2026-11-10 13:00 UTC',
    [
      'At $1.00 a minute the limit of $100.00 is reached at 2026-11-10 13:00 UTC.',
      'The meter estimates $40.00 this month.',
    ],
  ],
  [
    'a first read above a line',
    {
      kind: 'grace',
      key: 'k',
      until: NOON,
      why: 'firstSeen',
      triggers: [{ cause: 'threshold', level: 'stopped', line: usd(95), text: 'spend 96.0% >= 95.0%' }],
    },
    'will stop at 2026-11-10 12:00 UTC unless the limit is raised',
    [
      'The first read after installation is already above a line.',
      'Will be stopped: spend 96.0% >= 95.0%.',
      'Nothing is changed before 2026-11-10 12:00 UTC. Raise the limit or give an override to prevent it.',
    ],
  ],
  [
    'a lowered line',
    { kind: 'grace', key: 'k', until: NOON, why: 'lowered', triggers: [] },
    'will stop at 2026-11-10 12:00 UTC unless the limit is raised',
    [
      'A deployment lowered a line below what is spent.',
      'Nothing is changed before 2026-11-10 12:00 UTC. Raise the limit or give an override to prevent it.',
    ],
  ],
  [
    'usage without a price',
    {
      kind: 'unattributed',
      key: 'k',
      models: [{ metricId: 'lost456', region: 'us-east-1', monthToDate: usd(3) } as ModelSpend],
    },
    'usage without a price, charged at the dearest rate',
    [
      'lost456 in us-east-1: $3.00 at the dearest known rate; real spend may be higher.',
      'Runbook: docs/runbook.md, "spend-meter-unattributed".',
    ],
  ],
  [
    'points that cannot be counted, beside a price that is not trusted',
    { kind: 'findings', key: 'k', day: DAY, findings: [finding, list] },
    'the metrics hold points that cannot be counted',
    ['a negative count (real spend may be higher)', 'a list price'],
  ],
  [
    'prices alone that are not trusted',
    { kind: 'findings', key: 'k', day: DAY, findings: [list, list] },
    'the list price of a model may be too low',
    ['a list price', 'a list price'],
  ],
  [
    'blindness that keeps the state',
    { kind: 'blind', key: 'k', since: NOON, why: 'throttled', stops: false },
    'the meter is blind',
    [
      'Nothing has been seen in full since 2026-11-10 12:00 UTC: throttled.',
      'onBlind is page: the state is kept.',
      'The bill line goes on.',
      'Runbook: docs/runbook.md, "spend-meter-blind".',
    ],
  ],
  [
    'blindness that stops',
    { kind: 'blind', key: 'k', since: NOON, why: 'throttled', stops: true },
    'the meter is blind',
    [
      'Nothing has been seen in full since 2026-11-10 12:00 UTC: throttled.',
      'onBlind is stop: the environment is stopped until it sees again.',
      'The bill line goes on.',
      'Runbook: docs/runbook.md, "spend-meter-blind".',
    ],
  ],
  [
    'sight',
    { kind: 'sighted', key: 'k', blindSince: NOON },
    'the meter sees again',
    ['It was blind since 2026-11-10 12:00 UTC.'],
  ],
  [
    'an override with a limit',
    { kind: 'overrideStarted', key: 'k', override: { ...override, limit: usd(150) }, endsAt: NOON + HOUR_MS },
    'override until 2026-11-10 13:00 UTC',
    ['By ana: release', 'Holds until 2026-11-10 13:00 UTC, up to $150.00.'],
  ],
  [
    'an override without one',
    { kind: 'overrideStarted', key: 'k', override, endsAt: NOON + HOUR_MS },
    'override until 2026-11-10 13:00 UTC',
    ['By ana: release', 'Holds until 2026-11-10 13:00 UTC, the lines of the config.'],
  ],
  [
    'the end of an override',
    { kind: 'overrideEnded', key: 'k', since: NOON, desired: 'degraded' },
    'override ended, now degraded',
    ['The override of 2026-11-10 12:00 UTC has ended; by re-evaluating the state is degraded.'],
  ],
  [
    'what enforcement has done, in its own words',
    { kind: 'complete', key: 'k', enforced: 'stopped' },
    'everybody has the switch',
    ['Nobody is left out any more. The state is stopped.'],
  ],
])('the mail of %s', (_, alert, title, lines) => {
  expect(mailOf(alert)).toEqual({ subject: `[meter] dev ${title}`, text: lines.join('\n') });
});

test.each([
  [100, `[meter] dev ${'x'.repeat(88)}`],
  [101, `[meter] dev ${'x'.repeat(85)}...`],
])('a subject of %i characters is %s', (length, subject) => {
  expect(meterSubject('dev', 'x'.repeat(length - '[meter] dev '.length))).toBe(subject);
});

test('what SNS refuses in a subject is one question mark for each run of it', () => {
  expect(meterSubject('dev', 'größer\n\nals ~')).toBe('[meter] dev gr?er?als ~');
});
