import fc from 'fast-check';
import { DAY_MS, MINUTE_MS, utcMonth } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import type { DecideInput, Decision, DecisionState } from '../../../core/decision/types';
import { usd } from '../../../core/money';
import { at, input, known, type Seen } from '../../helpers/meter-world';
import { UNKNOWN } from './decisions';

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
