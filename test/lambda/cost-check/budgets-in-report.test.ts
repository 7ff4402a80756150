import { usd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { node, stored } from '../../core/report/stored-budgets';
import { at } from '../../helpers/meter-world';
import { costCheck, NOW, type World } from './harness';

const NODES = [node('search', 20), node('search/nightly', 2, 'day')];

function withBudgets(world: Partial<World> = {}, nodes = NODES) {
  return costCheck({ now: NOW, ...world, variables: { BUDGETS: JSON.stringify(nodes) } });
}

async function bodyOf(check: ReturnType<typeof costCheck>): Promise<string> {
  await check.onDemand({ mail: true });
  return check.mail.sent[0]!.body;
}

const section = (body: string) =>
  body.split('\n').slice(
    body.split('\n').findIndex((line) => line.startsWith('Budgets within')),
    -2,
  );

test('without budgets nothing is asked, and nothing said', async () => {
  const check = costCheck({ now: NOW, stored: new ServiceError('throttled', 'ThrottlingException', 'slow down') });
  const orders = jest.spyOn(check.meter, 'budgetOrders');
  expect(await check.onDemand({ mail: true })).not.toHaveProperty('budgets');
  expect(check.mail.sent[0]!.body).not.toMatch(/budgets within/i);
  expect(check.askedOf).toEqual([]);
  expect(orders).not.toHaveBeenCalled();
});

test('the tree, of the running periods, with who is near', async () => {
  const items = { '': stored(50, 30), search: stored(20, 17), 'search/nightly': stored(2, 2) };
  const check = withBudgets({ stored: items });
  const body = await bodyOf(check);
  expect(check.askedOf).toEqual([' 2026-11', 'search 2026-11', 'search/nightly 2026-11-23']);
  expect(section(body)).toEqual([
    'Budgets within dev, as callers have charged them: 1 spent, 1 near the end',
    expect.stringMatching(/^ {2}budget +period +spent +limit +held +left +forecast +gone$/),
    expect.stringMatching(/^ {2}dev +2026-11 +\$30\.00 +\$50\.00/),
    expect.stringMatching(/^ {4}\(itself\) +2026-11 +\$13\.00$/),
    expect.stringMatching(/^ {4}search +2026-11 +\$17\.00 +\$20\.00 .* 85% +past 80%$/),
    expect.stringMatching(/^ {6}nightly +2026-11-23 +\$2\.00 +\$2\.00 .*ALL SPENT: no call until 2026-11-24 00:00 UTC/),
  ]);
});

test('an order in force stands in every report; one for a budget that is gone too', async () => {
  const check = withBudgets({ stored: { search: stored(20, 17) } });
  const order = { limit: usd(30), by: 'ann', reason: 'launch day', at: at('2026-11-22T09:30') };
  await check.meter.giveBudgetOrder('search', { ...order, until: at('2026-11-25T18:00') });
  await check.meter.giveBudgetOrder('ads', order);
  const text = section(await bodyOf(check));
  expect(text).toContain("  order in force: budget 'search', $30.00, by ann, until 2026-11-25 18:00 UTC: launch day");
  expect(text.at(-1)).toMatch(/order without effect: budget 'ads', \$3.*no such budget is configured/);
});

test.each([
  ['a moment before its end', '2026-11-25T17:59:59Z', usd(30)],
  ['at its end', '2026-11-25T18:00:00Z', usd(20)],
])('an order: %s', async (_when, now, limit) => {
  const check = withBudgets({ now, stored: { search: stored(20, 17) } });
  const order = { limit: usd(30), by: 'ann', reason: 'launch day', at: at('2026-11-22T09:30') };
  await check.meter.giveBudgetOrder('search', { ...order, until: at('2026-11-25T18:00') });
  const { budgets } = await check.onDemand();
  expect(budgets?.budgets.find(({ path }) => path === 'search')?.figures).toMatchObject({ limit });
});

describe('what cannot be read is unknown, and the report goes out', () => {
  test('the table', async () => {
    const check = withBudgets({ stored: new ServiceError('accessDenied', 'AccessDeniedException', 'no') });
    const text = section(await bodyOf(check));
    expect(text[0]).toMatch(/: 3 unknown$/);
    expect(text[2]).toMatch(/dev +2026-11 +unknown .*AccessDeniedException from AWS$/);
  });

  test('one item', async () => {
    const check = withBudgets({ stored: { '': stored(50, 30), search: 'wrong: spent' } });
    const text = section(await bodyOf(check)).join('\n');
    expect(text).toMatch(/search +2026-11 +unknown .* wrong: spent/);
    expect(text).toMatch(/dev +2026-11 +\$30\.00/);
    expect(text).toMatch(/nightly +2026-11-23 +- .*nobody has called in this period/);
  });

  test('the orders', async () => {
    const check = withBudgets({ stored: { search: stored(20, 17) } });
    check.meter.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
    expect(section(await bodyOf(check)).at(-1)).toBe('  orders of budgets: unknown - ThrottlingException from AWS');
  });
});

test('200 budgets take forty lines of the mail', async () => {
  const nodes = Array.from({ length: 200 }, (_, number) => node(`team-${number}-${'x'.repeat(50)}`, 20));
  const check = withBudgets(
    { stored: Object.fromEntries(nodes.map(({ path }, spent) => [path, stored(20, spent / 10)])) },
    nodes,
  );
  const text = section(await bodyOf(check));
  expect(text).toHaveLength(40);
  expect(text[2]).toMatch(/team-199-/);
  expect(text.at(-1)).toMatch(/and 164 more, of which less is gone$/);
});
