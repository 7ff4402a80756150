import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { at, quiet, NOON } from '../../helpers/meter-world';
import { after, next } from './decisions';

describe('clock steps', () => {
  test('back: nothing opens and nothing is said twice', () => {
    const stop = after({ spend: 96 });
    const back = next(stop.next, NOON - HOUR_MS, { spend: 10 });
    expect([back.desired, back.alerts, back.next.at]).toEqual(['stopped', [], NOON]);
  });
  test('back over the turn of the month', () => {
    const stop = next(quiet(at('2026-11-30T23:00')), at('2026-12-01T00:00'), { spend: 96 });
    const back = next(stop.next, at('2026-11-30T23:59'), { spend: 10 });
    expect([back.desired, back.next.month]).toEqual(['stopped', '2026-12']);
    expect(next(back.next, at('2026-12-01T00:01'), { spend: 96 }).alerts).toEqual([]);
  });
  test('a late tick of the old month does not stop the new one, and does not tell its alerts again', () => {
    const told = after({ spend: 96 }, { now: at('2026-11-30T23:58') });
    const turned = next(told.next, at('2026-12-01T00:00'), {});
    const late = next(turned.next, at('2026-11-30T23:59'), { spend: 96 });
    expect([late.desired, late.alerts]).toEqual(['open', []]);
    expect(late.next.lastKnown).toEqual(turned.next.lastKnown);
    expect(next(late.next, at('2026-12-01T00:01'), {}).desired).toBe('open');
  });
  test('a clock that ran months ahead leaves the meter blind, and says so', () => {
    const ahead = next(quiet(), at('2027-05-01T00:00'), {});
    const first = next(ahead.next, NOON, { spend: 10 });
    const later = next(first.next, NOON + 15 * MINUTE_MS, { spend: 10 });
    expect([first.blind, later.blind]).toEqual([false, true]);
    expect(later.alerts).toMatchObject([{ kind: 'blind', why: 'reads are of an earlier month than the state' }]);
  });
  test('back: what is reached still stops', () => {
    expect(next(quiet(NOON), NOON - HOUR_MS, { spend: 96 }).desired).toBe('stopped');
  });
});
