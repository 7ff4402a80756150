import { badlySince, hasTurned, likelyCause, type HourOfCache } from '../../../core/meter/cache-cause';
import { at } from '../../helpers/meter-world';

const FROM = at('2026-11-10T00:00');
const HOUR = 3_600_000;
const TO = FROM + 6 * HOUR;
const hoursOf = (...all: readonly (readonly [hour: number, writes: number, reads?: number])[]) =>
  new Map(all.map(([hour, writes, reads = 0]): [number, HourOfCache] => [FROM + hour * HOUR, { reads, writes }]));
const sumOf = (hours: ReadonlyMap<number, HourOfCache>) => {
  const all = [...hours].filter(([time]) => time >= FROM && time < TO).map(([, one]) => one);
  return {
    input: 0,
    output: 0,
    cacheRead: all.reduce((sum, { reads }) => sum + reads, 0),
    cacheWrite: all.reduce((sum, { writes }) => sum + writes, 0),
  };
};
const causeOf = (hours: ReadonlyMap<number, HourOfCache>, before?: number) =>
  likelyCause({ hours, from: FROM, to: TO, tokens: sumOf(hours), breakEven: 0.28, before });

describe('the likely cause', () => {
  const busy = hoursOf([0, 100], [1, 100], [2, 100], [3, 100], [4, 100], [5, 100]);

  test('of a cache that was read well until an hour: the prompt has changed, and when', () => {
    const turned = hoursOf([-2, 100, 1200], [-1, 100, 1200], [0, 100, 900], [1, 900], [3, 900], [5, 900, 10]);
    expect(causeOf(turned, 12)).toContain('since about 2026-11-10 01:00 UTC');
  });

  test('of hours that stand alone: pauses longer than a cache lives', () => {
    expect(causeOf(hoursOf([0, 100], [2, 100], [4, 100]))).toMatch(/^calls come hours apart/);
    // Half of them is enough, less is not, and two hours are no rhythm.
    expect(causeOf(hoursOf([-1, 0], [0, 100], [2, 100], [4, 100], [5, 100]))).toMatch(/^calls come hours apart/);
    expect(causeOf(hoursOf([0, 100], [2, 100], [3, 100], [4, 100]))).not.toMatch(/^calls come hours apart/);
    expect(causeOf(hoursOf([0, 100], [2, 100]))).not.toMatch(/^calls come hours apart/);
  });

  test('of what is not read at all: either of two, and it says that hourly figures do not tell which', () => {
    expect(causeOf(busy)).toMatch(/^the start of the prompt differs in each call.*do not tell which$/);
  });

  test('of what is read now and then: too little in common', () => {
    // A read for a hundred writes, and one less.
    const read = (reads: number) => causeOf(hoursOf([0, 5000, reads], [1, 5000]));
    expect(read(99)).toMatch(/^the start of the prompt differs in each call/);
    expect(read(100)).toMatch(/^too few calls share/);
  });
});

describe('since when it is read badly', () => {
  test.each<[string, readonly (readonly [number, number, number?])[], number | undefined]>([
    ['nothing was ever written', [[0, 0, 9]], undefined],
    [
      'the last hour is well read',
      [
        [4, 100],
        [5, 100, 100],
      ],
      undefined,
    ],
    [
      'at the line is well',
      [
        [4, 100, 100],
        [5, 100, 99],
      ],
      5,
    ],
    [
      'hours without writes say nothing',
      [
        [0, 100, 500],
        [1, 100],
        [2, 0, 500],
        [5, 100],
      ],
      1,
    ],
    [
      'never well',
      [
        [-3, 100],
        [5, 100],
      ],
      -3,
    ],
    [
      'what comes later does not count',
      [
        [5, 100, 50],
        [6, 100, 900],
      ],
      5,
    ],
  ])('%s', (_, hours, since) => {
    expect(badlySince(hoursOf(...hours), TO, 1)).toBe(since === undefined ? undefined : FROM + since * HOUR);
  });
});

describe('a cache has turned', () => {
  const counts = (cacheRead: number, cacheWrite: number) => ({ input: 0, output: 0, cacheRead, cacheWrite });
  test.each([
    ['it was twice above the break-even and is below a quarter of that', counts(2000, 1000), counts(49, 100), true],
    ['not at a quarter', counts(2000, 1000), counts(50, 100), false],
    ['not where it was just below twice the break-even', counts(1999, 1000), counts(0, 100), false],
    ['not where it was never written', counts(2000, 0), counts(0, 100), false],
    ['not by a trial: less was read than is written now', counts(2000, 1000), counts(0, 2001), false],
    ['by as much', counts(2000, 1000), counts(0, 2000), true],
  ])('%s', (_, earlier, now, turned) => {
    expect(hasTurned(earlier, now, 1, 4)).toBe(turned);
  });
});
