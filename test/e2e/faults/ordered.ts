import type { LocalGuard } from '../support/local-guard';
import { tickOf, VirtualMonth } from '../support/month';
import { ENVIRONMENT } from './story';

/** What the schedules of faults rest on, one at a time. */
export function ordered(guard: LocalGuard): void {
  let month: VirtualMonth;
  beforeAll(async () => {
    month = await VirtualMonth.begin(guard, ENVIRONMENT);
  });
  afterEach(() => guard.aws.control.faults.clear());

  const tick = () => month.environment.functions.tick((month.now += 20 * 60_000));
  const list = () => guard.aws.control.faults.list();
  const action = 'cloudwatch:GetMetricData';

  test.each(['throttle', 'error'] as const)('a call meets a %s, which is made up for by its retry', async (kind) => {
    const before = tickOf(await tick())?.monthToDateNanoUsd ?? Number.NaN;
    await month.spendAt(1, month.now);
    // The first call only asks whether anything goes on; from the second on the month is read.
    await guard.aws.control.faults.inject({ action, kind, after: 1 });
    expect(tickOf(await tick())?.monthToDateNanoUsd).toBe(before + 1e9);
    expect(await list()).toMatchObject([{ fired: 1 }]);
  });

  test('calls are let by before, and those of others, when it is so ordered', async () => {
    await guard.aws.control.faults.inject({ action, kind: 'error', after: 100 });
    await guard.aws.control.faults.inject({ action, kind: 'error', by: 'AutoStop' });
    expect(await tick()).toMatchObject({ result: { kind: 'done' } });
    const [later, others] = await list();
    expect(later).toMatchObject({ fired: 0 });
    expect(later?.after).toBeLessThan(100);
    expect(others).toMatchObject({ fired: 0, after: 0 });
  });

  test('a time-out ends the function once its call is done, and the next tick goes on from there', async () => {
    const before = tickOf(await tick())?.revision ?? Number.NaN;
    await guard.aws.control.faults.inject({ action: 'dynamodb:PutItem', kind: 'timeout' });
    expect(await tick()).toMatchObject({ error: 'Unhandled' });
    expect(await list()).toMatchObject([{ fired: 1 }]);
    // The write before the time-out counts.
    expect(tickOf(await tick())?.revision).toBeGreaterThan(before + 1);
  });

  test('an order that makes no sense is refused', async () => {
    const nonsense = guard.aws.control.faults.inject({ action: 'AttachRolePolicy', kind: 'error' });
    await expect(nonsense).rejects.toMatchObject({ code: 'CONTROL_REFUSED' });
  });
}
