import { nanoUsd, usd } from '../../../core/money';
import { budgetsConcern, budgetTreeLines, MOST_LINES } from '../../../core/report/budget-tree-text';
import type { BudgetOrder } from '../../../core/shared-budgets';
import { node, NOW, stored, treeOf, type TreeInput } from './stored-budgets';

const linesOf = (input: TreeInput, most?: number) => budgetTreeLines(treeOf(input), 'dev', most);
const textOf = (input: TreeInput, most?: number) => linesOf(input, most).map(({ text }) => text);
const lineOf = (input: TreeInput, name: string) => linesOf(input).find(({ text }) => text.trimStart().startsWith(name));

const order = (limit: number, more: Partial<BudgetOrder> = {}): BudgetOrder => ({
  ...{ limit: usd(limit), by: 'ana', reason: 'launch', at: NOW },
  ...more,
});

test('a tree, its amounts beneath each other', () => {
  const nodes = [node('search', 20), node('search/nightly', 2, 'day'), node('ads', 5)];
  const items = {
    ...{ '': stored(50, 15), search: stored(20, 8, { held: 2 }), ads: stored(5, '4.5') },
    'search/nightly': stored(2, '0.1', { unsettled: usd('0.05') }),
  };
  expect(textOf({ nodes, items })).toEqual([
    'budget       period       spent   limit   held    left  forecast  gone',
    'dev          2026-11     $15.00  $50.00  $0.00  $35.00    $16.36   30%',
    '  (itself)   2026-11      $2.50',
    '  ads        2026-11      $4.50   $5.00  $0.00   $0.50     $4.91   90%  past 90%',
    '  search     2026-11      $8.00  $20.00  $2.00  $10.00     $8.73   50%',
    '    nightly  2026-11-28   $0.10   $2.00  $0.00   $1.90     $0.20    5%  $0.05 of it without known usage',
  ]);
});

test.each([
  ['nobody has called', {}, /a +2026-11 +- +\$20.00 +- +- +- +- +nobody has called in this period$/, undefined],
  ['unknown', { a: 'slow\ndown' }, /a +2026-11 +unknown +\$20.00 +unknown .* slow down$/, 'over'],
  [
    'all spent',
    { a: stored(20, 20) },
    /100% +ALL SPENT: no call until 2026-12-01 00:00 UTC or a higher limit$/,
    'over',
  ],
  ['over', { a: stored(20, 23) }, /-\$3\.00 .* 115% +\$3\.00 OVER its limit: no call until 2026-12-01/, 'over'],
  ['held', { a: stored(20, 1, { held: 19 }) }, / 100% +past 95%$/, 'near'],
  [
    'just under a line',
    { a: { ...stored(20, 16), spent: nanoUsd(usd(16) - 1), remaining: nanoUsd(usd(4) + 1) } },
    / 79%$/,
    undefined,
  ],
  ['at it', { a: stored(100, '57', { carried: usd(80) }) }, / 57% +\$80\.00 carried over$/, undefined],
] as const)('says in a word: %s', (_what, items, text, concern) => {
  expect(lineOf({ nodes: [node('a', 20)], items, orders: 'away' }, 'a ')).toMatchObject({
    text: expect.stringMatching(text),
  });
  expect(lineOf({ nodes: [node('a', 20)], items, orders: 'away' }, 'a ')?.concern).toBe(concern);
});

test('just after a period began there is no forecast yet', () => {
  const now = Date.parse('2026-11-28T00:30:00Z');
  const input = { nodes: [node('a', 2, 'day')], items: { a: stored(2, 1) }, now };
  expect(lineOf(input, 'a ')?.text).toMatch(/\$1\.00 +unknown +50%$/);
});

describe('orders', () => {
  const nodes = [node('search', 20)];
  const until = Date.parse('2026-12-24T18:00:00Z');

  test('in force: by whom, why, until when; and callers that have not heard of it', () => {
    const text = textOf({ nodes, items: { search: stored(20, 1) }, orders: { search: order(30, { until }) } });
    expect(text.find((line) => line.includes('  search'))).toMatch(
      /limit by order; callers go by \$20\.00 until they hear of it$/,
    );
    expect(text.at(-1)).toBe("order in force: budget 'search', $30.00, by ana, until 2026-12-24 18:00 UTC: launch");
  });

  test('without an end', () => {
    expect(textOf({ nodes, orders: { search: order(30) } }).at(-1)).toContain('by ana, until another order: launch');
  });

  test('a reason of several lines is one', () => {
    const orders = { search: order(30, { reason: 'launch\n\nThe guard\n  meter: armed' }) };
    expect(textOf({ nodes, orders }).at(-1)).toMatch(/: launch The guard meter: armed$/);
  });

  test('for a budget that is configured no more', () => {
    expect(linesOf({ nodes, orders: { 'old/team': order(3) } }).at(-1)).toEqual({
      text: "order without effect: budget 'old/team', $3.00, by ana, until another order: launch (no such budget is configured)",
      concern: 'near',
    });
  });

  test('unknown', () => {
    expect(linesOf({ nodes, orders: 'slow down' }).at(-1)).toEqual({
      ...{ text: 'orders of budgets: unknown - slow down', concern: 'over' },
    });
  });
});

describe('no more lines than fit', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => node(`team-${String(at).padStart(3, '0')}`, 20));
  const items = (count: number) =>
    Object.fromEntries(many(count).map(({ path }, at) => [path, stored(20, (20 * at) / count)]));
  // The table has a line of heads, and one for the environment.
  const FIT = MOST_LINES - 2;

  test.each([
    [FIT, MOST_LINES, false],
    [FIT + 1, MOST_LINES, true],
    [200, MOST_LINES, true],
  ])('%i budgets: %i lines', (count, lines, isCut) => {
    const text = textOf({ nodes: many(count), items: items(count) }, MOST_LINES);
    expect(text).toHaveLength(lines);
    expect(text.some((line) => line.includes('more, of which'))).toBe(isCut);
  });

  test('of 200 the tightest, by their whole names, and the rest counted', () => {
    const nodes = many(200).map((one) => ({ ...one, path: `search/${one.path}` }));
    const all = Object.fromEntries(nodes.map(({ path }, at) => [path, stored(20, (20 * at) / 200)]));
    const text = textOf({ nodes: [node('search', 4_000), ...nodes], items: all }, MOST_LINES);
    expect(text[1]).toMatch(/^search\/team-199 /);
    expect(text[2]).toMatch(/^search\/team-198 /);
    // 200 teams, search and dev, of which all but the head and this line are shown.
    expect(text.at(-1)).toBe(`and ${202 - (MOST_LINES - 2)} more, of which less is gone`);
  });

  test('orders of 200 budgets do not push the budgets out', () => {
    const orders = Object.fromEntries(many(200).map(({ path }) => [path, order(30)]));
    const stray = Object.fromEntries(many(200).map(({ path }) => [`old-${path}`, order(30)]));
    const text = textOf({ nodes: many(200), items: items(200), orders: { ...orders, ...stray } }, MOST_LINES);
    expect(text).toHaveLength(MOST_LINES);
    expect(text.filter((line) => line.startsWith('order in force'))).toHaveLength(8);
    expect(text.filter((line) => line === 'and 192 more orders')).toHaveLength(2);
    expect(text[1]).toMatch(/^team-199 /);
  });

  test('where there is no bound, all are told', () => {
    expect(textOf({ nodes: many(200), items: items(200) })).toHaveLength(202);
  });
});

test('names as long as they may be keep the columns beneath each other', () => {
  const long = 'x'.repeat(60);
  const nodes = [node(long, 20), node(`${long}/${long}`, 20)];
  const [head = '', ...rows] = textOf({ nodes, items: { [long]: stored(20, 1), [`${long}/${long}`]: stored(20, 1) } });
  const at = head.indexOf('period');
  for (const row of rows) expect(row.slice(at, at + 7)).toBe('2026-11');
});

test.each([
  ['nobody', [1, 1, 1], undefined],
  ['one near', [16, 1, 1], '1 near the end'],
  ['each in a word', [20, 19, 18], '1 spent, 2 near the end'],
])('who is near: %s', (_what, amounts, text) => {
  const nodes = amounts.map((_, at) => node(`a${at}`, 20));
  const items = Object.fromEntries(amounts.map((spent, at) => [`a${at}`, stored(20, spent)]));
  expect(budgetsConcern(treeOf({ nodes, items }))).toBe(text);
});

test('those that are unknown are counted too', () => {
  expect(budgetsConcern(treeOf({ nodes: [node('a', 1)], items: { a: 'slow down' } }))).toBe('1 unknown');
});
