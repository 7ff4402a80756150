import { utcMonth } from '../../../core/calendar';
import { exactSizing } from '../../../core/ledger/sizing';
import { usd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { reserved } from '../../helpers/ledger-processes';
import { CliWorld } from '../world';

const DEV = ['--env', 'dev'];
const WHY = ['--reason', 'outage of 12 November'];

/** Callers of dev have spent so much, and been charged so much more without known usage. */
async function charged(known: number, unsettled: number): Promise<CliWorld> {
  const world = new CliWorld();
  const ledger = world.callers.start(exactSizing(), { scope: 'dev' });
  await ledger.settle(reserved(await ledger.reserve(usd(known))), usd(known));
  await ledger.settle(reserved(await ledger.reserve(usd(unsettled))), usd(unsettled), usd(unsettled));
  world.meter.spend(0);
  await world.meter.run(2);
  return world;
}

const budgetOf = (world: CliWorld) =>
  world.callers.table.get(`BUDGET#dev#${utcMonth(world.now)}`, 'STATE') as Record<string, unknown>;

test('status shows what was charged without known usage, and how it comes back', async () => {
  const world = await charged(3, 5);
  const { stdout } = await world.run('status', ...DEV);
  expect(stdout).toContain(
    'in-path callers   $8.00 of $100.00 spent, $0.00 held; $5.00 of what is spent was charged without known usage',
  );
  expect(stdout).toContain('spend-guard release');
  const { json } = await world.run('status', ...DEV, '--json');
  expect(json().environments[0].callers).toMatchObject({ spent: usd(8), unsettled: usd(5) });
});

test('so does budget, beside what AWS Budgets counts', async () => {
  const world = await charged(3, 5);
  const { stdout } = await world.run('budget', ...DEV);
  expect(stdout).toContain(
    'in-path        $8.00 of $100.00 spent, $0.00 held; $5.00 of what is spent was charged without',
  );
  expect((await world.run('budget', ...DEV, '--json')).json().environments[0].callers).toMatchObject({
    unsettled: usd(5),
  });
});

test('release gives it back, and says in status and budget who did it and why', async () => {
  const world = await charged(3, 5);
  const { exitCode, stdout } = await world.run('release', ...DEV, ...WHY);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('$5.00 of the callers of dev was given back');
  expect(budgetOf(world)).toMatchObject({ spent: usd(3), remaining: usd(97), unsettled: 0 });
  const status = await world.run('status', ...DEV);
  expect(status.stdout).toContain('$5.00 of such was released by ana on ');
  expect(status.stdout).toContain('outage of 12 November');
  const again = await world.run('release', ...DEV, ...WHY);
  expect(again.exitCode).toBe(0);
  expect(again.stdout).toContain('Nothing to release');
  expect(budgetOf(world)).toMatchObject({ spent: usd(3), releasedAmount: usd(5) });
});

test('who was held up by it goes on at once', async () => {
  const world = await charged(3, 5);
  const ledger = world.callers.start(exactSizing(), { scope: 'dev', unsettledPerHour: usd(5) });
  expect(await ledger.reserve(usd(1))).toMatchObject({ kind: 'refused', unsettled: true });
  await world.run('release', ...DEV, ...WHY);
  expect((await ledger.reserve(usd(1))).kind).toBe('reserved');
});

test('what the meter saw stays spent', async () => {
  const world = await charged(3, 5);
  world.callers.table.put({
    ...{ pk: 'STATUS', sk: 'STATUS', schemaVersion: 1, desired: 'open', asOf: world.now, month: utcMonth(world.now) },
    ...{ spentAtLeast: usd(7), limit: usd(100) },
  });
  await world.run('release', ...DEV, ...WHY);
  expect(budgetOf(world)).toMatchObject({ spent: usd(7), raised: usd(4), unsettled: 0, remaining: usd(93) });
});

test.each([
  ['without a reason', [], '--reason: must say why'],
  ['with an empty one', ['--reason', ' '], '--reason: must say why'],
])('%s nothing is given back', async (_, reason, message) => {
  const world = await charged(3, 5);
  const { exitCode, stderr } = await world.run('release', ...DEV, ...reason);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(budgetOf(world)).toMatchObject({ unsettled: usd(5) });
});

test('where nobody has used the plugin there is nothing to release', async () => {
  const { exitCode, stdout } = await new CliWorld().run('release', ...DEV, ...WHY);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Nothing to release')]);
});

test('a table that does not answer is said to be unknown in status, which says all the rest', async () => {
  const world = await charged(3, 5);
  world.callersRefusal = new ServiceError('accessDenied', 'AccessDeniedException', 'not yours');
  const { stdout, exitCode } = await world.run('status', ...DEV);
  expect(stdout).toContain('in-path callers   unknown: ');
  expect(stdout).toContain('open, as of');
  expect(exitCode).toBe(0);
});

describe('budgets within the environment', () => {
  const CONFIG = ['--config', 'test/fixtures/shared-budgets.ts'];
  const BUDGETS = [
    { path: 'search', period: 'month', limit: usd(20) },
    { path: 'search/nightly', period: 'day', limit: usd(2) },
  ] as const;

  test('are given back what was charged to them, those within first, and keep who said so', async () => {
    const world = new CliWorld();
    const ledger = world.callers.start(exactSizing(), { scope: 'dev', budgets: BUDGETS });
    const asked = reserved(await ledger.reserve(usd(2), 'search/nightly'));
    await ledger.settle(asked, usd(2), usd(1));
    world.meter.spend(0);
    await world.meter.run(2);
    const { stdout, exitCode } = await world.run('release', ...DEV, ...CONFIG, ...WHY);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      expect.stringContaining('$1.00 of the callers of dev was given back'),
      expect.stringContaining("$1.00 of budget 'search' was given back"),
      expect.stringContaining("$1.00 of budget 'search/nightly' was given back"),
    ]);
    const day = new Date(world.now).toISOString().slice(0, 10);
    for (const key of [`dev#${day.slice(0, 7)}`, `dev/search#${day.slice(0, 7)}`, `dev/search/nightly#${day}`]) {
      expect(world.callers.table.get(`BUDGET#${key}`, 'STATE')).toMatchObject({
        ...{ spent: usd(1), unsettled: 0, releasedBy: 'ana', releasedAmount: usd(1) },
      });
    }
  });

  test('one that alone has something to give back does', async () => {
    const world = await charged(3, 0.5);
    const ledger = world.callers.start(exactSizing(), { scope: 'dev', budgets: BUDGETS });
    await world.run('release', ...DEV, ...WHY);
    await ledger.settle(reserved(await ledger.reserve(usd(2), 'search')), usd(2), usd(1));
    const month = utcMonth(world.now);
    const root = world.callers.table.get(`BUDGET#dev#${month}`, 'STATE')!;
    world.callers.table.put({ ...root, unsettled: 0 });
    const { json } = await world.run('release', ...DEV, ...CONFIG, ...WHY, '--json');
    expect(json()).toMatchObject({ released: 0, budgets: [{ budget: 'search', period: month, amount: usd(1) }] });
  });
});
