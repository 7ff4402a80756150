import { formatUsd, usd } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import { costOf, mostUsed, NOTHING_USED, plus } from '../../../core/verify/cost';
import { looksWithin, pauseAfter } from '../../../core/verify/pauses';
import { STEP_IDS, STEPS } from '../../../core/verify/steps';

const NOVA_MICRO = { input: picoUsdPerToken('0.035'), output: picoUsdPerToken('0.14') };

test('all steps together are cents with a cheap model', () => {
  const worst = STEP_IDS.map((id) => costOf(mostUsed(id), NOVA_MICRO));
  const sum = worst.reduce((total, one) => total + one, 0);
  expect(sum).toBeLessThan(usd('0.15'));
  for (const one of worst) expect(one).toBeGreaterThan(0);
});

test('every part of what is used costs, and none is nothing', () => {
  for (const part of Object.keys(NOTHING_USED))
    expect([part, costOf({ ...NOTHING_USED, [part]: 1_000 }, NOVA_MICRO) > 0]).toEqual([part, true]);
  expect(costOf(NOTHING_USED, NOVA_MICRO)).toBe(0);
});

test('parts add up', () => {
  const one = plus(NOTHING_USED, { inputTokens: 2, costRequests: 1 });
  expect(plus(one, { inputTokens: 3, outputTokens: 1 })).toEqual({
    inputTokens: 5,
    outputTokens: 1,
    seriesAsked: 0,
    listings: 0,
    costRequests: 1,
  });
});

test('a dear model makes a step dear, and the figure says so', () => {
  const dear = { input: picoUsdPerToken(15), output: picoUsdPerToken(75) };
  expect(formatUsd(costOf(mostUsed('deny-latency'), dear))).toMatch(/^\$\d\.\d\d$/);
  expect(costOf(mostUsed('deny-latency'), dear)).toBeGreaterThan(costOf(mostUsed('deny-latency'), NOVA_MICRO));
});

test.each([
  [0, 500],
  [9_999, 500],
  [10_000, 500],
  [20_000, 1_000],
  [299_999, 14_999.95],
  [300_000, 15_000],
  [3_600_000, 15_000],
])('after %d ms it waits %d', (elapsed, pause) => expect(pauseAfter(elapsed)).toBe(pause));

test('looks within a wait are counted with the first and the last', () => {
  expect(looksWithin(0)).toBe(1);
  expect(looksWithin(500)).toBe(2);
  expect(looksWithin(501)).toBe(3);
  expect(looksWithin(10_000)).toBe(21);
});

test('each step says what it makes, calls, takes and who may', () => {
  for (const id of STEP_IDS) {
    const { creates, calls, takes, who, question, rows } = STEPS[id];
    expect(STEPS[id].id).toBe(id);
    expect(question).toMatch(/\?$/);
    for (const text of [...creates, calls, takes, who]) expect(text).toMatch(/\w{3}/);
    expect(rows.length).toBeGreaterThan(0);
  }
});
