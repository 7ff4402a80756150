import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import type { ModelSpend } from '../../../core/meter/types';
import { usd } from '../../../core/money';
import { at, input, known, NOON, quiet } from '../../helpers/meter-world';
import { after, kindsOf, next, UNKNOWN } from './decisions';

const model = { metricId: 'lost456', region: 'us-east-1', monthToDate: usd(1) } as ModelSpend;
const negative = { kind: 'negative', understates: true, text: 'x' } as const;

describe('a change of state is told', () => {
  const stop = () => after({ spend: 60, today: 40 }).next;

  test('by the mail of a threshold that is crossed in the same read, and by no other of its own', () => {
    const [threshold, ...others] = after({ spend: 96 }).alerts;
    expect(threshold).toMatchObject({ kind: 'threshold', change: { from: 'open', to: 'stopped' } });
    expect(others).toEqual([]);
  });
  test('beside every other mail of that read', () => {
    const now = at('2026-11-11T00:00');
    const assessment = { ...known(now, { spend: 60 }), unattributed: [model], findings: [negative] };
    expect(kindsOf(decide(input({ previous: stop(), now, assessment })))).toEqual([
      'unattributed',
      'findings',
      'state',
    ]);
  });
  test('with what is spent', () => {
    const opened = next(stop(), at('2026-11-11T00:00'), { spend: 60 });
    expect(opened.alerts).toMatchObject([{ kind: 'state', monthToDate: usd(60), limit: usd(100) }]);
  });
  test('without an amount where nothing was ever read', () => {
    const blind = decide(input({ assessment: UNKNOWN, onBlind: 'stop' }));
    const state = blind.alerts.find(({ kind }) => kind === 'state');
    expect(state).toMatchObject({ change: { from: 'open', to: 'stopped' } });
    expect(state).not.toHaveProperty('monthToDate');
  });
});

describe('once', () => {
  test('a finding, for each day on which it is found', () => {
    const found = (now: number) => ({ ...known(now), findings: [negative] });
    const read = (previous: ReturnType<typeof quiet>, now: number) =>
      decide(input({ previous, now, assessment: found(now) }));
    const first = read(quiet(), NOON);
    const again = read(first.next, at('2026-11-10T23:59'));
    const tomorrow = read(again.next, at('2026-11-11T00:00'));
    expect([first, again, tomorrow].map(kindsOf)).toEqual([['findings'], [], ['findings']]);
    expect([again, tomorrow].map((decision) => decision.next.alerted)).toEqual([
      ['2026-11|findings|2026-11-10'],
      ['2026-11|findings|2026-11-10', '2026-11|findings|2026-11-11'],
    ]);
  });
  test('usage without a price, for each model', () => {
    const other = { ...model, region: 'eu-west-1' };
    const read = (previous: ReturnType<typeof quiet>, now: number, ...unattributed: readonly ModelSpend[]) =>
      decide(input({ previous, now, assessment: { ...known(now), unattributed } }));
    const first = read(quiet(), NOON, model);
    const again = read(first.next, NOON + MINUTE_MS, model);
    const both = read(again.next, NOON + HOUR_MS, model, other);
    expect([first, again].map(kindsOf)).toEqual([['unattributed'], []]);
    expect(both.alerts).toMatchObject([{ kind: 'unattributed', models: [other] }]);
    expect(both.next.alerted).toEqual([
      '2026-11|unattributed|us-east-1|lost456',
      '2026-11|unattributed|eu-west-1|lost456',
    ]);
  });
  test('an override', () => {
    const over = { override: { since: NOON, by: 'ana', reason: 'release' } };
    const first = after({ spend: 10 }, over);
    expect(kindsOf(first)).toEqual(['overrideStarted']);
    expect(next(first.next, NOON + MINUTE_MS, { spend: 10 }, over).alerts).toEqual([]);
  });
});

test.each([
  ['negative', ['findings']],
  ['fell', []],
  ['unlisted', []],
] as const)('a finding that is %s: %j', (kind, kinds) => {
  const assessment = { ...known(NOON), findings: [{ ...negative, kind }] };
  expect(kindsOf(decide(input({ previous: quiet(), assessment })))).toEqual(kinds);
});
