import { MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { VARIABLES } from '../../helpers/spend-meter-world';
import { EVERYBODY, installed, spentEarlier } from './installed';

describe('orders, the turn of the month, and the bill', () => {
  test('an override lets everybody go at once, and its end denies them again by re-evaluating', async () => {
    const world = await installed();
    world.spend(96);
    await world.run(8);
    await world.override(150, 2);
    await world.tick({ command: 'evaluate' });
    expect(await world.denied()).toEqual([]);
    expect(world.subjects().some((subject) => subject.includes('override until'))).toBe(true);
    expect(world.status.status?.limit).toBe(usd(150));
    world.now += 2 * 60 * MINUTE_MS;
    await world.run(1);
    expect(await world.denied()).toEqual(EVERYBODY);
    expect(world.subjects()).toContain('[meter] dev override ended, now stopped');
  });

  test('a resume right after a sudden stop is not undone by the rate of before; by the rate from then on it may be', async () => {
    const world = await installed();
    world.spend(30);
    await world.run(1);
    world.spend(30);
    await world.run(2);
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.override(110, 2);
    await world.run(1);
    expect(await world.denied()).toEqual([]);
    world.spend(20);
    await world.run(1);
    expect(await world.denied()).toEqual(EVERYBODY);
  });

  test('a manual stop holds whatever is spent, over the turn of the month too, until an override replaces it', async () => {
    const world = await installed('2026-11-30T23:50:00Z');
    await world.state.give({ kind: 'stop', stop: { since: world.now, by: 'ops', reason: 'incident' } });
    await world.run(30);
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.state.give({ kind: 'override', override: { since: world.now, by: 'ops', reason: 'over' } });
    await world.run(1);
    expect(await world.denied()).toEqual([]);
  });

  test('trap 9: at the turn of the month the stop ends by re-evaluating, though nothing else happens', async () => {
    const world = await installed('2026-11-30T23:30:00Z');
    world.spend(96);
    await world.run(29);
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.run(3);
    expect(new Date(world.now).toISOString()).toBe('2026-12-01T00:03:00.000Z');
    expect(await world.denied()).toEqual([]);
    const state = await world.state.latest('2026-12' as never);
    expect(state).toMatchObject({ month: '2026-12', desired: 'open' });
  });

  test('a deployment during a stop keeps the stop: the state is not in the template', async () => {
    const world = await installed();
    world.spend(96);
    await world.run(8);
    world.variables = { ...VARIABLES };
    await world.deploySwitch();
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.run(2);
    expect(await world.denied()).toEqual(EVERYBODY);
  });

  test('a limit lowered below what is spent pages first, and stops after the grace period', async () => {
    const world = await installed();
    spentEarlier(world, 40);
    await world.run(6);
    const lines = {
      ...(JSON.parse(VARIABLES.LINES) as object),
      limit: usd(30),
      hourlyBrakePercent: 5000,
    };
    world.variables = { ...VARIABLES, LINES: JSON.stringify(lines) };
    await world.run(59);
    expect(await world.denied()).toEqual([]);
    expect(world.subjects().some((subject) => subject.includes('unless the limit is raised'))).toBe(true);
    await world.run(10);
    expect(await world.denied()).toEqual(EVERYBODY);
  });

  test('the budgets action is reversed during an override and armed again at its end, once the bill is under the line', async () => {
    const world = await installed();
    world.budgetActions.status = 'EXECUTION_SUCCESS';
    world.budgetActions.bill('97');
    await world.override(150, 2);
    await world.run(3);
    expect(world.budgetActions.executed).toEqual(['REVERSE_BUDGET_ACTION']);
    world.now += 2 * 60 * MINUTE_MS;
    await world.run(20);
    expect(world.budgetActions.executed).toEqual(['REVERSE_BUDGET_ACTION']);
    world.budgetActions.bill('0.5');
    await world.run(20);
    expect(world.budgetActions.executed).toEqual(['REVERSE_BUDGET_ACTION', 'RESET_BUDGET_ACTION']);
  });

  test('trap 9: an action left over from last month is lifted and armed again', async () => {
    const world = await installed('2026-11-30T22:00:00Z');
    world.budgetActions.status = 'EXECUTION_SUCCESS';
    world.budgetActions.bill('97');
    await world.run(120);
    expect(world.budgetActions.executed).toEqual([]);
    world.budgetActions.bill('0');
    await world.run(40);
    expect(world.budgetActions.executed).toEqual(['REVERSE_BUDGET_ACTION', 'RESET_BUDGET_ACTION']);
  });

  test('trap 10: a bill that fell to $0 within the month, as after an edited budget, lifts nothing', async () => {
    const world = await installed();
    world.budgetActions.status = 'EXECUTION_SUCCESS';
    world.budgetActions.bill('97');
    await world.run(20);
    world.budgetActions.bill('0');
    await world.run(60);
    expect(world.budgetActions.executed).toEqual([]);
  });

  test('trap 19: a bill that stopped something, and that the meter contradicts, pages once and offers the resume', async () => {
    const world = await installed();
    world.spend(3);
    world.budgetActions.status = 'EXECUTION_SUCCESS';
    world.budgetActions.bill('5600');
    await world.run(60);
    const pages = world.mail.sent.filter(({ subject }) => subject.includes('the bill says stop'));
    expect(pages).toHaveLength(1);
    expect(pages[0]?.body).toContain('npx spend-guard resume --env dev');
    expect(world.budgetActions.executed).toEqual([]);
  });
});
