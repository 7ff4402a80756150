import { monthStart, nextMonth, utcMonth } from '../../../core/calendar';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';

export function turn(guard: LocalGuard): void {
  test("stopped until the month's last minute; in the next one's first everybody is let go, and its spend counts from zero", async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const { profiles, invokerArn } = month.environment;
    const call = () => guard.call(profiles.lite, invokerArn);
    await month.spendDaily(9.5, 5);
    expect(await month.tick()).toMatchObject({ desired: 'stopped' });

    const turns = monthStart(nextMonth(utcMonth(month.now)));
    expect(await month.tickAt(turns - 1_000)).toMatchObject({ desired: 'stopped', monthToDateNanoUsd: 47_500_000_000 });
    expect(await call()).toBe('denied');

    const mails = await guard.mailsFrom('dev');
    expect(await month.tickAt(turns + 60_000)).toMatchObject({
      month: utcMonth(turns),
      from: 'stopped',
      desired: 'open',
      monthToDateNanoUsd: 0,
    });
    expect(await call()).toBe('answered');
    expect(await guard.inEffect('dev')).toBe('open');
    expect((await mails()).map(({ subject }) => subject)).toEqual(Array(2).fill(expect.stringContaining('open')));
  });
}
