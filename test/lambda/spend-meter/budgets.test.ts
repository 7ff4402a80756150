import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { usd } from '../../../core/money';
import type { BudgetNode } from '../../../core/shared-budgets';
import { parseSpendMeterEnv } from '../../../lambda/spend-meter/env';
import { SMALL, SpendMeterWorld, VARIABLES } from '../../helpers/spend-meter-world';

const NODES: readonly BudgetNode[] = [
  { path: 'search', period: 'month', limit: usd(20) },
  { path: 'search/nightly', period: 'day', limit: usd(2), rolloverUpTo: usd(4) },
];
const CONFIGURED = { search: usd(20), 'search/nightly': usd(2) };

/** Read an hour ago, with calls that have been settled since: nothing goes on. */
async function quiet(nodes: readonly BudgetNode[] = NODES) {
  const more = nodes.length === 0 ? {} : { BUDGETS: JSON.stringify(nodes) };
  const world = new SpendMeterWorld('2026-11-10T12:00:00Z', { MOST_A_CALL: String(usd(2)), ...more }, () => 0);
  await world.deploySwitch();
  world.spend(1, SMALL, world.now - 20 * MINUTE_MS);
  await world.run(2);
  return world;
}

const order = (world: SpendMeterWorld, budget: string, dollars: number, until?: number) =>
  world.state.giveBudgetOrder(budget, {
    ...{ limit: usd(dollars), by: 'ann', reason: 'launch', at: world.now },
    ...(until !== undefined && { until }),
  });

const november = (world: SpendMeterWorld) => world.state.latest('2026-11' as never);
const said = ({ status }: SpendMeterWorld) => status.status?.budgets;

/** How often the state and the status are written, and orders read, in so many ticks. */
async function requests(world: SpendMeterWorld, minutes: number) {
  const saves = jest.spyOn(world.state, 'save');
  const writes = jest.spyOn(world.status, 'write');
  const reads = jest.spyOn(world.state, 'budgetOrders');
  await world.run(minutes);
  const counts = { saves: saves.mock.calls.length, writes: writes.mock.calls.length, reads: reads.mock.calls.length };
  for (const spy of [saves, writes, reads]) spy.mockRestore();
  return counts;
}

describe('what callers are told of the budgets within', () => {
  test('the configured limits, since the meter knows them', async () => {
    const world = await quiet();
    expect(said(world)).toEqual({ limits: CONFIGURED, since: Date.parse('2026-11-10T12:00:00Z') });
    expect((await november(world))?.budgets).toEqual(said(world));
  });

  test('an order is said with the next tick, and said since then; the other keeps its limit', async () => {
    const world = await quiet();
    await order(world, 'search', 30);
    const { now } = world;
    expect(await requests(world, 1)).toEqual({ saves: 1, writes: 1, reads: 1 });
    expect(said(world)).toEqual({ limits: { ...CONFIGURED, search: usd(30) }, since: now });
    expect(await requests(world, 3)).toEqual({ saves: 0, writes: 0, reads: 3 });
    await world.run(4);
    expect(said(world)?.since).toBe(now);
  });

  test('an order of the limit that holds changes nothing of since when', async () => {
    const world = await quiet();
    const before = said(world);
    await order(world, 'search', 20);
    await world.run(5);
    expect(said(world)).toEqual(before);
  });

  test('an order ends by itself, to the millisecond, and that is said at once', async () => {
    const world = await quiet();
    const until = world.now + HOUR_MS;
    await order(world, 'search/nightly', 9, until);
    await world.run(1);
    world.now = until - 1;
    await world.tick();
    expect(said(world)?.limits['search/nightly']).toBe(usd(9));
    world.now = until;
    expect(await requests(world, 1)).toEqual({ saves: 1, writes: 1, reads: 1 });
    expect(said(world)).toEqual({ limits: CONFIGURED, since: until });
  });

  test('an order of $0 is a limit, and no lack of one', async () => {
    const world = await quiet();
    await order(world, 'search', 0);
    await world.run(1);
    expect(said(world)?.limits['search']).toBe(0);
  });

  test('an order for a budget that is configured no more stays in the item, and out of what is said', async () => {
    const world = await quiet();
    await order(world, 'ads', 30);
    await world.run(4);
    expect(said(world)?.limits).toEqual(CONFIGURED);
    expect(Object.keys(await world.state.budgetOrders())).toEqual(['ads']);
  });

  test('what a deploy changes is said with the next tick, and an order outlasts it', async () => {
    const world = await quiet();
    await order(world, 'search', 30);
    await world.run(1);
    const nodes = [
      { ...NODES[0], limit: usd(25) },
      { path: 'ads', period: 'week', limit: usd(5) },
    ];
    world.variables = { ...world.variables, BUDGETS: JSON.stringify(nodes) };
    await world.run(1);
    expect(said(world)?.limits).toEqual({ search: usd(30), ads: usd(5) });
    const { BUDGETS: _, ...others } = world.variables;
    world.variables = others;
    await world.run(1);
    expect(said(world)).toBeUndefined();
    expect((await november(world))?.budgets).toBeUndefined();
  });

  test('over the turn of the month nothing is new', async () => {
    const world = await quiet();
    await order(world, 'search', 30);
    await world.run(1);
    const before = said(world);
    world.now = Date.parse('2026-12-01T00:00:00Z');
    await world.run(1);
    expect(world.status.status?.month).toBe('2026-12');
    expect(said(world)).toEqual(before);
  });

  test('it is said while everybody is denied too', async () => {
    const world = await quiet();
    await world.state.give({ kind: 'stop', stop: { since: world.now, by: 'ops', reason: 'now' } });
    await order(world, 'search', 30);
    await world.run(1);
    expect(world.status.status).toMatchObject({ desired: 'stopped', budgets: { limits: { search: usd(30) } } });
  });

  test('a word that could not be written is said by the next tick', async () => {
    const world = await quiet();
    await order(world, 'search', 30);
    world.status.failure = new ServiceError('unavailable', 'InternalServerError', 'no', 500);
    await expect(world.tick()).rejects.toMatchObject({ code: 'TICK_INCOMPLETE' });
    world.now += MINUTE_MS;
    world.status.failure = undefined;
    await world.run(1);
    expect(said(world)).toMatchObject({ limits: { search: usd(30) }, since: world.now - 2 * MINUTE_MS });
  });
});

describe('orders that cannot be understood', () => {
  const TITLE = '[meter] dev orders for budgets cannot be read: the configured limits hold';

  test('cost the tick nothing: what is configured holds, and a mail says so, once', async () => {
    const world = await quiet();
    await order(world, 'search', 30);
    await world.run(1);
    world.state.ofOtherVersion.add('budgetOrders');
    expect(await world.tick()).toMatchObject({ kind: 'done', desired: 'open' });
    world.now += MINUTE_MS;
    expect(said(world)).toEqual({ limits: CONFIGURED, since: world.now - MINUTE_MS });
    expect(await world.run(10)).toMatchObject({ kind: 'done' });
    expect(world.subjects().filter((subject) => subject === TITLE)).toHaveLength(1);
    const mail = world.mail.sent.find(({ subject }) => subject === TITLE);
    expect(mail?.body).toContain('the budgetOrders is not what the meter writes');
    expect(mail?.body).toContain('docs/runbook.md, "spend-meter-errors"');
  });

  test('the log names them; once they are understood they hold again, and the next time is told again', async () => {
    const world = await quiet();
    await order(world, 'search', 30);
    for (const told of [1, 2]) {
      world.state.ofOtherVersion.add('budgetOrders');
      await world.run(1);
      expect(world.metrics.records.at(-1)?.fields).toMatchObject({
        budgetOrders: expect.stringContaining('budgetOrders'),
      });
      world.state.ofOtherVersion.clear();
      await world.run(1);
      expect(said(world)?.limits['search']).toBe(usd(30));
      expect(world.metrics.records.at(-1)?.fields).not.toHaveProperty('budgetOrders');
      expect(world.subjects().filter((subject) => subject === TITLE)).toHaveLength(told);
    }
  });

  test('a table that does not answer is no item that cannot be understood: no limit changes', async () => {
    const world = await quiet();
    await order(world, 'search', 30);
    await world.run(1);
    const before = said(world);
    const reads = jest.spyOn(world.state, 'budgetOrders');
    reads.mockRejectedValueOnce(new ServiceError('throttled', 'ThrottlingException', 'slow down'));
    await expect(world.tick()).rejects.toMatchObject({ refusal: 'throttled' });
    expect(said(world)).toEqual(before);
  });
});

describe('an environment without budgets', () => {
  test('asks for no order, writes no more than it did, and says nothing of budgets', async () => {
    const world = await quiet([]);
    await order(world, 'search', 30);
    expect(await requests(world, 8)).toEqual({ saves: 2, writes: 2, reads: 0 });
    expect(world.status.status).not.toHaveProperty('budgets', expect.anything());
    expect(await november(world)).not.toHaveProperty('budgets');
  });
});

describe('the variable', () => {
  const budgets = (value: string) => parseSpendMeterEnv({ ...VARIABLES, BUDGETS: value }).BUDGETS;

  test('budgets as they are configured', () => {
    expect(budgets(JSON.stringify(NODES))).toEqual(NODES);
    expect(budgets('[]')).toEqual([]);
  });

  test.each([
    ['no JSON', 'search'],
    ['no path', JSON.stringify([{ ...NODES[0], path: '' }])],
    ['a period that is none', JSON.stringify([{ ...NODES[0], period: 'year' }])],
    ['half a nano-dollar', JSON.stringify([{ ...NODES[0], limit: 0.5 }])],
    ['a limit below zero', JSON.stringify([{ ...NODES[0], limit: -1 }])],
  ])('%s is refused by name', (_, value) => {
    expect(() => budgets(value)).toThrow(/BUDGETS/);
  });
});
