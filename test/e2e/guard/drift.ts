import { AttachUserPolicyCommand, DetachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';
import { BUDGET_OWNER, HELD, OWNER } from '../support/tiers';

export function drift(guard: LocalGuard): void {
  test("an administrator's detach is repaired at the next tick, which mails and counts it", async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const { profiles, invokerArn, deny, functions } = month.environment;
    await month.spendDaily(9.5, 5);
    expect(await month.tick()).toMatchObject({ desired: 'stopped' });
    await month.tick(1);

    const mails = await guard.mailsFrom('dev');
    const roleName = invokerArn.slice(invokerArn.lastIndexOf('/') + 1);
    const iam = guard.aws.client(IAMClient);
    await iam.send(new DetachRolePolicyCommand({ RoleName: roleName, PolicyArn: deny.meter }));
    expect(await guard.call(profiles.lite, invokerArn)).toBe('answered');

    // A minute later, as the schedule has it: attachments are looked at in every tick, the spend is not.
    month.now += 60_000;
    const { lines } = await functions.tick(month.now);
    expect(await guard.call(profiles.lite, invokerArn)).toBe('denied');
    expect((await mails()).map(({ to, subject }) => ({ to, subject }))).toEqual(
      [BUDGET_OWNER, OWNER].map((to) => ({
        to,
        subject: '[meter] dev somebody changed what the guard attached; repaired',
      })),
    );
    expect((await mails())[0]?.message).toContain(
      `deny-meter had been detached from role ${roleName}: it is attached again.`,
    );
    // What the alarm spend-guard-dev-spend-meter-drift watches.
    expect(lines.at(-1)).toMatchObject({ DriftRepairs: 1 });
  });

  test('an attachment that nobody decided is taken back', async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const { deny } = month.environment;
    await month.tick();
    const mails = await guard.mailsFrom('dev');
    await guard.aws.client(IAMClient).send(new AttachUserPolicyCommand({ UserName: HELD.user, PolicyArn: deny.large }));
    expect(await month.tick(1)).toMatchObject({ enforced: 'open', changed: 1 });
    expect(await guard.holdersOf(deny.large)).toEqual([]);
    expect((await mails()).length).toBe(2);
  });
}
