import { Demand } from '../../../core/ledger/demand';
import { nanoUsd, usd, ZERO } from '../../../core/money';

const NOW = 1_000_000;

const timed = (...times: number[]): Demand => {
  const demand = new Demand();
  times.forEach((ms, call) => {
    demand.started(String(call), NOW);
    demand.ended(String(call), ZERO, NOW + ms);
  });
  return demand;
};

describe('the time that nine calls in ten take at most', () => {
  test.each([
    ['of none known: two seconds', [], 2],
    ['at least one second', [0], 1],
    ['whole seconds', [1000], 1],
    ['a part of one counts as one', [1001], 2],
    ['the ninth of ten', [9000, 3000, 4000, 5000, 6000, 7000, 8000, 100_000, 1000, 2000], 9],
    ['the tenth of eleven', [10_000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 100_000, 1000, 2000], 10],
  ])('%s', (_, times, seconds) => {
    expect(timed(...times).callSeconds()).toBe(seconds);
  });

  test.each([
    [6, 58, 1],
    [7, 57, 50],
    [7, 58, 1],
  ])('goes by the last 64: %d of 50 s, then %d of 1 s', (slow, fast, seconds) => {
    const times = [...Array.from({ length: slow }, () => 50_000), ...Array.from({ length: fast }, () => 1000)];
    expect(timed(...times).callSeconds()).toBe(seconds);
  });

  test('a call whose start is not known, or that ended before, took no time', () => {
    const demand = timed(5000);
    for (let n = 0; n < 10; n += 1) demand.ended('0', ZERO, NOW + 9000);
    expect(demand.callSeconds()).toBe(1);
  });
});

describe('recent spend', () => {
  const spent = new Demand();
  spent.ended('a', usd(1), NOW);

  test.each([
    [-1000, usd(1)],
    [0, usd(1)],
    [10_000, usd(1) / Math.E],
    [20_000, usd(1) / Math.E ** 2],
  ])('%d ms after a call of $1', (later, recent) => {
    expect(spent.recentSpend(NOW + later)).toBeCloseTo(recent, 0);
  });

  test('adds up, each call fading from its own end', () => {
    const demand = new Demand();
    demand.ended('a', usd(1), NOW);
    demand.ended('b', usd(2), NOW + 10_000);
    expect(demand.recentSpend(NOW + 20_000)).toBeCloseTo(usd(1) / Math.E ** 2 + usd(2) / Math.E, 0);
    expect(new Demand().recentSpend(NOW)).toBe(0);
  });
});

describe('the largest bound of late', () => {
  test('grows at once, and fades by 1% with each call', () => {
    const demand = new Demand();
    expect(demand.bound).toBe(0);
    demand.asked(nanoUsd(199), NOW);
    expect(demand.bound).toBe(199);
    demand.asked(nanoUsd(1), NOW);
    expect(demand.bound).toBe(197);
    demand.asked(nanoUsd(196), NOW);
    expect(demand.bound).toBe(196);
  });
});

test.each([
  [19_999, false],
  [20_000, false],
  [20_001, true],
])('%d ms after the last request a process is idle, where 20 s make it so: %s', (later, idle) => {
  const demand = new Demand();
  expect(demand.isIdle(20_000, NOW)).toBe(true);
  demand.asked(usd(1), NOW);
  expect(demand.isIdle(20_000, NOW + later)).toBe(idle);
});
