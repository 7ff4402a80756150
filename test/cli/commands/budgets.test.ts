import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { ServiceError } from '../../../core/errors';
import { usd } from '../../../core/money';
import { BUDGET_SORT_KEY, budgetKey } from '../../../core/shared-budgets/keys';
import type { PeriodKey } from '../../../core/shared-budgets/period';
import { focusProblems } from '../../helpers/focus';
import { CliWorld } from '../world';

const CONFIG = ['--config', 'test/fixtures/shared-budgets.ts'];
const DEV = ['--env', 'dev', ...CONFIG];
/** The clock of the world: a Monday in November, in the 48th week. */
const MONTH = '2026-11';

const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-budgets-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What callers have written, in dollars. */
function used(
  world: CliWorld,
  [budget, period]: readonly [string, string],
  {
    limit,
    spent,
    held = 0,
    ...more
  }: { limit: number; spent: number | string; held?: number } & Readonly<Record<string, unknown>>,
): void {
  const remaining = usd(limit) - usd(spent) - usd(held);
  world.callers.table.put({
    ...{ pk: budgetKey('dev', budget, period as PeriodKey), sk: BUDGET_SORT_KEY, schemaVersion: 1, unsettled: 0 },
    ...{ limit: usd(limit), spent: usd(spent), remaining },
    ...more,
  });
}

function spentInDev(): CliWorld {
  const world = new CliWorld();
  used(world, ['', MONTH], { limit: 50, spent: '12.000000001', held: 1 });
  used(world, ['search', MONTH], { limit: 20, spent: 8, held: 1, unsettled: usd('0.5') });
  return world;
}

const today = (world: CliWorld) => new Date(world.now).toISOString().slice(0, 10);

describe('budgets', () => {
  test('the tree, with what is spent, held, left, expected, and who is near', async () => {
    const world = spentInDev();
    used(world, ['search/nightly', today(world)], { limit: 4, spent: '3.7', carried: usd(2) });
    const { exitCode, stdout } = await world.run('budgets', ...DEV);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^dev:\n {2}budget +period +spent +limit +held +left +forecast +gone\n/);
    expect(stdout).toMatch(/\n {2}dev +2026-11 +\$12\.00 +\$50\.00 +\$1\.00 +\$37\.00 +\$/);
    expect(stdout).toMatch(/\n {4}search +2026-11 +\$8\.00 +\$20\.00 +\$1\.00 +\$11\.00 /);
    expect(stdout).toMatch(/\n {6}nightly +2026-11-\d\d +\$3\.70 +\$4\.00 .* 92% +past 90%; \$2\.00 carried over\n/);
    expect(stdout).toMatch(/\n {4}translate +2026-W\d\d +- +\$5\.00 .*nobody has called in this period\n/);
    expect(world.invoked).toEqual([]);
  });

  test.each([
    ['a nano-dollar is left', '19.999999999', 0],
    ['all is spent', 20, 4],
    ['more is spent', 21, 4],
  ])('%s: exit %p', async (_what, spent, exit) => {
    const world = spentInDev();
    used(world, ['search', MONTH], { limit: 20, spent });
    expect((await world.run('budgets', ...DEV)).exitCode).toBe(exit);
  });

  test('by whose order a limit holds, why, and until when', async () => {
    const world = spentInDev();
    const order = { limit: usd(30), by: 'ben', reason: 'launch', at: world.now };
    await world.meter.state.giveBudgetOrder('search', order);
    await world.meter.state.giveBudgetOrder('gone', order);
    const { stdout } = await world.run('budgets', ...DEV);
    expect(stdout).toMatch(/search .* \$30\.00 .*limit by order; callers go by \$20\.00 until they hear of it; /);
    expect(stdout).toContain("order in force: budget 'search', $30.00, by ben, until another order: launch");
    expect(stdout).toContain("order without effect: budget 'gone'");
  });

  test('JSON: in nano-dollars, with when each begins anew', async () => {
    const { json } = await spentInDev().run('budgets', ...DEV, '--json');
    const [{ budgets, strayOrders }] = json().environments as never as [{ budgets: object[]; strayOrders: object }];
    expect(budgets).toHaveLength(4);
    expect(budgets[1]).toMatchObject({
      ...{ path: 'search', depth: 1, period: MONTH, configured: usd(20), resetsAt: Date.parse('2026-12-01T00:00:00Z') },
      figures: { kind: 'known', spent: usd(8), held: usd(1), left: usd(11), unsettled: usd('0.5'), over: false },
    });
    expect(budgets[2]).toMatchObject({ path: 'search/nightly', figures: { kind: 'unused' } });
    expect(strayOrders).toEqual({ kind: 'known', value: {} });
  });

  test('an environment without budgets: its own, and where to add some', async () => {
    const { exitCode, stdout } = await spentInDev().run('budgets', '--env', 'dev');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/dev +2026-11 +\$12\.00/);
    expect(stdout).toContain('no budget is within it: add environments.dev.budgets to the config, and deploy it');
  });

  describe('unknown is never zero', () => {
    test('an item that cannot be read: named, exit 4, and the others are told', async () => {
      const world = spentInDev();
      used(world, ['search', MONTH], { limit: 20, spent: 8, schemaVersion: 2 });
      const { exitCode, stdout } = await world.run('budgets', ...DEV);
      expect(exitCode).toBe(4);
      expect(stdout).toMatch(/search +2026-11 +unknown .*BUDGET#dev\/search#2026-11 cannot be read: schemaVersion/);
      expect(stdout).toMatch(/dev +2026-11 +\$12\.00/);
    });

    test('a table that refuses: exit 1, with its own word', async () => {
      const world = spentInDev();
      world.callersRefusal = new ServiceError('accessDenied', 'AccessDeniedException', 'not authorized');
      const { exitCode, stdout } = await world.run('budgets', ...DEV);
      expect(exitCode).toBe(1);
      expect(stdout).toContain('AccessDeniedException');
    });

    test('orders that cannot be read: what callers go by, and it is said', async () => {
      const world = spentInDev();
      world.meter.state.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
      const { stdout } = await world.run('budgets', ...DEV);
      expect(stdout).toMatch(/orders of budgets: unknown - .*ThrottlingException/);
      expect(stdout).toMatch(/search +2026-11 +\$8\.00 +\$20\.00/);
    });
  });

  test('--report writes it as one page', async () => {
    const file = path.join(folder, 'budgets.html');
    const { exitCode } = await spentInDev().run('budgets', ...DEV, '--report', file);
    expect(exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/<caption>\s*dev: budgets\s*<\/caption>/);
  });

  test('--report where nothing can be written: nothing is asked', async () => {
    const world = spentInDev();
    const { exitCode, stderr } = await world.run('budgets', ...DEV, '--report', '/nowhere/budgets.html');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--report /nowhere/budgets.html: there is no folder /nowhere');
  });
});

describe('costs --by budget', () => {
  const csvOf = (text: string) => text.split('\r\n').map((line) => line.split(','));

  test('CSV: a row by budget and period, the rest, and the environment’s total', async () => {
    const world = spentInDev();
    used(world, ['search/nightly', '2026-11-03'], { limit: 2, spent: '0.25' });
    used(world, ['translate', '2026-W46'], { limit: 5, spent: '1.5' });
    const { exitCode, stdout } = await world.run('costs', ...DEV, '--by', 'budget', '--csv');
    expect(exitCode).toBe(0);
    expect(stdout.split('\r\n')).toEqual([
      'environment,row,budget,period,limit_usd,spent_usd,unsettled_usd,held_usd,note',
      'dev,budget,search,2026-11,20.00,8.00,0.50,1.00,',
      'dev,within,search/nightly,2026-11-03,2.00,0.25,0.00,0.00,',
      'dev,budget,translate,2026-W46,5.00,1.50,0.00,0.00,',
      'dev,rest,(not in any budget),2026-11,,2.500000001,,,',
      'dev,total,(total),2026-11,50.00,12.000000001,0.00,1.00,',
      '',
    ]);
    expect(world.invoked).toEqual([]);
  });

  test('budgets and the rest add up to the total, to the last digit', async () => {
    const world = spentInDev();
    used(world, ['translate', '2026-W46'], { limit: 5, spent: '1.500000003' });
    const rows = csvOf((await world.run('costs', ...DEV, '--by', 'budget', '--csv')).stdout);
    const of = (kinds: readonly string[]) =>
      rows.filter(([, kind = '']) => kinds.includes(kind)).reduce((sum, row) => sum + usd(row[5] || 0), 0);
    expect(of(['budget', 'rest'])).toBe(of(['total']));
  });

  test('for people, with what adds up', async () => {
    const { stdout } = await spentInDev().run('costs', ...DEV, '--by', 'budget');
    expect(stdout).toMatch(/^dev:\n {2}budget +period +spent +limit +held +unsettled\n {2}search +2026-11 +\$8\.00 /);
    expect(stdout).toMatch(/\(not in any budget\) +2026-11 +\$4\.00 /);
    expect(stdout).toMatch(/\(total\) +2026-11 +\$12\.00 +\$50\.00/);
  });

  test('JSON', async () => {
    const { json } = await spentInDev().run('costs', ...DEV, '--by', 'budget', '--json');
    expect(json()).toMatchObject({ command: 'costs', month: MONTH });
    const [{ rows }] = json().environments as never as [{ rows: readonly object[] }];
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ kind: 'budget', path: 'search', spent: usd(8), held: usd(1) });
    expect(rows[2]).toMatchObject({ kind: 'total', path: '', spent: usd('12.000000001') });
  });

  test('another month', async () => {
    const world = spentInDev();
    world.now = Date.parse('2026-11-05T12:00:00Z');
    used(world, ['', '2026-10'], { limit: 50, spent: 3 });
    used(world, ['search/nightly', '2026-10-31'], { limit: 2, spent: 1 });
    const args = ['costs', ...DEV, '--by', 'budget', '--month', '2026-10', '--csv'];
    const rows = csvOf((await world.run(...args)).stdout);
    expect(rows.slice(1, -1).map(([, kind, budget, period, , spent]) => [kind, budget, period, spent])).toEqual([
      ['budget', 'search', '2026-10', ''],
      ['within', 'search/nightly', '2026-10-31', '1.00'],
      ['rest', '(not in any budget)', '2026-10', '3.00'],
      ['total', '(total)', '2026-10', '3.00'],
    ]);
  });

  test('one of which days are forgotten by now says so: exit 4', async () => {
    const world = spentInDev();
    used(world, ['', '2026-08'], { limit: 50, spent: 3 });
    const { exitCode, stdout } = await world.run('costs', ...DEV, '--by', 'budget', '--month', '2026-08', '--csv');
    expect(exitCode).toBe(4);
    expect(stdout).toContain(
      'dev,within,search/nightly,2026-08-01,,,,,unknown: no item is kept for more than 75 days after its period',
    );
  });

  test('an environment that could not be asked has a row of its own, so that no sum leaves it out unseen', async () => {
    const world = spentInDev();
    const { exitCode, stdout } = await world.run('costs', '--env', 'dev,prod', ...CONFIG, '--by', 'budget', '--csv');
    expect(exitCode).toBe(1);
    expect(csvOf(stdout).at(-2)?.slice(0, 5)).toEqual(['prod', 'unknown', '', '2026-11', '']);
    expect(stdout).toContain('no function spend-meter');
  });

  describe('--focus', () => {
    const linesOf = (csv: string) => parse(csv, { columns: true }) as Readonly<Record<string, string>>[];

    test('a line for each budget and period that adds up to the total; what is within a budget is in its own', async () => {
      const world = spentInDev();
      used(world, ['search/nightly', '2026-11-03'], { limit: 2, spent: '0.25' });
      used(world, ['translate', '2026-W46'], { limit: 5, spent: '1.5' });
      const args = ['costs', ...DEV, '--by', 'budget', '--focus', '--billing-account', '999988887777'];
      const { exitCode, stdout, stderr } = await world.run(...args);
      expect([exitCode, stderr]).toEqual([0, '']);
      const lines = linesOf(stdout);
      expect(focusProblems(lines)).toEqual([]);
      expect(
        lines.map(({ BilledCost, ChargePeriodStart, ChargePeriodEnd, Tags = '' }) => [
          ...[BilledCost, ChargePeriodStart?.slice(0, 10), ChargePeriodEnd?.slice(0, 10)],
          (JSON.parse(Tags) as { readonly budget?: string }).budget,
        ]),
      ).toEqual([
        ['8.00', '2026-11-01', '2026-12-01', 'search'],
        ['1.50', '2026-11-09', '2026-11-16', 'translate'],
        ['2.500000001', '2026-11-01', '2026-12-01', undefined],
      ]);
      expect(lines[0]).toMatchObject({
        ...{ x_CostBasis: 'EstimatedAtListPrice', x_Source: 'SharedBudgets', InvoiceIssuerName: 'bedrock-spend-guard' },
        ...{ RegionId: '', ConsumedQuantity: '', x_Incomplete: '', BillingAccountId: '999988887777' },
      });
      expect(lines.reduce((sum, { BilledCost = '' }) => sum + usd(BilledCost), 0)).toBe(usd('12.000000001'));
    });

    test('what cannot be read has no line, each line says so, standard error says why: exit 4', async () => {
      const world = spentInDev();
      used(world, ['search', MONTH], { limit: 20, spent: 8, schemaVersion: 2 });
      used(world, ['translate', '2026-W46'], { limit: 5, spent: '1.5' });
      const { exitCode, stdout, stderr } = await world.run('costs', ...DEV, '--by', 'budget', '--focus');
      expect(exitCode).toBe(4);
      expect(linesOf(stdout).map(({ BilledCost }) => BilledCost)).toEqual(['1.50']);
      expect(linesOf(stdout)[0]?.['x_Incomplete']).toMatch(
        /^search in 2026-11: .*; \(not in any budget\) in 2026-11: /,
      );
      expect(stderr).toMatch(/^dev: unknown: search in 2026-11: .*schemaVersion/);
    });

    test('nobody has called: no line, and no $0', async () => {
      const { exitCode, stdout } = await new CliWorld().run('costs', ...DEV, '--by', 'budget', '--focus');
      expect(exitCode).toBe(0);
      expect(linesOf(stdout)).toEqual([]);
    });
  });

  test('one that cannot be read is unknown, and so is the rest: exit 4', async () => {
    const world = spentInDev();
    used(world, ['search', MONTH], { limit: 20, spent: 8, schemaVersion: 2 });
    const { exitCode, stdout } = await world.run('costs', ...DEV, '--by', 'budget', '--csv');
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/dev,budget,search,2026-11,,,,,"?unknown: /);
    expect(stdout).toContain('dev,rest,(not in any budget),2026-11,,,,,unknown: that of search is');
    expect(stdout).toContain('dev,total,(total),2026-11,50.00,12.000000001');
  });

  test.each([
    [['--csv'], '--csv is of --by, and does nothing without it; add --by budget'],
    [['--month', '2026-08'], '--month 2026-08 is of --by'],
    [['--by', 'team'], '--by team: allowed: person, role, session, tag, model, day, budget'],
    [['--by', 'budget', '--mail'], '--mail sends the report, and --by budget makes none'],
    [['--by', 'budget', '--csv', '--json'], '--csv and --json are two forms of one answer'],
    [['--by', 'budget', '--month', '2026-13'], '--month 2026-13: not a month; allowed: YYYY-MM'],
    [['--by', 'budget', '--month', 'October'], '--month October: not a month'],
    [['--by', 'budget', '--month', '2026-12'], '--month 2026-12: it has not begun'],
  ])('bad input: %p', async (args, message) => {
    const world = spentInDev();
    const { exitCode, stderr } = await world.run('costs', ...DEV, ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`costs: ${message}`);
    expect(world.invoked).toEqual([]);
  });
});
