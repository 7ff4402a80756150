import fc from 'fast-check';
import { alertMail, meterSubject, type Alert } from '../../../core/decision/alert-mail';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import { type Decision, type DecisionState } from '../../../core/decision/types';
import type { KnownAssessment, ModelSpend } from '../../../core/meter/types';
import { usd } from '../../../core/money';
import { at, input, known, NOON, quiet, type Seen } from '../../helpers/meter-world';

const run = (previous: DecisionState, now: number, seen: Seen, more: Partial<KnownAssessment> = {}): Decision =>
  decide(input({ previous, now, assessment: { ...known(now, seen), ...more } }));
const told = (decision: Decision) => decision.alerts.map(({ kind }) => kind);

describe('thresholds', () => {
  test.each<[number | string, readonly number[]]>([
    ['49.999999999', []],
    [50, [50]],
    ['74.99', [50]],
    [75, [75, 50]],
    [95, [95, 75, 50]],
    [120, [95, 75, 50]],
  ])('at $%s of $100: one alert for the highest, the others in it: %j', (spend, percents) => {
    const alerts = run(quiet(), NOON, { spend }).alerts.filter(({ kind }) => kind === 'threshold');
    const [alert] = alerts;
    expect(alerts).toHaveLength(percents.length === 0 ? 0 : 1);
    expect(
      alert?.kind === 'threshold' ? [alert.highest, ...alert.others].map(({ atPercent }) => atPercent) : [],
    ).toEqual(percents);
  });
  test('once a month and amount: a changed limit has other amounts, the next month begins anew', () => {
    const first = run(quiet(), NOON, { spend: 60 });
    expect(told(run(first.next, NOON + HOUR_MS, { spend: 61 }))).toEqual([]);
    const raised = decide(
      input({
        previous: first.next,
        now: NOON + HOUR_MS,
        limit: usd(110),
        assessment: known(NOON + HOUR_MS, { spend: 61 }),
      }),
    );
    expect(told(raised)).toEqual(['threshold']);
    expect(told(run(first.next, at('2026-12-02T00:00'), { spend: 60 }))).toEqual(['threshold']);
  });
  test('the change of state is in the same mail', () => {
    const decision = run(quiet(), NOON, { spend: 96 });
    expect(decision.alerts).toMatchObject([{ kind: 'threshold', change: { from: 'open', to: 'stopped' } }]);
  });
});

describe('burn', () => {
  test.each([
    ['runs out in a day', '0.0625', true],
    ['in a little more', '0.0624', false],
    ['no burn', 0, false],
  ])('%s', (_name, burn, expected) => {
    expect(told(run(quiet(), NOON, { spend: 10, burn })).includes('burn')).toBe(expected);
  });
  test('says when the money runs out', () => {
    const [alert] = run(quiet(), NOON, { spend: 40, burn: 1 }).alerts;
    expect(alert).toMatchObject({ kind: 'burn', runsOutAt: NOON + HOUR_MS });
    expect(alert && alertMail(alert, { environment: 'dev', enforce: true }).subject).toBe(
      '[meter] dev the money runs out at 2026-11-10 13:00 UTC',
    );
  });
  test('not after the month has ended', () => {
    const late = at('2026-11-30T23:00');
    expect(told(run(quiet(late - HOUR_MS), late, { spend: 10, burn: 1 }))).toEqual([]);
  });
  test('once, until the burn has halved, and at most once a day', () => {
    const first = run(quiet(), NOON, { spend: 10, burn: 1 });
    const steps: readonly [number, number | string, boolean][] = [
      [MINUTE_MS, 1, false],
      [DAY_MS, 1, false],
      [DAY_MS + MINUTE_MS, '0.501', false],
      [DAY_MS + 2 * MINUTE_MS, '0.5', true],
      [DAY_MS + 3 * MINUTE_MS, '0.1', false],
      [DAY_MS + 4 * MINUTE_MS, 1, false],
      [2 * DAY_MS, 1, true],
    ];
    let previous = first.next;
    for (const [after, burn, expected] of steps) {
      const decision = run(previous, NOON + after, { spend: 10, burn });
      expect([after, told(decision).includes('burn')]).toEqual([after, expected]);
      previous = decision.next;
    }
  });
});

test('trap 16: unattributed use alarms, once a month for each id', () => {
  const model = {
    metricId: 'lost456',
    region: 'us-east-1',
    modelId: 'lost456',
    tier: 'unknown',
    monthToDate: usd(1),
  } as ModelSpend;
  const first = run(quiet(), NOON, { spend: 1 }, { unattributed: [model] });
  expect(told(first)).toEqual(['unattributed']);
  const both = { unattributed: [model, { ...model, metricId: 'other' }] };
  const second = run(first.next, NOON + HOUR_MS, { spend: 1 }, both);
  expect(second.alerts).toMatchObject([{ kind: 'unattributed', models: [{ metricId: 'other' }] }]);
  expect(told(run(second.next, NOON + 2 * HOUR_MS, { spend: 1 }, both))).toEqual([]);
});

test('bad points are named once a day; a fallen figure is no alarm', () => {
  const finding = { kind: 'negative', understates: true, text: 'us-east-1 x: a negative count: left out' } as const;
  const first = run(quiet(), NOON, {}, { findings: [finding] });
  expect(told(first)).toEqual(['findings']);
  expect(told(run(first.next, NOON + HOUR_MS, {}, { findings: [finding] }))).toEqual([]);
  expect(told(run(first.next, NOON + DAY_MS, {}, { findings: [finding] }))).toEqual(['findings']);
  expect(told(run(quiet(), NOON, {}, { findings: [{ kind: 'fell', understates: false, text: 'x' }] }))).toEqual([]);
});

describe('mails', () => {
  test('what is said at the stop', () => {
    const [alert] = run(quiet(), NOON, { spend: 96 }).alerts;
    expect(alert && alertMail(alert, { environment: 'dev', enforce: true })).toEqual({
      subject: '[meter] dev 95% of $100.00 reached, now stopped',
      text: [
        'The meter estimates $96.00 this month, 96.0% of $100.00.',
        'Reached: 95% ($95.00), stop.',
        'Reached in the same read: 75% ($75.00), degrade; 50% ($50.00), notify.',
        'From open to stopped: spend 96.0% >= 95.0%.',
      ].join('\n'),
    });
  });
  test('property: a subject is printable ASCII of at most 100 characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (environment, title) => {
          expect(meterSubject(environment, title)).toMatch(/^\[meter\] [\x20-\x7e]{0,92}$/);
        },
      ),
    );
  });
  test.each<Alert>([
    {
      kind: 'state',
      key: 'k',
      change: { from: 'stopped', to: 'open', reason: 'spend is under every line' },
      limit: usd(1),
    },
    { kind: 'grace', key: 'k', until: NOON, why: 'lowered', triggers: [] },
    { kind: 'blind', key: 'k', since: NOON, why: 'throttled', stops: true },
    { kind: 'sighted', key: 'k', blindSince: NOON },
    {
      kind: 'overrideStarted',
      key: 'k',
      override: { since: NOON, by: 'ana', reason: 'x', limit: usd(5) },
      endsAt: NOON,
    },
    { kind: 'overrideEnded', key: 'k', since: NOON, desired: 'stopped' },
  ])('$kind has a subject and a text, and says a dry run', (alert) => {
    const mail = alertMail(alert, { environment: 'dev', enforce: false });
    expect(mail.subject).toMatch(/^\[meter\] dev dry run: /);
    expect(mail.text).toMatch(/Dry run \(enforce: false\): nobody is denied, whatever is said above\.$/);
  });
});
