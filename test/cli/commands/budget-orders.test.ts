import { READ_EVERY_MS } from '../../../client/status';
import { DAY_MS, MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { usd } from '../../../core/money';
import type { BudgetNode, PeriodKey } from '../../../core/shared-budgets';
import { budgetKey, BUDGET_SORT_KEY } from '../../../core/shared-budgets/keys';
import { type CliWorld, spent } from '../world';

const CONFIG = ['--config', 'test/fixtures/shared-budgets.ts'];
const DEV = ['--env', 'dev', ...CONFIG];
const WHY = ['--reason', 'load test'];
const NODES: readonly BudgetNode[] = [
  { path: 'search', period: 'month', limit: usd(20) },
  { path: 'search/nightly', period: 'day', limit: usd(2), rolloverUpTo: usd(4) },
  { path: 'translate', period: 'week', limit: usd(5) },
];

/** dev, whose deployed guard has the budgets of the config. Its clock stands at noon or so, in November. */
async function deployed(nodes = NODES): Promise<CliWorld> {
  const world = await spent(1);
  if (nodes.length > 0) world.meter.variables = { ...world.meter.variables, BUDGETS: JSON.stringify(nodes) };
  return world;
}

/** What callers have written of a budget. */
function used(world: CliWorld, path: string, period: string, dollars: number, more: object = {}): void {
  const limit = NODES.find((node) => node.path === path)?.limit ?? usd(0);
  world.callers.table.put({
    ...{ pk: budgetKey('dev', path, period as PeriodKey), sk: BUDGET_SORT_KEY, schemaVersion: 1, limit },
    ...{ spent: usd(dollars), remaining: limit - usd(dollars), unsettled: 0, raised: 0, releases: 0, statusAsOf: 0 },
    ...more,
  });
}

const set = (world: CliWorld, path: string, ...args: string[]) => world.run('budgets', 'set', path, ...DEV, ...args);
const day = (world: CliWorld) => new Date(world.now).toISOString().slice(0, 10);
const clock = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

describe('budgets set', () => {
  test('another limit, from the next tick on, which is run at once; callers have it with their next status', async () => {
    const world = await deployed();
    used(world, 'search', '2026-11', 12);
    const { exitCode, stdout } = await set(world, 'search', '--limit', '30', ...WHY);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "budget 'search' of dev has $30.00 a month in place of $20.00, until another order. Callers read it within",
    );
    expect(stdout).toContain(`within ${READ_EVERY_MS / 1000} s.`);
    expect(stdout).toContain('$12.00 of it is spent this month');
    expect(stdout).toContain('The order stays, whatever is configured: $20.00 at present.');
    expect(stdout).toContain('npx spend-guard budgets set search --env dev --limit 20.00 --until 1m --reason');
    expect(world.meter.status.status?.budgets?.limits).toEqual({
      ...{ search: usd(30), 'search/nightly': usd(2), translate: usd(5) },
    });
    const audited = { budget: 'search', limit: usd(30), by: 'ana', reason: 'load test', at: world.now };
    expect(world.meter.state.auditOfBudgets()).toEqual([audited]);
    expect(world.asked).toEqual([]);
  });

  test('for a while: then the configured one holds again, by itself', async () => {
    const world = await deployed();
    const { stdout } = await set(world, 'translate', '--limit', '7.50', '--until', '6h', ...WHY);
    const until = world.now + DAY_MS / 4;
    expect(stdout).toContain(`$7.50 a week in place of $5.00, until ${clock(until)}`);
    expect(stdout).toContain('Then the configured $5.00 holds again, by itself');
    world.meter.now = until;
    await world.meter.tick();
    expect(world.meter.status.status?.budgets?.limits['translate']).toBe(usd(5));
  });

  test('in place of what holds by order, and not of what is configured', async () => {
    const world = await deployed();
    await set(world, 'search', '--limit', '30', ...WHY);
    world.now += MINUTE_MS;
    expect((await set(world, 'search', '--limit', '25', ...WHY)).stdout).toContain('$25.00 a month in place of $30.00');
    expect(world.meter.state.auditOfBudgets()).toHaveLength(2);
  });

  test('as JSON', async () => {
    const world = await deployed();
    used(world, 'search/nightly', day(world), 1, { carried: usd('0.5') });
    const { json } = await set(world, 'search/nightly', '--limit', '3', '--until', '2h', ...WHY, '--json');
    const order = { limit: usd(3), until: world.now + DAY_MS / 12, by: 'ana', reason: 'load test', at: world.now };
    expect(json()).toMatchObject({
      ...{ schemaVersion: 1, command: 'budgets set', environment: 'dev', budget: 'search/nightly' },
      ...{ period: day(world), order, configured: usd(2), before: usd(2), inForce: true },
      callers: { spent: usd(1), carried: usd('0.5') },
    });
  });

  test('a budget that nobody has used is said to be so, and never $0', async () => {
    const world = await deployed();
    used(world, 'search', '2026-10', 12);
    const { stdout, json } = await set(world, 'search', '--limit', '30', ...WHY);
    expect(stdout).toContain('nobody has called in it this month');
    expect(stdout).not.toContain('$0.00');
    expect(json).toThrow();
  });
});

describe('a limit under what is spent', () => {
  const NOON = '2026-11-10T12:00:00Z';
  test.each([
    ['a cent under it', '11.99', [], '2026-12-01 00:00 UTC'],
    ['all that is spent', '12', [], '2026-12-01 00:00 UTC'],
    ['until it ends', '10', ['--until', '6h'], clock(Date.parse(NOON) + DAY_MS / 4)],
    ['longer than the period', '10', ['--until', '2026-12-24T00:00Z'], '2026-12-01 00:00 UTC'],
  ])('%s: allowed, and said', async (_, limit, until, goesOn) => {
    const world = await deployed();
    world.now = Date.parse(NOON);
    used(world, 'search', '2026-11', 12);
    const { exitCode, stdout } = await set(world, 'search', '--limit', limit, ...until, ...WHY);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`$12.00 is spent this month: grants in search and within it stop until ${goesOn}`);
  });

  test('a cent above it leaves that cent', async () => {
    const world = await deployed();
    used(world, 'search', '2026-11', 12);
    expect((await set(world, 'search', '--limit', '12.01', ...WHY)).stdout).not.toContain('grants');
  });

  test('and under what is configured: its end lets nobody go on', async () => {
    const world = await deployed();
    used(world, 'search', '2026-11', 20);
    const { stdout } = await set(world, 'search', '--limit', '10', '--until', '6h', ...WHY);
    expect(stdout).toContain('stop until 2026-12-01 00:00 UTC');
  });

  test('what was carried over counts', async () => {
    const world = await deployed();
    used(world, 'search/nightly', day(world), 3, { carried: usd('2.5') });
    const enough = await set(world, 'search/nightly', '--limit', '0.51', ...WHY);
    expect(enough.stdout).toContain('$3.00 of it is spent today, with $2.50 carried over');
    world.now += MINUTE_MS;
    const { stdout } = await set(world, 'search/nightly', '--limit', '0.50', ...WHY);
    expect(stdout).toContain('$3.00 is spent today, with $2.50 carried over: grants in search/nightly and within it');
    expect(stdout).toContain(`stop until ${clock(Date.parse(`${day(world)}T00:00:00Z`) + DAY_MS)}`);
  });
});

describe('what is refused, and nothing is ordered', () => {
  test.each([
    [
      ['serch', '--limit', '30', ...WHY],
      'budgets set serch --env dev: no such budget; nearest: search; allowed: search,',
    ],
    [['Search', '--limit', '30', ...WHY], 'nearest: search; allowed: search, search/nightly, translate; a new one'],
    [['search/', '--limit', '30', ...WHY], 'environments.dev.budgets of test/fixtures/shared-budgets.ts'],
    [['', '--limit', '30', ...WHY], "the environment's own limit is raised by spend-guard resume"],
    [['constructor', '--limit', '30', ...WHY], 'no such budget'],
    [['search', ...WHY], '--limit: must say how much a month, such as --limit 30'],
    [['search', '--limit', '0', ...WHY], '--limit 0: not an amount; allowed: dollars above 0'],
    [['search', '--limit', '0.001', ...WHY], '--limit 0.001: not an amount'],
    [['search', '--limit', 'much', ...WHY], '--limit much: not an amount'],
    [['search', '--limit', '30', '--until', 'tomorrow', ...WHY], '--until tomorrow: not a time'],
    [['search', '--limit', '30', '--until', '0m', ...WHY], '--until 0m: not a duration'],
    [
      ['search', '--limit', '30', '--until', '2020-01-01T00:00Z', ...WHY],
      'must be in the future, such as 6h; it is 2026-',
    ],
    [['search', '--limit', '30'], '--reason: must say why'],
    [['search', '--limit', '30', '--reason', ' '], 'it is audited, and in every report'],
  ])('%j', async ([path = '', ...args], message) => {
    const world = await deployed();
    const { exitCode, stderr } = await set(world, path, ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(world.invoked).toEqual([]);
    expect(await world.meter.state.budgetOrders()).toEqual({});
  });

  test('the time at which it ends is this one', async () => {
    const world = await deployed();
    world.now = Date.parse('2026-11-10T12:00:00Z');
    expect((await set(world, 'search', '--limit', '30', '--until', '2026-11-10T12:00Z', ...WHY)).exitCode).toBe(2);
    expect((await set(world, 'search', '--limit', '30', '--until', '2026-11-10T12:01Z', ...WHY)).exitCode).toBe(0);
  });

  test('an environment without budgets, and no environment', async () => {
    const world = await deployed([]);
    const none = await world.run('budgets', 'set', 'search', '--env', 'dev', '--limit', '30', ...WHY);
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain(
      'dev has no budgets within its own; they belong in environments.dev.budgets of config/',
    );
    const any = await world.run('budgets', 'set', 'search', ...CONFIG, '--limit', '30', ...WHY);
    expect(any.stderr).toContain('this command acts on one environment');
    expect(world.meter.state.auditOfBudgets()).toEqual([]);
  });

  test('orders that stand and cannot be read are not replaced', async () => {
    const world = await deployed();
    world.meter.state.ofOtherVersion.add('budgetOrders');
    const { exitCode, stderr } = await set(world, 'search', '--limit', '30', ...WHY);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('the budgetOrders is not what the meter writes');
    expect(world.meter.state.auditOfBudgets()).toEqual([]);
  });
});

describe('who is asked, and what may be in the way', () => {
  async function production(answer: string): Promise<CliWorld> {
    const world = await deployed();
    world.deployed = world.deployed.map((one) => ({ ...one, name: one.name.replace('-dev-', '-prod-') }));
    world.answers = [answer];
    return world;
  }

  const PROD = ['budgets', 'set', 'search', '--env', 'prod', ...CONFIG, '--limit', '30', '--until', '6h', ...WHY];

  test('production asks, with what is spent; a no changes nothing', async () => {
    const world = await production('no');
    const { exitCode } = await world.run(...PROD);
    expect(exitCode).toBe(3);
    expect(world.asked.join()).toContain(
      `Give budget 'search' of prod $30.00 a month in place of $20.00, until ${clock(world.now + DAY_MS / 4)} (nobody has called in it this month)? It is production.`,
    );
    expect(world.meter.state.auditOfBudgets()).toEqual([]);
  });

  test('a yes gives it, and --yes asks nobody', async () => {
    expect((await (await production('y')).run(...PROD)).exitCode).toBe(0);
    const world = await production('no');
    expect((await world.run(...PROD, '--yes')).exitCode).toBe(0);
    expect(world.asked).toEqual([]);
  });

  test('what is spent is unknown where the table does not answer; the order is given', async () => {
    const world = await deployed();
    world.callersRefusal = new ServiceError('accessDenied', 'AccessDeniedException', 'not yours');
    const { exitCode, stdout } = await set(world, 'search', '--limit', '30', ...WHY);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('what it has spent this month is unknown: AWS answered AccessDeniedException');
  });

  test('a deployed guard that does not know the budget: ordered, and said not to be in force', async () => {
    const world = await deployed([NODES[2]!]);
    const { exitCode, stdout } = await set(world, 'search', '--limit', '30', ...WHY);
    expect(exitCode).toBe(4);
    expect(stdout).toContain("Ordered, and not in force: the deployed guard has no budget 'search'");
    expect(stdout).toContain('npx cdk deploy --context env=dev');
    const none = await set(await deployed([]), 'search', '--limit', '30', ...WHY);
    expect([none.exitCode, none.stdout]).toEqual([4, expect.stringContaining('the deployed guard has no budget')]);
  });

  test('ticks that are always in the way: ordered, and the next one says it', async () => {
    const world = await deployed();
    world.answer = { kind: 'returned', value: { kind: 'skipped', why: 'busy' } };
    const { exitCode, stdout } = await set(world, 'search', '--limit', '30', ...WHY);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('Ordered. Other ticks were in the way');
    expect((await world.meter.state.budgetOrders())['search']?.limit).toBe(usd(30));
  });

  test('somebody whose order comes in between', async () => {
    const world = await deployed();
    const give = world.meter.state.giveBudgetOrder.bind(world.meter.state);
    world.meter.state.giveBudgetOrder = async (budget, order) => {
      await give(budget, order);
      await give(budget, { ...order, limit: usd(1), by: 'bob', at: order.at + 1 });
    };
    const { exitCode, stdout } = await set(world, 'search', '--limit', '30', ...WHY);
    expect([exitCode, stdout]).toEqual([4, expect.stringContaining('another order came in between')]);
  });
});
