import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';
import { BUDGET_OWNER, HELD, OWNER } from '../support/tiers';

const ALLOWED = { Effect: 'Deny', Action: 'bedrock:ListFoundationModels', Resource: '*' };

export function drift(guard: LocalGuard): void {
  /** Stopped, with a minute's tick behind it. */
  async function stopped() {
    const month = await VirtualMonth.begin(guard, 'dev');
    await month.spendDaily(9.5, 5);
    expect(await month.tick()).toMatchObject({ desired: 'stopped' });
    await month.tick(1);
    const mails = await guard.mailsFrom('dev');
    return { month, mails, iam: guard.aws.client(IAMClient), ...month.environment };
  }

  test('an administrator who takes the switch off is repaired at the next tick, which mails and counts it', async () => {
    const { month, mails, iam, profiles, invokerArn, deny, functions } = await stopped();
    const roleName = invokerArn.slice(invokerArn.lastIndexOf('/') + 1);
    await iam.send(new DetachRolePolicyCommand({ RoleName: roleName, PolicyArn: deny.switch }));
    expect(await guard.call(profiles.lite, invokerArn)).toBe('answered');

    // A minute later, as the schedule has it: the switch is looked at in every tick, the spend is not.
    month.now += 60_000;
    const { lines } = await functions.tick(month.now);
    expect(await guard.call(profiles.lite, invokerArn)).toBe('denied');
    expect((await mails()).map(({ to, subject }) => ({ to, subject }))).toEqual(
      [BUDGET_OWNER, OWNER].map((to) => ({ to, subject: '[meter] dev somebody changed the switch; repaired' })),
    );
    expect((await mails())[0]?.message).toContain(
      `The switch had been detached from role ${roleName}: it is attached again.`,
    );
    // What the alarm spend-guard-dev-findings watches, and which finding it is.
    expect(lines.at(-1)).toMatchObject({ Findings: 1, DriftRepairs: 1 });
  });

  test('a role, a user and a group from whom somebody took the switch have it again, whatever the state', async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const { deny } = month.environment;
    const iam = guard.aws.client(IAMClient);
    const before = await guard.holdersOf(deny.switch);
    await iam.send(new DetachRolePolicyCommand({ RoleName: HELD.role, PolicyArn: deny.switch }));
    await iam.send(new DetachUserPolicyCommand({ UserName: HELD.user, PolicyArn: deny.switch }));
    await iam.send(new DetachGroupPolicyCommand({ GroupName: HELD.group, PolicyArn: deny.switch }));
    expect(await month.tick(1)).toMatchObject({ enforced: 'open', switched: false, attached: 3 });
    expect(await guard.holdersOf(deny.switch)).toEqual(before);
  });

  test('a version that somebody edits lasts a tick: the right one is in effect again, and the text is gone', async () => {
    const { month, mails, iam, profiles, invokerArn, deny } = await stopped();
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [ALLOWED] });
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn: deny.switch, PolicyDocument, SetAsDefault: true }));
    expect(await guard.call(profiles.lite, invokerArn)).toBe('answered');

    expect(await month.tick(1)).toMatchObject({ enforced: 'stopped', switched: true });
    expect(await guard.call(profiles.lite, invokerArn)).toBe('denied');
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: deny.switch }));
    expect(Versions).toHaveLength(3);
    expect((await mails()).length).toBe(2);
  });

  test('a default that somebody flips, and a version that somebody deletes, are back after a tick', async () => {
    const { month, iam, deny } = await stopped();
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: deny.switch }));
    const stop = Versions.find(({ IsDefaultVersion }) => IsDefaultVersion)?.VersionId ?? '';
    const other = Versions.find(({ VersionId }) => VersionId !== stop)?.VersionId ?? '';
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: deny.switch, VersionId: other }));
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn: deny.switch, VersionId: stop }));
    expect(await guard.inEffect('dev')).not.toBe('stopped');

    expect(await month.tick(1)).toMatchObject({ enforced: 'stopped', switched: true });
    expect(await guard.inEffect('dev')).toBe('stopped');
  });
}
