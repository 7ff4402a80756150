import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { MOST, nanoUsd, usd } from '../../../core/money';
import {
  inTreeOrder,
  makeBudgetTree,
  needsAttention,
  runningBudgets,
  tightestFirst,
} from '../../../core/report/budget-tree';
import type { BudgetOrder } from '../../../core/shared-budgets';
import { figuresOf, node, NOW, standOf, stored, treeOf } from './stored-budgets';

const order = (limit: number, more: Partial<BudgetOrder> = {}): BudgetOrder => ({
  ...{ limit: usd(limit), by: 'ana', reason: 'launch', at: NOW - HOUR_MS },
  ...more,
});

describe('what is asked for', () => {
  test('the running period of each, the environment’s month first', () => {
    const nodes = [node('search', 20), node('search/nightly', 2, 'day'), node('ads', 5, 'week')];
    expect(runningBudgets(nodes, NOW)).toEqual([
      { path: '', period: '2026-11' },
      { path: 'ads', period: '2026-W48' },
      { path: 'search', period: '2026-11' },
      { path: 'search/nightly', period: '2026-11-28' },
    ]);
  });

  test.each([
    ['the last millisecond of a day', Date.parse('2026-11-29T23:59:59.999Z'), ['2026-11', '2026-11-29', '2026-W48']],
    ['midnight of UTC', Date.parse('2026-11-30T00:00:00Z'), ['2026-11', '2026-11-30', '2026-W49']],
    ['a month and a day', Date.parse('2026-12-01T00:00:00Z'), ['2026-12', '2026-12-01', '2026-W49']],
  ])('periods turn each for itself: %s', (_when, now, periods) => {
    const asked = runningBudgets([node('a', 1, 'day'), node('b', 1, 'week')], now);
    expect(asked.map(({ period }) => period)).toEqual(periods);
  });

  test('those within a budget follow it, whatever its neighbours are called', () => {
    const paths = ['a-b', 'a/b', 'a', 'a.b', 'a/b/c', 'a/a', 'b'].map((path) => ({ path }));
    expect(inTreeOrder(paths).map(({ path }) => path)).toEqual(['a', 'a/a', 'a/b', 'a/b/c', 'a-b', 'a.b', 'b']);
  });
});

test('spent, held and left make the limit', () => {
  const tree = treeOf({
    nodes: [node('search', 20)],
    items: { '': stored(50, 9), search: stored(20, 8, { held: 3 }) },
  });
  expect(figuresOf(tree, 'search')).toMatchObject({
    ...{ limit: usd(20), carried: 0, spent: usd(8), held: usd(3), left: usd(9), over: false },
  });
  expect(figuresOf(tree, 'search').percent).toBeCloseTo(55);
  expect(standOf(tree, 'search')).toMatchObject({
    ...{ depth: 1, configured: usd(20), period: '2026-11', resetsAt: Date.parse('2026-12-01T00:00:00Z') },
  });
  expect(standOf(tree, '')).toMatchObject({ depth: 0, configured: usd(50) });
});

test('what was carried over is had besides the limit, configured or by order', () => {
  const item = stored(24, 1, { carried: usd(4) });
  const nodes = [node('search', 20)];
  expect(figuresOf(treeOf({ nodes, items: { search: item } }), 'search')).toMatchObject({
    ...{ limit: usd(24), carried: usd(4), left: usd(23) },
  });
  const ordered = treeOf({ nodes, items: { search: item }, orders: { search: order(30) } });
  expect(figuresOf(ordered, 'search')).toMatchObject({ limit: usd(34), callersLimit: usd(24), left: usd(33) });
});

describe('near', () => {
  test.each([
    [80, usd(16), 80],
    [90, usd(18), 90],
    [95, usd(19), 95],
  ])('%i %% of $20', (percent, line, near) => {
    const nearOf = (spent: number) => {
      const item = { ...stored(20, 0), spent: nanoUsd(spent), remaining: nanoUsd(usd(20) - spent) };
      return figuresOf(treeOf({ nodes: [node('a', 20)], items: { a: item } }), 'a').near;
    };
    expect(nearOf(line - 1)).toBe(percent === 80 ? undefined : percent === 90 ? 80 : 90);
    expect(nearOf(line)).toBe(near);
    expect(nearOf(line + 1)).toBe(near);
  });

  test('what calls in flight hold counts: they may spend it', () => {
    const tree = treeOf({ nodes: [node('a', 20)], items: { a: stored(20, 2, { held: 18 }) } });
    expect(figuresOf(tree, 'a')).toMatchObject({ near: 95, over: false, left: 0, percent: 100 });
    expect(needsAttention(standOf(tree, 'a'))).toBe(false);
  });

  test.each([
    [usd(20) - 1, false],
    [usd(20), true],
    [usd(20) + 1, true],
  ])('%i nano-dollars of $20: all is spent: %s', (spent, over) => {
    const item = { ...stored(20, 0), spent: nanoUsd(spent), remaining: nanoUsd(usd(20) - spent) };
    const tree = treeOf({ nodes: [node('a', 20)], items: { a: item } });
    expect(figuresOf(tree, 'a').over).toBe(over);
    expect(needsAttention(standOf(tree, 'a'))).toBe(over);
  });
});

describe('forecast', () => {
  const at = (now: number, spent: number | string = 3) =>
    figuresOf(treeOf({ nodes: [node('a', 20, 'day')], items: { a: stored(20, spent) }, now }), 'a').forecast;
  const midnight = Date.parse('2026-11-28T00:00:00Z');

  test('goes on as it went so far', () => {
    expect(at(midnight + 12 * HOUR_MS)).toEqual({ kind: 'known', amount: usd(6) });
    expect(at(midnight + 18 * HOUR_MS)).toEqual({ kind: 'known', amount: usd(4) });
  });

  test('rounds up', () => {
    expect(at(midnight + 7 * HOUR_MS, '0.000000001')).toEqual({ kind: 'known', amount: 4 });
  });

  test.each([
    [HOUR_MS - 1, 'unavailable'],
    [HOUR_MS, 'known'],
    [HOUR_MS + MINUTE_MS, 'known'],
  ])('%i ms after the period began: %s', (elapsed, kind) => {
    expect(at(midnight + elapsed).kind).toBe(kind);
  });

  test('a month’s and a week’s are to their own ends', () => {
    const nodes = [node('m', 90), node('w', 90, 'week')];
    const tree = treeOf({ nodes, items: { m: stored(90, 55), w: stored(90, '5.5') } });
    expect(figuresOf(tree, 'm').forecast).toEqual({ kind: 'known', amount: usd(60) });
    expect(figuresOf(tree, 'w').forecast).toEqual({ kind: 'known', amount: usd(7) });
  });

  test('beyond what money can hold it is the most there is', () => {
    const most = { ...stored(1, 0), limit: MOST, spent: MOST, remaining: usd(0) };
    const tree = treeOf({ nodes: [{ ...node('a', 1, 'day'), limit: MOST }], items: { a: most } });
    expect(figuresOf(tree, 'a').forecast).toEqual({ kind: 'known', amount: MOST });
  });
});

describe('unknown is never zero', () => {
  test('nobody has called: no figures, and no forecast', () => {
    const tree = treeOf({ nodes: [node('a', 20)], items: { '': stored(50, 1) } });
    expect(standOf(tree, 'a').figures).toEqual({ kind: 'unused' });
    expect(needsAttention(standOf(tree, 'a'))).toBe(false);
  });

  test('an item that cannot be read hides no other, and needs attention', () => {
    const tree = treeOf({ nodes: [node('a', 20), node('b', 5)], items: { a: 'wrong: spent', b: stored(5, 1) } });
    expect(standOf(tree, 'a').figures).toEqual({ kind: 'unavailable', why: 'wrong: spent' });
    expect(needsAttention(standOf(tree, 'a'))).toBe(true);
    expect(figuresOf(tree, 'b').spent).toBe(usd(1));
  });

  test('amounts that make no sense hide no other', () => {
    const odd = { ...stored(20, 1), remaining: nanoUsd(-MOST), spent: nanoUsd(-MOST) };
    const tree = treeOf({ nodes: [node('a', 20), node('b', 5)], items: { a: odd, b: stored(5, 1) } });
    expect(standOf(tree, 'a').figures).toMatchObject({ kind: 'unavailable', why: expect.stringMatching(/no sense/) });
    expect(figuresOf(tree, 'b').spent).toBe(usd(1));
  });

  test.each([
    ['no table', { kind: 'unavailable', why: 'ThrottlingException from AWS' } as const],
    ['fewer answers than were asked for', { kind: 'known', value: [] } as const],
  ])('%s: all are unknown', (_what, answer) => {
    const orders = { kind: 'known', value: {} } as const;
    const tree = makeBudgetTree({ limit: usd(50), nodes: [node('a', 20)], stored: answer, orders, now: NOW });
    expect(tree.budgets.map(({ figures }) => figures.kind)).toEqual(['unavailable', 'unavailable']);
  });
});

describe('orders', () => {
  const nodes = [node('search', 20)];

  test('a raised limit: what is left is by the order, and what callers go by until they hear of it is said', () => {
    const tree = treeOf({ nodes, items: { search: stored(20, 18) }, orders: { search: order(30) } });
    expect(standOf(tree, 'search').order).toEqual(order(30));
    expect(figuresOf(tree, 'search')).toMatchObject({ limit: usd(30), callersLimit: usd(20), left: usd(12) });
    expect(figuresOf(tree, 'search').near).toBeUndefined();
  });

  test('once callers have heard of it nothing is said of them', () => {
    const tree = treeOf({ nodes, items: { search: stored(30, 18) }, orders: { search: order(30) } });
    expect(figuresOf(tree, 'search')).not.toHaveProperty('callersLimit');
  });

  test('lowered below what is spent: over, and less than nothing is left', () => {
    const tree = treeOf({ nodes, items: { search: stored(20, 18) }, orders: { search: order(15) } });
    expect(figuresOf(tree, 'search')).toMatchObject({ over: true, left: usd(-3), near: 95, percent: 120 });
  });

  test('the same where the configuration was lowered, and callers have not heard of it', () => {
    const tree = treeOf({ nodes: [node('search', 15)], items: { search: stored(20, 18) } });
    expect(figuresOf(tree, 'search')).toMatchObject({ over: true, limit: usd(15), callersLimit: usd(20) });
  });

  test.each([
    [NOW - 1, 20, false],
    [NOW, 20, false],
    [NOW + 1, 30, true],
    [undefined, 30, true],
  ])('until %p: the limit is $%i', (until, limit, holds) => {
    const ordered = order(30, until === undefined ? {} : { until });
    const tree = treeOf({ nodes, items: { search: stored(20, 1) }, orders: { search: ordered, gone: ordered } });
    expect(figuresOf(tree, 'search').limit).toBe(usd(limit));
    expect(standOf(tree, 'search').order !== undefined).toBe(holds);
    expect(tree.strayOrders).toEqual({ kind: 'known', value: holds ? { gone: ordered } : {} });
  });

  test('unknown orders: the limit is what callers go by, and it is said', () => {
    const tree = treeOf({ nodes, items: { search: stored(35, 1, { carried: usd(5) }) }, orders: 'slow down' });
    expect(figuresOf(tree, 'search')).toMatchObject({ limit: usd(35), left: usd(34) });
    expect(tree.strayOrders).toEqual({ kind: 'unavailable', why: 'slow down' });
  });

  test('the environment’s own limit is the meter’s, as callers have it', () => {
    const tree = treeOf({ items: { '': stored(80, 60) }, orders: { '': order(1) } });
    expect(figuresOf(tree, '')).toMatchObject({ limit: usd(80), over: false });
    expect(standOf(tree, '')).not.toHaveProperty('order');
  });
});

describe('what a parent has spent itself', () => {
  const nodes = [node('a', 20), node('a/x', 5), node('a/y', 5)];

  test('less what those within it have', () => {
    const items = { '': stored(50, 12), a: stored(20, 9), 'a/x': stored(5, 3), 'a/y': stored(5, 2) };
    const tree = treeOf({ nodes, items });
    expect(['', 'a', 'a/x'].map((path) => figuresOf(tree, path).itself)).toEqual([usd(3), usd(4), undefined]);
  });

  test('one that nobody has used has spent nothing of it', () => {
    const tree = treeOf({ nodes, items: { a: stored(20, 9), 'a/x': stored(5, 3) } });
    expect(figuresOf(tree, 'a').itself).toBe(usd(6));
  });

  test.each([
    ['one is unknown', nodes, { a: stored(20, 9), 'a/x': 'slow down', 'a/y': stored(5, 2) }],
    ['one is of another period', [...nodes, node('a/z', 1, 'day')], { a: stored(20, 9), 'a/x': stored(5, 3) }],
    ['more was charged within it since it was read', nodes, { a: stored(20, 2), 'a/x': stored(5, 3) }],
  ])('unknown where %s', (_what, all, items) => {
    expect(figuresOf(treeOf({ nodes: all, items }), 'a')).not.toHaveProperty('itself');
  });
});

test('the tightest first: unknown ones before all, those nobody has used last', () => {
  const nodes = ['low', 'high', 'odd', 'new'].map((path) => node(path, 20));
  const items = { '': stored(50, 10), low: stored(20, 1), high: stored(20, 19), odd: 'slow down' };
  expect(tightestFirst(treeOf({ nodes, items }).budgets).map(({ path }) => path)).toEqual([
    ...['odd', 'high', '', 'low', 'new'],
  ]);
});
