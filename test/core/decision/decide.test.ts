import fc from 'fast-check';
import { alertMail } from '../../../core/decision/alert-mail';
import { DAY_MS, HOUR_MS, MINUTE_MS, utcMonth } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import { type DecideInput, type Decision, type DecisionState } from '../../../core/decision/types';
import type { Assessment } from '../../../core/meter/types';
import { usd } from '../../../core/money';
import type { Override } from '../../../core/stop-lines/override';
import { at, input, known, NOON, quiet, type Seen } from '../../helpers/meter-world';

const UNKNOWN: Assessment = { kind: 'unknown', why: 'throttled' };

/** One decision after a quiet hour. */
function after(seen: Seen, over: Partial<DecideInput> = {}): Decision {
  const now = over.now ?? NOON;
  return decide(input({ previous: quiet(now - HOUR_MS), assessment: known(now, seen), ...over }));
}
function next(previous: DecisionState, now: number, seen: Seen, over: Partial<DecideInput> = {}): Decision {
  return decide(input({ previous, now, assessment: known(now, seen), ...over }));
}
const kindsOf = ({ alerts }: Decision) => alerts.map(({ kind }) => kind);

describe('each line, just below, at and above', () => {
  test.each<[string, Seen, string, string]>([
    ['nothing', {}, 'open', 'underLines'],
    ['below degrade', { spend: '74.999999999' }, 'open', 'underLines'],
    ['at degrade', { spend: 75 }, 'degraded', 'degrade'],
    ['below stop', { spend: '94.999999999' }, 'degraded', 'degrade'],
    ['at stop', { spend: 95 }, 'stopped', 'threshold'],
    ['above stop', { spend: '95.000000001' }, 'stopped', 'threshold'],
    ['projected below the limit', { spend: 50, burn: '9.999999999' }, 'open', 'underLines'],
    ['projected at the limit', { spend: 50, burn: 10 }, 'stopped', 'projected'],
    ['projected above it', { spend: 50, burn: '10.000000001' }, 'stopped', 'projected'],
    ['below the daily limit', { spend: 60, today: '39.999999999' }, 'open', 'underLines'],
    ['at the daily limit', { spend: 60, today: 40 }, 'stopped', 'daily'],
    ['above it', { spend: 60, today: '40.000000001' }, 'stopped', 'daily'],
    ['below the brake', { spend: 60, lastHour: '19.999999999' }, 'open', 'underLines'],
    ['at the brake', { spend: 60, lastHour: 20 }, 'stopped', 'brake'],
    ['above it', { spend: 60, lastHour: '20.000000001' }, 'stopped', 'brake'],
  ])('%s', (_name, seen, desired, cause) => {
    const decision = after(seen);
    expect([decision.desired, decision.reason.cause]).toEqual([desired, cause]);
  });

  test('trap 20: a longer delay stops earlier', () => {
    expect(after({ spend: 50, burn: 6 }, { delayMinutes: 8 }).desired).toBe('open');
    expect(after({ spend: 50, burn: 6 }, { delayMinutes: 9 }).desired).toBe('stopped');
  });
});

describe('calibration: upwards, at most 1.5, for the stop alone', () => {
  test.each([
    ['raises', '80', 1.2, 'stopped'],
    ['not enough', '79', 1.2, 'degraded'],
    ['never lowers', '95', 0.5, 'stopped'],
    ['not a number', '95', Number.NaN, 'stopped'],
    ['at most 1.5', '63', 9, 'open'],
    ['at 1.5', '63.34', 9, 'stopped'],
  ])('%s', (_name, spend, calibration, desired) => {
    const decision = after({ spend }, { calibration });
    expect(decision.desired).toBe(desired);
    expect(decision.monthToDate?.raw).toBe(usd(spend));
  });
  test('alerts and degrade go by the raw figure', () => {
    const decision = after({ spend: 49 }, { calibration: 1.5 });
    expect([decision.desired, kindsOf(decision)]).toEqual(['open', []]);
  });
});

describe('trap 23: what is reached holds', () => {
  test('projected: after the stop the burn is gone and the stop stays', () => {
    const stop = after({ spend: 60, burn: 20 });
    const later = next(stop.next, NOON + HOUR_MS, { spend: 60 });
    expect([later.desired, later.alerts]).toEqual(['stopped', []]);
  });
  test('until the month turns', () => {
    const stop = after({ spend: 96 });
    const turn = next(stop.next, at('2026-12-01T00:00'), {});
    expect([turn.desired, kindsOf(turn)]).toEqual(['open', ['state']]);
  });
  test('until the limit is raised', () => {
    const stop = after({ spend: 60, burn: 20 });
    expect(next(stop.next, NOON + HOUR_MS, { spend: 60 }, { limit: usd(101) }).desired).toBe('open');
    expect(next(stop.next, NOON + HOUR_MS, { spend: 60 }, { limit: usd(99) }).desired).toBe('stopped');
  });
  test('or the stop percentage', () => {
    const stop = after({ spend: 90 }, { stopAtPercent: 90, previous: quiet(NOON - HOUR_MS, { stopAtPercent: 90 }) });
    expect(stop.desired).toBe('stopped');
    expect(next(stop.next, NOON + HOUR_MS, { spend: 90 }, { stopAtPercent: 95 }).desired).toBe('degraded');
  });
  test.each<[string, Seen]>([
    ['daily', { spend: 60, today: 40 }],
    ['brake', { spend: 60, lastHour: 20 }],
  ])('%s: until the next UTC day, though the figure falls before', (_name, seen) => {
    const stop = after(seen);
    const night = next(stop.next, at('2026-11-10T23:59'), { spend: 60 });
    expect(night.desired).toBe('stopped');
    expect(next(night.next, at('2026-11-11T00:00'), { spend: 60 }).desired).toBe('open');
  });
  test('a tick without a read decides on the last one: still seen, and yesterday does not hold today', () => {
    const before = at('2026-11-10T23:55');
    const assessment = known(before, { spend: 60, today: 40 });
    const stop = decide(input({ previous: quiet(before - HOUR_MS), now: before, assessment }));
    const midnight = at('2026-11-11T00:00');
    const again = decide(input({ previous: stop.next, now: midnight, assessment }));
    expect([stop.desired, again.desired, again.next.lastSeenAt]).toEqual(['stopped', 'open', midnight]);
  });
  test('a raised daily limit opens on the same day', () => {
    const stop = after({ spend: 60, today: 40 });
    expect(next(stop.next, NOON + HOUR_MS, { spend: 60, today: 40 }, { dailyLimit: usd(41) }).desired).toBe('open');
  });
  test('a deploy during a stop keeps the stop', () => {
    const stop = after({ spend: 96 });
    expect(next(stop.next, NOON + MINUTE_MS, { spend: 96 }, { installedAt: NOON }).desired).toBe('stopped');
  });
});

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
  });
  test('a canary that does not arrive: blind at once', () => {
    const decision = after({ spend: 10 }, { canary: { kind: 'overdue', since: NOON - MINUTE_MS } });
    expect([decision.blind, kindsOf(decision)]).toEqual([true, ['blind']]);
  });
});

describe('a line put below the spend waits for a person', () => {
  test('first seen above after the installation', () => {
    const first = decide(input({ assessment: known(NOON, { spend: 96 }) }));
    expect([first.desired, kindsOf(first)]).toEqual(['open', ['threshold', 'grace']]);
    const wait = next(first.next, NOON + 30 * MINUTE_MS - 1, { spend: 96 });
    expect([wait.desired, wait.alerts]).toEqual(['open', []]);
    expect(next(wait.next, NOON + 30 * MINUTE_MS, { spend: 96 }).desired).toBe('stopped');
  });
  test('a limit lowered by a deploy', () => {
    const lowered = after({ spend: 60 }, { limit: usd(50) });
    expect([lowered.desired, lowered.reason.cause]).toEqual(['open', 'grace']);
    expect(kindsOf(lowered)).toContain('grace');
    expect(next(lowered.next, NOON + 30 * MINUTE_MS, { spend: 60 }, { limit: usd(50) }).desired).toBe('stopped');
  });
  test('raised again within the grace: nothing happened', () => {
    const lowered = after({ spend: 60 }, { limit: usd(50) });
    const raised = next(lowered.next, NOON + MINUTE_MS, { spend: 60 });
    expect([raised.desired, next(raised.next, NOON + HOUR_MS, { spend: 60 }).desired]).toEqual(['open', 'open']);
  });
  test('what the earlier lines would have stopped does not wait', () => {
    const lowered = after({ spend: 60 }, { limit: usd(50) });
    expect(next(lowered.next, NOON + MINUTE_MS, { spend: 96 }, { limit: usd(50) }).desired).toBe('stopped');
    const already = after({ spend: 96 }, { limit: usd(50) });
    expect([already.desired, kindsOf(already)]).toEqual(['stopped', ['threshold']]);
  });
  test('a lowered limit does not end the wait of a first read', () => {
    const first = decide(input({ assessment: known(NOON, { spend: 30, today: 40, burn: 14 }) }));
    expect(kindsOf(first)).toContain('grace');
    const lowered = next(first.next, NOON + MINUTE_MS, { spend: 30, today: 40, burn: 4 }, { limit: usd(50) });
    expect(lowered.desired).toBe('open');
  });
  test('a runaway while it waits does not', () => {
    const lowered = after({ spend: 60 }, { limit: usd(50) });
    expect(next(lowered.next, NOON + MINUTE_MS, { spend: 80, lastHour: 20 }, { limit: usd(50) }).desired).toBe(
      'stopped',
    );
  });
  test('spend that crosses a line in the usual way does not wait', () => {
    expect(after({ spend: 95 }).desired).toBe('stopped');
  });
});

describe('an override', () => {
  const override: Override = {
    since: NOON + MINUTE_MS,
    by: 'ana',
    reason: 'release',
    until: NOON + 2 * HOUR_MS,
    limit: usd(150),
  };
  const stopped = () => after({ spend: 96 }).next;

  test('opens, holds to its own limit, and is told', () => {
    const open = next(stopped(), NOON + MINUTE_MS, { spend: 96 }, { override });
    expect([open.desired, open.reason.cause, open.override]).toEqual(['open', 'override', override]);
    expect(kindsOf(open)).toEqual(['state', 'overrideStarted']);
    expect(next(open.next, NOON + HOUR_MS, { spend: '149.99' }, { override }).desired).toBe('open');
    expect(next(open.next, NOON + HOUR_MS, { spend: 150 }, { override }).desired).toBe('stopped');
  });
  test('at its end the state is decided anew', () => {
    const open = next(stopped(), NOON + MINUTE_MS, { spend: 96 }, { override });
    expect(next(open.next, NOON + 2 * HOUR_MS - 1, { spend: 96 }, { override }).desired).toBe('open');
    const ended = next(open.next, NOON + 2 * HOUR_MS, { spend: 96 }, { override });
    expect([ended.desired, kindsOf(ended)]).toEqual(['stopped', ['state', 'overrideEnded']]);
    expect(next(open.next, NOON + 2 * HOUR_MS, { spend: 96 }, { override, limit: usd(200) }).desired).toBe('open');
  });
  test('at its end the state is decided anew from what was last known', () => {
    const open = next(stopped(), NOON + MINUTE_MS, { spend: 96 }, { override });
    const ended = decide(input({ previous: open.next, now: NOON + 2 * HOUR_MS, assessment: UNKNOWN, override }));
    expect(ended.desired).toBe('stopped');
  });
  test('speaks to a meter that cannot see', () => {
    const open = decide(input({ previous: stopped(), now: NOON + MINUTE_MS, assessment: UNKNOWN, override }));
    expect(open.desired).toBe('open');
    expect(
      decide(input({ previous: open.next, now: NOON + 2 * MINUTE_MS, assessment: UNKNOWN, override })).desired,
    ).toBe('open');
  });
  test('ends with the month', () => {
    const open = next(
      stopped(),
      NOON + MINUTE_MS,
      { spend: 96 },
      { override: { ...override, until: at('2026-12-20T00:00') } },
    );
    const december = next(open.next, at('2026-12-01T00:00'), { spend: 96 }, { override });
    expect([december.desired, december.override]).toEqual(['stopped', undefined]);
  });
  test('a plain resume lifts the brake and the day, which count anew from there', () => {
    const { next: previous } = after({ spend: 50, lastHour: 20, today: 40 });
    const resume: Override = { since: NOON + MINUTE_MS, by: 'ana', reason: 'known load test' };
    const now = NOON + MINUTE_MS;
    const open = next(previous, now, { spend: 50, lastHour: 20, today: 40 }, { override: resume });
    expect(open.desired).toBe('open');
    const over = (more: number) =>
      next(
        open.next,
        now + MINUTE_MS,
        { spend: 50 + more, lastHour: 20 + more, today: 40 + more },
        { override: resume },
      ).desired;
    expect([over(19.99), over(20)]).toEqual(['open', 'stopped']);
  });
});

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
    expect(next(late.next, at('2026-12-01T00:01'), {}).desired).toBe('open');
  });
  test('a clock that ran months ahead leaves the meter blind, and says so', () => {
    const ahead = next(quiet(), at('2027-05-01T00:00'), {});
    const first = next(ahead.next, NOON, { spend: 10 });
    const later = next(first.next, NOON + 15 * MINUTE_MS, { spend: 10 });
    expect([first.blind, later.blind]).toEqual([false, true]);
  });
  test('back: what is reached still stops', () => {
    expect(next(quiet(NOON), NOON - HOUR_MS, { spend: 96 }).desired).toBe('stopped');
  });
});

test('dry run decides and says it all the same', () => {
  const dry = after({ spend: 96 }, { enforce: false });
  const { enforce, ...rest } = dry;
  const { enforce: _real, ...real } = after({ spend: 96 });
  expect(enforce).toBe(false);
  expect(rest).toEqual(real);
  const [alert] = dry.alerts;
  expect(alert && alertMail(alert, { environment: 'dev', enforce: false }).text).toContain('Dry run');
});

const RANK = { open: 0, degraded: 1, stopped: 2 };
const dollars = fc.integer({ min: 0, max: 13_000 }).map((amount) => String(amount / 100));
const seen = fc.record({
  spend: dollars,
  today: dollars,
  lastHour: dollars,
  burn: fc.nat(2000).map((amount) => String(amount / 100)),
});
const histories = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.option(seen)), { maxLength: 8 });

/** Plays reads minutes apart, then gives the last state. Spend is raised so that a month's never falls. */
function play(
  history: readonly (readonly [number, Seen | null])[],
  over: Partial<DecideInput> = {},
): { decisions: Decision[]; now: number } {
  let now = at('2026-11-02T00:00');
  let most = { month: utcMonth(now), spend: 0 };
  let previous: DecisionState | undefined;
  const decisions = history.map(([minutes, read]) => {
    now += minutes * MINUTE_MS;
    if (most.month !== utcMonth(now)) most = { month: utcMonth(now), spend: 0 };
    if (read !== null) most = { ...most, spend: Math.max(most.spend, Number(read.spend)) };
    const assessment = read === null ? UNKNOWN : known(now, { ...read, spend: most.spend });
    const decision = decide(input({ ...over, now, assessment, ...(previous && { previous }) }));
    previous = decision.next;
    return decision;
  });
  return { decisions, now };
}

test('property: more spend never gives a weaker state, all else equal', () => {
  fc.assert(
    fc.property(histories, seen, seen, fc.integer({ min: 20, max: 200 }), (history, a, b, limit) => {
      const { decisions, now } = play(history);
      const previous = decisions.at(-1)?.next;
      const both = (pick: (x: number, y: number) => number): Seen => ({
        spend: pick(Number(a.spend), Number(b.spend)),
        today: pick(Number(a.today), Number(b.today)),
        lastHour: pick(Number(a.lastHour), Number(b.lastHour)),
        burn: pick(Number(a.burn), Number(b.burn)),
      });
      const of = (read: Seen) =>
        RANK[
          decide(
            input({
              limit: usd(limit),
              now: now + MINUTE_MS,
              assessment: known(now + MINUTE_MS, read),
              ...(previous && { previous }),
            }),
          ).desired
        ];
      expect(of(both(Math.max))).toBeGreaterThanOrEqual(of(both(Math.min)));
    }),
    { numRuns: 500 },
  );
});

test('property: unknown never opens', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: -100, max: 100_000 }), (history, minutes) => {
      const { decisions, now } = play(history);
      const previous = decisions.at(-1)?.next;
      const decision = decide(
        input({ now: now + minutes * MINUTE_MS, assessment: UNKNOWN, ...(previous && { previous }) }),
      );
      expect(RANK[decision.desired]).toBeGreaterThanOrEqual(RANK[previous?.desired ?? 'open']);
    }),
  );
});

test('property: each amount crossed is told exactly once a month, whatever is lost, repeated or late', () => {
  fc.assert(
    fc.property(
      histories,
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 8, maxLength: 8 }),
      (history, shift) => {
        const shifted = history.map(
          ([minutes, read], index) => [Math.max(-2, minutes * (shift[index] ?? 1)), read] as const,
        );
        const { decisions } = play(shifted);
        const told = decisions.flatMap(({ alerts }) =>
          alerts.flatMap((alert) =>
            alert.kind === 'threshold'
              ? [alert.highest, ...alert.others].map(({ amount }) => `${alert.key.slice(0, 7)} ${amount}`)
              : [],
          ),
        );
        expect(new Set(told).size).toBe(told.length);
        const keys = decisions.flatMap(({ alerts }) => alerts.map(({ key }) => key));
        expect(new Set(keys).size).toBe(keys.length);
        const most = new Map<string, number>();
        let spend = 0;
        let month = '';
        let now = at('2026-11-02T00:00');
        for (const [minutes, read] of shifted) {
          now += minutes * MINUTE_MS;
          if (utcMonth(now) !== month) [month, spend] = [utcMonth(now), 0];
          if (read !== null) spend = Math.max(spend, Number(read.spend));
          most.set(month, Math.max(most.get(month) ?? 0, spend));
        }
        const expected = [...most].flatMap(([m, s]) =>
          [50, 75, 95].filter((line) => s >= line).map((line) => `${m} ${usd(line)}`),
        );
        expect(new Set(told)).toEqual(new Set(expected));
      },
    ),
    { numRuns: 500 },
  );
});

test('property: the same read again changes nothing and says nothing', () => {
  fc.assert(
    fc.property(histories, seen, (history, read) => {
      const { decisions, now } = play(history);
      const previous = decisions.at(-1)?.next;
      const once = decide(input({ now, assessment: known(now, read), ...(previous && { previous }) }));
      const twice = decide(input({ now, assessment: known(now, read), previous: once.next }));
      expect([twice.desired, twice.alerts]).toEqual([once.desired, []]);
    }),
  );
});

test('property: the turn of the month opens whenever the new spend is under the lines', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 0, max: 2000 }), (history, minutes) => {
      const { decisions, now } = play(history);
      const previous = decisions.at(-1)?.next;
      const later = Math.max(at('2026-12-01T00:00'), now) + 31 * DAY_MS + minutes * MINUTE_MS;
      const decision = decide(
        input({ now: later, assessment: known(later, { spend: 1 }), ...(previous && { previous }) }),
      );
      expect(decision.desired).toBe('open');
    }),
  );
});
