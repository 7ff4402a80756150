import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { nanoUsd, type NanoUsd, usd } from '../../../core/money';
import { at } from '../../helpers/meter-world';
import { PacedMeter, reachedAt, TIMING, type Call } from './pace-world';

const START = at('2026-11-10T09:07');
const MINUTES = 120;
const MOST = usd(3);
const DELAY_MS = TIMING.metricDelayMinutes * MINUTE_MS;

/** Seconds for times, so that nothing falls on a tick by design. */
const call = (lateCount: fc.Arbitrary<number>): fc.Arbitrary<Call> =>
  fc
    .record({
      begins: fc.nat(MINUTES * 60),
      takes: fc.nat(TIMING.longestGenerationMinutes * 60),
      tokensLate: fc.nat(DELAY_MS / 1000),
      countedAtEnd: fc.boolean(),
      countLate: lateCount,
      share: fc.oneof({ arbitrary: fc.constant(1), weight: 3 }, fc.double({ min: 0, max: 1, noNaN: true })),
    })
    .map(({ begins, takes, tokensLate, countedAtEnd, countLate, share }) => {
      const begun = START + begins * 1000;
      const used = begun + takes * 1000;
      const tokensShow = used + tokensLate * 1000;
      const counted = countedAtEnd ? used : begun;
      return {
        countedFor: Math.floor(counted / MINUTE_MS) * MINUTE_MS,
        // Never before it was made; after the tokens where that is asked for.
        countShows: Math.max(counted, Math.min(counted + DELAY_MS, tokensShow) + countLate * 1000),
        used,
        tokensShow,
        cost: nanoUsd(Math.round(MOST * share)),
      };
    });

/** What was spent before, a few calls spread over the time, and some all at once. */
const usage = (lateCount: fc.Arbitrary<number>) =>
  fc
    .record({
      before: fc.nat(95),
      spread: fc.array(call(lateCount), { maxLength: 12, size: 'max' }),
      burst: fc.array(call(lateCount), { maxLength: 12, size: 'max' }),
      minute: fc.nat(MINUTES),
    })
    .map(({ before, spread, burst, minute }): readonly Call[] => [
      earlier(usd(before)),
      ...spread,
      ...burst.map((one) => movedTo(START + minute * MINUTE_MS, one)),
    ]);

function earlier(cost: NanoUsd): Call {
  const at = START - 5 * HOUR_MS;
  return { countedFor: at, countShows: at, used: at, tokensShow: at, cost };
}

function movedTo(minute: number, { countedFor, countShows, used, tokensShow, cost }: Call): Call {
  const by = Math.round((minute - used) / MINUTE_MS) * MINUTE_MS;
  return {
    ...{ countedFor: countedFor + by, countShows: countShows + by },
    ...{ used: used + by, tokensShow: tokensShow + by, cost },
  };
}

/** By how many minutes each line that either meter sees is reached later by the one that paces itself. */
function lateness(calls: readonly Call[]): ReadonlyMap<string, number> {
  const each = reachedAt(new PacedMeter(calls, 'each minute', MOST), START, MINUTES + 20);
  const paced = reachedAt(new PacedMeter(calls, 'paced', MOST), START, MINUTES + 20);
  return new Map([...each].map(([line, minute]) => [line, (paced.get(line) ?? Number.POSITIVE_INFINITY) - minute]));
}

/** A rate may be told less sharply by fewer reads: what a stop looks ahead by is no line. */
function laterThan(minutes: number, calls: readonly Call[]) {
  return [...lateness(calls)].filter(([line, late]) => line !== 'projected' && late > minutes);
}

describe('with what the calls seen can have cost at most', () => {
  test('property: no line is reached later than by a meter that reads each minute', () => {
    fc.assert(
      fc.property(usage(fc.constant(0)), (calls) => {
        expect(laterThan(0, calls)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  /** But for the line of an hour, whose beginning moves on meanwhile: what fills it at the edge may be seen too late. */
  test('property: where counts show after the tokens, lines of the month and the day by so much later and no more', () => {
    fc.assert(
      fc.property(usage(fc.nat(180)), (calls) => {
        expect(laterThan(3, calls).filter(([line]) => line !== 'brake')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('and it reads a small part as often', () => {
    const paced = fc.sample(usage(fc.constant(0)), { numRuns: 50, seed: 1 }).map((calls) => {
      const meter = new PacedMeter(calls, 'paced', MOST);
      reachedAt(meter, START, MINUTES);
      return meter.reads / MINUTES;
    });
    expect(paced.reduce((sum, share) => sum + share, 0) / paced.length).toBeLessThan(0.3);
  });
});
