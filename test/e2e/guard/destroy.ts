import { MINUTE_MS } from '../../../core/calendar';
import { HELD_ROLE_ARN } from '../support/callers';
import { eventually } from '../support/eventually';
import type { LocalGuard } from '../support/local-guard';
import { provisioned, PROVISIONED } from '../support/managed-function';
import { spendAt, tickAt } from '../support/month';
import { remainsOf } from '../support/remains';

/** Everything of which a stack has some, so that a kind that is looked for in vain is noticed before the destruction. */
const KINDS = [
  ...['alarms', 'attachments', 'budgetActions', 'budgets', 'functions', 'logGroups', 'policies', 'profiles'],
  ...['queues', 'roles', 'scheduleGroups', 'schedules', 'stacks', 'subscriptions', 'tables', 'topics'],
];

/** Two environments of its own, stopped by the meter and by the bill when they go; one has a dashboard, the other keeps its state. */
export function destroy(guard: LocalGuard): void {
  const began = Date.now();
  const names = ['gone', 'kept'];
  beforeAll(async () => {
    await guard.deploy(...names);
    for (const name of names) {
      const environment = guard.of(name);
      await tickAt(environment, began - 20 * MINUTE_MS);
      await spendAt(guard, environment, 49, began - 10 * MINUTE_MS, 1_000);
      await tickAt(environment, began);
      await guard.aws.control.cross(environment.budgetName);
      await eventually(() => provisioned(guard.aws, `models-${name}`), { requested: 0 });
    }
  });

  test.each(names)('%s is stopped twice over, and has some of everything', async (name) => {
    const { deny, profiles } = guard.of(name);
    expect(await guard.inEffect(name)).toBe('stopped');
    expect((await guard.holdersOf(deny.switch)).length).toBe(4);
    expect((await guard.holdersOf(deny.bill)).length).toBe(4);
    expect(await guard.call(profiles.lite, HELD_ROLE_ARN)).toBe('denied');
    const kinds = name === 'gone' ? [...KINDS, 'dashboards'].sort() : KINDS;
    expect(Object.keys(await remainsOf(guard.aws, name)).sort()).toEqual(kinds);
  });

  test('destroy leaves nothing behind, and gives back what had been lowered', async () => {
    await guard.cdk.destroy('gone');
    expect(await remainsOf(guard.aws, 'gone')).toEqual({});
    expect(await provisioned(guard.aws, 'models-gone')).toMatchObject({ requested: PROVISIONED });
  });

  test('with keepState the state table stays, and nothing else', async () => {
    const { stateTable } = guard.of('kept');
    await guard.cdk.destroy('kept');
    expect(await remainsOf(guard.aws, 'kept')).toEqual({ tables: [stateTable] });
    expect(await provisioned(guard.aws, 'models-kept')).toMatchObject({ requested: PROVISIONED });
  });
}
