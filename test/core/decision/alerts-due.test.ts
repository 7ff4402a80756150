import { DAY_MS, HOUR_MS, MINUTE_MS, utcMonth } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import type { DecideInput, Decision } from '../../../core/decision/types';
import type { ModelSpend } from '../../../core/meter/types';
import { usd } from '../../../core/money';
import type { Override } from '../../../core/stop-lines/override';
import type { Threshold } from '../../../core/stop-lines/thresholds';
import { at, input, known, NOON, quiet } from '../../helpers/meter-world';
import { after, kindsOf, next, UNKNOWN } from './decisions';

const override: Override = { since: NOON, by: 'ana', reason: 'release', until: NOON + 2 * HOUR_MS, limit: usd(150) };
const blind = (over: Partial<DecideInput> = {}) =>
  decide(input({ previous: quiet(NOON), now: NOON + HOUR_MS, assessment: UNKNOWN, ...over }));

describe('a key is of its month, and of what the alert is about', () => {
  const model = { metricId: 'lost456', region: 'us-east-1', monthToDate: usd(1) } as ModelSpend;
  const negative = { kind: 'negative', understates: true, text: 'x' } as const;
  const grace = () => after({ spend: 60 }, { limit: usd(50) });
  const started = () => next(after({ spend: 96 }).next, NOON, { spend: 96 }, { override });
  const ended = () => next(started().next, NOON + 2 * HOUR_MS, { spend: 96 }, { override });

  test.each<[string, () => Decision, readonly string[]]>([
    ['amounts', () => after({ spend: 60 }), [`2026-11|${usd(50)}|meter`]],
    [
      'a state',
      () => next(after({ spend: 60, today: 40 }).next, NOON + DAY_MS, { spend: 60 }),
      [`2026-11|state|open|${NOON + DAY_MS}`],
    ],
    ['a rate', () => after({ spend: 40, burn: 1 }), ['2026-11|burn|2026-11-10']],
    ['a wait', grace, [`2026-11|${usd('47.5')}|meter`, `2026-11|grace|${NOON + 30 * MINUTE_MS}|threshold,degrade`]],
    ['blindness', blind, [`2026-11|blind|${NOON}`]],
    ['sight', () => next(blind().next, NOON + 2 * HOUR_MS, {}), [`2026-11|sighted|${NOON}`]],
    ['an override', started, [`2026-11|state|open|${NOON}`, `2026-11|override|${NOON}`]],
    ['its end', ended, [`2026-11|state|stopped|${NOON + 2 * HOUR_MS}`, `2026-11|overrideEnded|${NOON}`]],
    [
      'what has no price',
      () => after({}, { assessment: { ...known(NOON), unattributed: [model] } }),
      ['2026-11|unattributed|us-east-1|lost456'],
    ],
    [
      'what cannot be counted',
      () => after({}, { assessment: { ...known(NOON), findings: [negative] } }),
      ['2026-11|findings|2026-11-10'],
    ],
  ])('%s', (_, decision, keys) => {
    expect(decision().alerts.map(({ key }) => key)).toEqual(expect.arrayContaining([...keys]));
  });
});

describe('what is remembered as told', () => {
  test('every amount crossed, the others in the mail too', () => {
    expect(after({ spend: 80 }).next.alerted).toEqual([`2026-11|${usd(75)}|meter`, `2026-11|${usd(50)}|meter`]);
  });
  test('not what turns back and forth: it would fill the table', () => {
    expect(blind().next.alerted).toEqual([]);
    expect(next(blind().next, NOON + 2 * HOUR_MS, {}).next.alerted).toEqual([]);
  });
  test('of this month and the one before, no more', () => {
    const told = after({ spend: 60 });
    const december = next(told.next, at('2026-12-01T00:00'), {});
    expect(december.next.alerted).toEqual(told.next.alerted);
    expect(next(december.next, at('2027-01-01T00:00'), {}).next.alerted).toEqual([]);
  });
});

describe('thresholds', () => {
  const notify = (atPercent: number): Threshold => ({ atPercent, effect: 'notify', basis: 'actual' });
  const degrade = (atPercent: number): Threshold => ({ atPercent, effect: 'degrade', basis: 'actual' });
  const told = (spend: number | string, thresholds: readonly Threshold[]) =>
    after({ spend }, { thresholds, previous: quiet(NOON - HOUR_MS, { thresholds }) }).alerts.flatMap((alert) =>
      alert.kind === 'threshold' ? [alert.highest, ...alert.others].map(({ amount, effect }) => [amount, effect]) : [],
    );

  test.each([
    ['94.999999999', []],
    [95, [[usd(95), 'stop']]],
  ])('the stop line is told by itself: at %s of 95 that is %j', (spend, expected) => {
    expect(told(spend, [])).toEqual(expected);
  });
  test('as a threshold on actual spend', () => {
    const [alert] = after({ spend: 95 }, { thresholds: [] }).alerts;
    expect(alert).toMatchObject({ highest: { atPercent: 95, effect: 'stop', basis: 'actual', amount: usd(95) } });
  });
  test.each<[string, readonly Threshold[]]>([
    ['the weaker first', [notify(60), degrade(60)]],
    ['the stronger first', [degrade(60), notify(60)]],
  ])('where two meet, the stronger effect speaks: %s', (_, thresholds) => {
    expect(told(60, thresholds)).toEqual([[usd(60), 'degrade']]);
  });
  test('the stop speaks where a threshold meets it', () => {
    expect(told(95, [notify(95), degrade(95)])).toEqual([[usd(95), 'stop']]);
  });
});

describe('the rate is not told', () => {
  test.each([
    ['0.062499999', []],
    ['0.0625', ['burn']],
    ['0.062500001', ['burn']],
  ])('while it lasts for more than a day: $90 at $%s a minute', (burn, kinds) => {
    const decision = after({ spend: 10, burn });
    expect(kindsOf(decision)).toEqual(kinds);
  });
  test('nor where nothing burns', () => {
    expect(after({ spend: 10 }).alerts).toEqual([]);
  });
  test('again by the next read', () => {
    const first = after({ spend: 10, burn: 1 });
    expect(next(first.next, NOON + MINUTE_MS, { spend: 11, burn: 1 }).alerts).toEqual([]);
  });
  test('while the environment is stopped', () => {
    expect(kindsOf(after({ spend: 60, today: 40, burn: 1 }))).not.toContain('burn');
    expect(kindsOf(after({ spend: 60, today: 39, burn: 1 }))).toContain('burn');
  });
  test('where the limit is reached and waits', () => {
    const first = decide(input({ assessment: known(NOON, { spend: 100, burn: 1 }) }));
    expect([first.desired, kindsOf(first)]).toEqual(['open', ['threshold', 'grace']]);
  });
  test.each([
    ['22:29', true],
    ['22:30', false],
  ])('where it lasts to the end of the month: 90 minutes from %s', (time, expected) => {
    const now = at(`2026-11-30T${time}`);
    expect(kindsOf(after({ spend: 10, burn: 1 }, { now })).includes('burn')).toBe(expected);
  });
  test('again by a read that was not complete', () => {
    const first = after({ spend: 10, burn: 1 });
    const dark = decide(input({ previous: first.next, now: NOON + MINUTE_MS, assessment: UNKNOWN }));
    expect(dark.next.burnAlert).toEqual(first.next.burnAlert);
    expect(kindsOf(next(dark.next, NOON + DAY_MS, { spend: 10, burn: 1 }))).not.toContain('burn');
  });
});

test('an override with a limit: the rate is told by that limit', () => {
  const decision = after({ spend: 90, burn: 1 }, { override });
  expect(decision.alerts.find(({ kind }) => kind === 'burn')).toMatchObject({
    limit: usd(150),
    runsOutAt: NOON + HOUR_MS,
  });
});

test('one override after another: the new one is told, and no end', () => {
  const first = after({ spend: 60 }, { override });
  const second = { ...override, since: NOON + MINUTE_MS };
  const replaced = next(first.next, NOON + MINUTE_MS, { spend: 60 }, { override: second });
  expect(kindsOf(replaced)).toEqual(['overrideStarted']);
  expect(replaced.alerts).toMatchObject([{ override: second, endsAt: NOON + 2 * HOUR_MS }]);
});

test('an override that ends says which, and what the state is then', () => {
  const open = after({ spend: 80 }, { override });
  const ended = next(open.next, NOON + 2 * HOUR_MS, { spend: 80 }, { override });
  expect(ended.alerts.at(-1)).toMatchObject({ kind: 'overrideEnded', since: NOON, desired: 'degraded' });
});

test('a wait is told again when another line waits too, and only then', () => {
  const limit = { limit: usd(50) };
  const lowered = after({ spend: 40 }, limit);
  expect(lowered.alerts).toMatchObject([{ kind: 'threshold' }, { kind: 'grace', why: 'lowered' }]);
  const same = next(lowered.next, NOON + MINUTE_MS, { spend: 40 }, limit);
  expect(kindsOf(same)).toEqual([]);
  const more = next(same.next, NOON + 2 * MINUTE_MS, { spend: 40 }, { limit: usd(40) });
  expect(kindsOf(more)).toContain('grace');
});

test('what a month in which nothing was read is of: the clock', () => {
  expect(decide(input({ assessment: UNKNOWN })).next.month).toBe(utcMonth(NOON));
});

test('the first read after the installation, under every line, says nothing', () => {
  expect(decide(input({ assessment: known(NOON, { spend: 10 }) })).alerts).toEqual([]);
});
