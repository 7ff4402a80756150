import { BudgetsClient, DescribeBudgetActionCommand } from '@aws-sdk/client-budgets';
import { ACCOUNT } from '../../../local/emulator';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';
import { HELD } from '../support/tiers';

export function billAction(guard: LocalGuard): void {
  const status = async (budgetName: string, actionId: string) => {
    const { Action } = await guard.aws
      .client(BudgetsClient)
      .send(new DescribeBudgetActionCommand({ AccountId: ACCOUNT, BudgetName: budgetName, ActionId: actionId }));
    return Action?.Status;
  };

  test('AWS Budgets denies at its own line with none of our code; after the turn of the month the meter has it reversed and armed', async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const { budgetName, outputs, deny, profiles, invokerArn } = month.environment;
    const actionId = outputs['BillActionId'] ?? '';
    await guard.aws.control.spend(budgetName, 48);
    await guard.aws.control.cross(budgetName);
    expect(await status(budgetName, actionId)).toBe('EXECUTION_SUCCESS');
    expect(await guard.holdersOf(deny.bill)).toEqual([
      `group ${HELD.group}`,
      expect.stringMatching(/^role SpendGuard-dev-InvokerRole/),
      `role ${HELD.role}`,
      `user ${HELD.user}`,
    ]);
    expect(await guard.call(profiles.lite, invokerArn)).toBe('denied');

    // The meter has seen nothing of it: it says so, and changes nothing by itself.
    const mails = await guard.mailsFrom('dev');
    await month.tick();
    expect((await mails()).map(({ subject }) => subject)).toContainEqual(
      expect.stringContaining('the bill says stop, the meter has seen $0.00'),
    );
    expect(await guard.call(profiles.lite, invokerArn)).toBe('denied');

    await guard.aws.control.spend(budgetName, 0);
    month.toNextMonth();
    await month.tick();
    expect(await status(budgetName, actionId)).toBe('REVERSE_SUCCESS');
    expect(await guard.call(profiles.lite, invokerArn)).toBe('answered');
    await month.tick();
    expect(await status(budgetName, actionId)).toBe('STANDBY');
    expect(await guard.holdersOf(deny.bill)).toEqual([]);
  });

  test('who attached and who detached it is the execution role of the action, and nobody else', async () => {
    const { deny } = guard.of('dev');
    const uses = await guard.aws.control.uses();
    const reversals = uses.filter(({ action }) => action === 'budgets:ExecuteBudgetAction');
    expect(reversals.length).toBeGreaterThan(0);
    for (const { principal } of reversals) expect(principal).toMatch(/assumed-role\/SpendGuard-dev-SpendMeter/);
    const byRole = uses.filter(({ principal }) => /:role\/SpendGuard-dev-BillActionRole/.test(principal));
    const kinds = ['Role', 'User', 'Group'].flatMap((kind) => [`iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`]);
    expect([...new Set(byRole.map(({ action }) => action))].sort()).toEqual(kinds.sort());
    expect(byRole.every(({ allowed }) => allowed)).toBe(true);
    expect(deny.bill).not.toBe(deny.switch);
  });
}
