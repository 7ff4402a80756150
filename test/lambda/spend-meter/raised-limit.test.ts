import { MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { SpendMeterWorld, VARIABLES } from '../../helpers/spend-meter-world';

const BOTH = ['REVERSE_BUDGET_ACTION', 'RESET_BUDGET_ACTION'];

/** The bill has stopped everybody at $95 of a limit of $100, of which the meter sees `dollars`. */
async function stoppedByTheBill(dollars: number): Promise<SpendMeterWorld> {
  const world = new SpendMeterWorld('2026-11-10T12:00:00Z');
  world.usage.recordCall('us-east-1', world.now);
  await world.run(1);
  world.spend(dollars);
  world.now += 3 * 60 * MINUTE_MS;
  world.budgetActions.status = 'EXECUTION_SUCCESS';
  world.budgetActions.bill('97');
  await world.run(20);
  expect(world.budgetActions.executed).toEqual([]);
  return world;
}

/** A deployment with another limit; it edits the budget, whose figure is $0 for a while (trap 10). */
function deploy(world: SpendMeterWorld, limit: number): void {
  const lines = JSON.parse(VARIABLES.LINES) as object;
  world.variables = { ...VARIABLES, LINES: JSON.stringify({ ...lines, limit: usd(limit) }) };
  world.budgetActions.bill('0');
}

test('a limit raised above what is spent lifts what the bill has applied, and arms it again, in the same month', async () => {
  const world = await stoppedByTheBill(80);
  deploy(world, 200);
  await world.run(35);
  expect(world.budgetActions.executed).toEqual(BOTH);
  const bodies = world.mail.sent.map(({ body }) => body).join('\n');
  expect(bodies).toContain('the line was raised from $95.00 to $190.00, and the meter sees $80.00');
  expect(world.budgetActions.status).toBe('STANDBY');
});

test('one not raised above what may have been spent does not', async () => {
  const world = await stoppedByTheBill(80);
  deploy(world, 120);
  await world.run(35);
  expect(world.budgetActions.executed).toEqual([]);
});

test('nor does one that is lowered, whatever the bill falls to', async () => {
  const world = await stoppedByTheBill(10);
  deploy(world, 60);
  await world.run(35);
  expect(world.budgetActions.executed).toEqual([]);
});

test('a stop that somebody has ordered outlasts a raised limit', async () => {
  const world = await stoppedByTheBill(80);
  await world.state.give({ kind: 'stop', stop: { since: world.now, by: 'ops', reason: 'a leaked key' } });
  deploy(world, 200);
  await world.run(35);
  expect(world.budgetActions.executed).toEqual([]);
});

test('a meter that cannot see lifts nothing until it can', async () => {
  const world = await stoppedByTheBill(80);
  world.usage.failures.set('us-east-1', 'throttled');
  await world.run(40);
  deploy(world, 200);
  await world.run(35);
  expect(world.budgetActions.executed).toEqual([]);
  world.usage.failures.clear();
  await world.run(35);
  expect(world.budgetActions.executed).toEqual(BOTH);
});
