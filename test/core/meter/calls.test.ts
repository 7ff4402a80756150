import { callsFrom, isWithinReach, settledCalls, unseenCalls } from '../../../core/meter/calls';
import { MINUTE_MS } from '../../../core/calendar';
import { at } from '../../helpers/meter-world';

const READ = at('2026-11-10T12:00');
const TIMING = { metricDelayMinutes: 2, longestGenerationMinutes: 10 };
/** Calls in so many minutes before the read, or after it where below zero. */
const before = (minutes: number, calls = 1) => ({ at: READ - minutes * MINUTE_MS, calls });

/** What a read with `then` on the gate has not seen of `now`. */
function unseen(then: readonly ReturnType<typeof before>[], now: readonly ReturnType<typeof before>[]) {
  return unseenCalls(now, settledCalls(then, READ, TIMING));
}

describe('calls whose tokens a read need not have seen', () => {
  test.each<[string, readonly ReturnType<typeof before>[], readonly ReturnType<typeof before>[], object]>([
    ['none at all', [], [], { calls: 0 }],
    ['the last minute whose tokens must have shown', [before(15)], [before(15)], { calls: 0 }],
    ['the first whose tokens may not have', [before(14)], [before(14)], { calls: 1, since: before(14).at }],
    ['after the read', [], [before(-3, 5), before(-4, 2)], { calls: 7, since: before(-3).at }],
    ['before and after', [before(5)], [before(5), before(-1, 2)], { calls: 3, since: before(5).at }],
    ['late for a minute that was settled: since when is not known', [before(20, 4)], [before(20, 6)], { calls: 2 }],
    ['as early as is looked', [], [before(74)], { calls: 1 }],
    ['earlier than that', [], [before(75)], { calls: 0 }],
    ['fewer than before, which cannot be: none are taken off', [before(20, 4)], [before(-1)], { calls: 1 }],
  ])('%s', (_name, then, now, expected) => {
    expect(unseen(then, now)).toMatchObject(expected);
  });

  test('late counts are as old as can be', () => {
    const settled = settledCalls([], READ, TIMING);
    expect(unseenCalls([before(20), before(-1)], settled)).toEqual({ calls: 2, since: settled.from });
  });

  test('several Regions have the same minute', () => {
    const settled = settledCalls([before(20), before(20, 2)], READ, TIMING);
    expect(settled.calls).toBe(3);
    expect(unseenCalls([before(20), before(20, 2), before(1), before(1)], settled)).toMatchObject({ calls: 2 });
  });

  test('within a minute the earlier one counts: a call of it may come after the read has looked', () => {
    expect(settledCalls([], READ + 59_999, TIMING).before).toBe(settledCalls([], READ, TIMING).before);
    expect(settledCalls([], READ, TIMING).before).toBe(READ - 14 * MINUTE_MS);
  });
});

describe('from when on the gate looks', () => {
  const settled = settledCalls([], READ, TIMING);
  test.each<[string, number, number]>([
    ['a tick later', READ + MINUTE_MS, settled.from],
    ['a clock that went back', READ - MINUTE_MS, settled.from - MINUTE_MS],
    ['four hours after what is settled', settled.from + 240 * MINUTE_MS, settled.from],
    ['longer ago: as without', settled.from + 240 * MINUTE_MS + 1, settled.from + 166 * MINUTE_MS],
  ])('%s', (_name, now, expected) => {
    expect(callsFrom(settled, now, TIMING)).toBe(expected);
    expect(isWithinReach(settled, now)).toBe(now <= settled.from + 240 * MINUTE_MS);
  });

  test('without a read that has settled anything: what a read now would settle', () => {
    expect(callsFrom(undefined, READ, TIMING)).toBe(settled.from);
    expect(isWithinReach(undefined, READ)).toBe(false);
  });
});
