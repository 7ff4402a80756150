import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import { usd } from '../../../core/money';
import { input, NOON, quiet } from '../../helpers/meter-world';
import { after, next, UNKNOWN } from './decisions';

describe('what is absent has no field: the state table takes no undefined', () => {
  const override = { since: NOON, by: 'ana', reason: 'release', until: NOON + 2 * HOUR_MS, limit: usd(150) };
  const fields = (of: object) => Object.keys(of).toSorted();
  const ALWAYS = ['alerts', 'blind', 'desired', 'enforce', 'next', 'reason'];
  const STATE = ['alerted', 'at', 'desired', 'holds', 'lastSeenAt', 'lines', 'month'];

  test.each([
    ['a quiet read', () => after({ spend: 10 }), ['monthToDate'], ['lastKnown']],
    ['nothing read ever', () => decide(input({ assessment: UNKNOWN, installedAt: NOON })), [], []],
    ['an override', () => after({}, { override }), ['monthToDate', 'override'], ['lastKnown', 'override']],
    ['a wait', () => after({ spend: 60 }, { limit: usd(50) }), ['monthToDate'], ['grace', 'lastKnown']],
    [
      'blindness',
      () => decide(input({ previous: quiet(NOON), now: NOON + HOUR_MS, assessment: UNKNOWN })),
      ['monthToDate'],
      ['blindSince', 'lastKnown'],
    ],
    ['a rate', () => after({ spend: 10, burn: 1 }), ['monthToDate'], ['burnAlert', 'lastKnown']],
  ])('%s', (_, decided, decision, state) => {
    const made = decided();
    expect(fields(made)).toEqual([...ALWAYS, ...decision].toSorted());
    expect(fields(made.next)).toEqual([...STATE, ...state].toSorted());
  });
});

describe('the reason', () => {
  const manualStop = { since: NOON, by: 'ana', reason: 'leak' };
  const override = { since: NOON, by: 'ana', reason: 'release' };

  test.each([
    ['under every line', () => after({ spend: 10 }), 'open', 'underLines', 'spend is under every line'],
    ['a person stops', () => after({ spend: 10 }, { manualStop }), 'stopped', 'ordered', 'ordered by ana: leak'],
    ['an override', () => after({ spend: 10 }, { override }), 'open', 'override', 'override by ana: release'],
    [
      'nothing known',
      () => next(after({ spend: 96 }).next, NOON - HOUR_MS, { spend: 10 }, { assessment: UNKNOWN }),
      'stopped',
      'threshold',
      'spend 96.0% >= 95.0%',
    ],
    [
      'not known',
      () => decide(input({ previous: quiet(NOON), now: NOON + MINUTE_MS, assessment: UNKNOWN })),
      'open',
      'unknown',
      'unknown, state kept: throttled',
    ],
    [
      'blind',
      () => decide(input({ previous: quiet(NOON), now: NOON + HOUR_MS, assessment: UNKNOWN, onBlind: 'stop' })),
      'stopped',
      'blind',
      'blind: throttled',
    ],
    [
      'a clock that stepped back from blindness',
      () => next(after({}, { assessment: UNKNOWN, onBlind: 'stop' }).next, NOON - HOUR_MS, {}),
      'stopped',
      'held',
      'state kept: the read or the clock is older than the last decision',
    ],
    [
      'a stop that holds, beside a line that degrades',
      () => next(after({ spend: 60, burn: '10.1' }).next, NOON + MINUTE_MS, { spend: 80 }),
      'stopped',
      'projected',
      'spend $60.00 and $10.10 a minute reach the limit $100.00 within 5 minutes',
    ],
  ])('%s', (_, decided, desired, cause, text) => {
    const { desired: found, reason } = decided();
    expect([found, reason]).toEqual([desired, { cause, text }]);
  });
});

test.each([
  [0.5, 1],
  [1.2, 1.2],
  [9, 1.5],
])('a calibration of %d is told as %d, within its bounds', (calibration, told) => {
  expect(after({ spend: 10 }, { calibration }).monthToDate).toEqual({ raw: usd(10), calibration: told });
});
