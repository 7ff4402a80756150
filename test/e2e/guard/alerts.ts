import type { Mail } from '../../../local/control';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';
import { BUDGET_OWNER, OWNER } from '../support/tiers';

export function alerts(guard: LocalGuard): void {
  const each = (mails: readonly Mail[]) =>
    mails.map(({ to, subject, message }) => ({ to, subject, first: message.split('\n')[0] }));

  test('each threshold mails owner and budget owner once, with what is spent, however often the meter ticks', async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const mails = await guard.mailsFrom('dev');
    const told = async () => {
      await month.tick();
      await month.tick();
      return each(await mails());
    };
    const mailed = (subject: string, first: string) => [BUDGET_OWNER, OWNER].map((to) => ({ to, subject, first }));

    await month.spendDaily(4.99, 5);
    expect(await told()).toEqual([]);

    const half = mailed('[meter] dev 50% of $50.00 reached', 'The meter estimates $25.00 this month, 50.0% of $50.00.');
    await month.spendAt(0.05, month.now);
    expect(sorted(await told())).toEqual(sorted(half));

    // Both of 75% and the owner's own 80% are passed between two reads: one mail says so.
    const most = mailed('[meter] dev 80% of $50.00 reached', 'The meter estimates $41.00 this month, 82.0% of $50.00.');
    await month.spendDaily(8, 2);
    expect(sorted(await told())).toEqual(sorted([...half, ...most]));
    const [mail] = (await mails()).filter(({ subject }) => subject.includes('80%'));
    expect(mail?.message).toContain('Reached: 80% ($40.00), notify.');
    expect(mail?.message).toContain('Reached in the same read: 75% ($37.50), notify.');
  });

  test('a topic each: nothing of it was mailed for staging', async () => {
    const mails = await guard.mailsFrom('staging');
    const month = await VirtualMonth.begin(guard, 'dev');
    await month.spendDaily(9, 3);
    await month.tick();
    expect(await mails()).toEqual([]);
  });

  test('the daily report comes once to each of them, although its schedule delivers twice', async () => {
    const mails = await guard.mailsFrom('dev');
    const scheduledAt = new Date().toISOString();
    for (const _ of ['first', 'again']) {
      const { error, result } = await guard
        .of('dev')
        .functions.invoke('cost-check', { source: 'schedule', scheduledAt });
      expect({ error, result }).toMatchObject({ error: undefined });
    }
    const reports = await mails();
    expect(reports.map(({ to }) => to).sort()).toEqual([BUDGET_OWNER, OWNER]);
  });
}

function sorted<T extends { to: string; subject: string }>(mails: readonly T[]): readonly T[] {
  return [...mails].sort((a, b) => `${a.subject}${a.to}`.localeCompare(`${b.subject}${b.to}`));
}
