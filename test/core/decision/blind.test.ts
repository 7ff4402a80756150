import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import type { DecideInput } from '../../../core/decision/types';
import { usd } from '../../../core/money';
import { at, input, known, quiet, NOON, type Seen } from '../../helpers/meter-world';
import { after, next, kindsOf, UNKNOWN } from './decisions';

describe('trap 21: unknown stops nothing by itself and opens nothing', () => {
  test.each<[string, Seen, string]>([
    ['open', { spend: 10 }, 'open'],
    ['degraded', { spend: 80 }, 'degraded'],
    ['stopped', { spend: 96 }, 'stopped'],
  ])('%s is kept', (_name, seen, desired) => {
    const { next: previous } = after(seen);
    expect(decide(input({ previous, now: NOON + MINUTE_MS, assessment: UNKNOWN })).desired).toBe(desired);
  });
  test('over the turn of the month too, until something is known', () => {
    const { next: previous } = after({ spend: 96 });
    const turn = decide(input({ previous, now: at('2026-12-01T00:01'), assessment: UNKNOWN }));
    expect(turn.desired).toBe('stopped');
    expect(next(turn.next, at('2026-12-01T00:02'), {}).desired).toBe('open');
  });
  test.each([
    [14, false],
    [15, true],
    [16, true],
  ])('blind after %s minutes: %s', (minutes, blind) => {
    const decision = decide(input({ previous: quiet(NOON), now: NOON + minutes * MINUTE_MS, assessment: UNKNOWN }));
    expect([decision.blind, decision.desired, kindsOf(decision)]).toEqual([blind, 'open', blind ? ['blind'] : []]);
  });
  test('said once, and again when it sees', () => {
    const blind = decide(input({ previous: quiet(NOON), now: NOON + HOUR_MS, assessment: UNKNOWN }));
    const still = decide(input({ previous: blind.next, now: NOON + 2 * HOUR_MS, assessment: UNKNOWN }));
    expect([still.blind, still.alerts]).toEqual([true, []]);
    const sees = next(still.next, NOON + 3 * HOUR_MS, {});
    expect([sees.blind, kindsOf(sees)]).toEqual([false, ['sighted']]);
  });
  test('onBlind stop: stops, and opens when it sees again', () => {
    const blind = decide(input({ previous: quiet(NOON), now: NOON + HOUR_MS, assessment: UNKNOWN, onBlind: 'stop' }));
    expect([blind.desired, blind.reason.cause]).toEqual(['stopped', 'blind']);
    const still = decide(
      input({ previous: blind.next, now: NOON + 2 * HOUR_MS, assessment: UNKNOWN, onBlind: 'stop' }),
    );
    expect(still.desired).toBe('stopped');
    expect(next(still.next, NOON + 3 * HOUR_MS, {}, { onBlind: 'stop' }).desired).toBe('open');
  });
  test('what blindness stopped is not opened by a change of onBlind, nor by a clock that stepped back', () => {
    const blind = decide(input({ previous: quiet(NOON), now: NOON + HOUR_MS, assessment: UNKNOWN, onBlind: 'stop' }));
    const changed = decide(
      input({ previous: blind.next, now: NOON + 2 * HOUR_MS, assessment: UNKNOWN, onBlind: 'page' }),
    );
    expect(changed.desired).toBe('stopped');
    expect(next(blind.next, NOON, {}).desired).toBe('stopped');
  });
  test('never seen since the installation: blind from then on', () => {
    const first = (minutes: number) => decide(input({ installedAt: NOON - minutes * MINUTE_MS, assessment: UNKNOWN }));
    expect([first(14).blind, first(15).blind]).toEqual([false, true]);
  });
  test('a lower bound stops at its line and still goes blind', () => {
    const low = after({ spend: 96, lowerBound: true });
    expect([low.desired, low.blind]).toEqual(['stopped', true]);
    expect(low.alerts.find(({ kind }) => kind === 'blind')).toMatchObject({
      why: 'points had to be left out, so real spend may be higher',
    });
  });
  describe('a canary that does not arrive', () => {
    const canary = { kind: 'overdue', since: NOON - MINUTE_MS } as const;
    test.each<[string, Partial<DecideInput>]>([
      ['a minute after a complete view', { previous: quiet(NOON - MINUTE_MS) }],
      ['at the first read', {}],
    ])('blind at once: %s', (_name, over) => {
      const decision = decide(input({ assessment: known(NOON, { spend: 10 }), canary, ...over }));
      expect([decision.blind, kindsOf(decision)]).toEqual([true, ['blind']]);
      expect(decision.alerts).toMatchObject([{ since: canary.since, why: 'the canary has not shown up' }]);
    });
    test('blind already: since then', () => {
      const blind = decide(input({ previous: quiet(NOON), now: NOON + HOUR_MS, assessment: UNKNOWN }));
      const over = { canary: { ...canary, since: NOON + HOUR_MS } };
      expect(next(blind.next, NOON + 2 * HOUR_MS, {}, over).next.blindSince).toBe(NOON);
    });
    test('blind until there is a complete view, not only until it is no longer overdue', () => {
      const blind = after({ spend: 10 }, { canary, previous: quiet(NOON - MINUTE_MS) });
      const dark = decide(input({ previous: blind.next, now: NOON + MINUTE_MS, assessment: UNKNOWN }));
      expect([dark.blind, dark.alerts]).toEqual([true, []]);
      expect(kindsOf(next(dark.next, NOON + 2 * MINUTE_MS, {}))).toEqual(['sighted']);
    });
  });
  test.each([
    [-1, 'stopped'],
    [0, 'open'],
    [1, 'open'],
  ])('onBlind stop: an override given %i ms from when blindness began: %s', (ms, desired) => {
    const override = { since: NOON + ms, by: 'ana', reason: 'release', until: NOON + 2 * HOUR_MS, limit: usd(150) };
    const over = { previous: quiet(NOON), now: NOON + HOUR_MS, assessment: UNKNOWN, override } as const;
    expect(decide(input({ ...over, onBlind: 'stop' })).desired).toBe(desired);
  });
  test('what was seen last is remembered by a tick that sees nothing', () => {
    const dark = decide(input({ previous: quiet(NOON), now: NOON + MINUTE_MS, assessment: UNKNOWN }));
    expect(dark.next.lastSeenAt).toBe(NOON);
  });
});
