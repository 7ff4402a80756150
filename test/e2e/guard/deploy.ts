import { DetachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';

export function deployDuringStop(guard: LocalGuard): void {
  test('a deploy that replaces the budget and its action leaves everybody denied, and repairs nothing afterwards', async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const before = month.environment;
    await month.spendDaily(9.5, 5);
    expect(await month.tick()).toMatchObject({ desired: 'stopped' });
    const holders = await guard.holdersOf(before.deny.switch);
    expect(holders.length).toBe(4);

    // A deploy gives the switch to whoever lacks it.
    const roleName = before.invokerArn.slice(before.invokerArn.lastIndexOf('/') + 1);
    await guard.aws
      .client(IAMClient)
      .send(new DetachRolePolicyCommand({ RoleName: roleName, PolicyArn: before.deny.switch }));
    await guard.redeploy('dev', 'test/e2e/support/changed-tiers.ts');
    const after = guard.of('dev');
    expect(after.budgetName).not.toBe(before.budgetName);
    expect(after.deny).toEqual(before.deny);
    expect(await guard.holdersOf(after.deny.switch)).toEqual(holders);
    expect(await guard.inEffect('dev')).toBe('stopped');
    expect(await guard.call(after.profiles.lite, after.invokerArn)).toBe('denied');

    const mails = await guard.mailsFrom('dev');
    expect(await month.tick()).toMatchObject({ from: 'stopped', desired: 'stopped', switched: false, attached: 0 });
    expect(await mails()).toEqual([]);
    expect(await guard.call(after.profiles.lite, after.invokerArn)).toBe('denied');
  });
}
