import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { spendGuard } from '../support/cli';
import type { Deployed, LocalGuard } from '../support/local-guard';
import { spendAt, tickAt } from '../support/month';
import { BUDGET_OWNER, CONFIG, OWNER } from '../support/tiers';

/**
 * By the machine's own clock, which the CLI goes by: $49 of $50 are spent by now, within a stop line that nobody would forget.
 * What comes later is told by the clock in the event.
 */
export function resume(guard: LocalGuard): void {
  let environment: Deployed;
  const began = Date.now();
  const answered = async () => guard.call(environment.profiles.pro, environment.invokerArn);
  const resumeBy = (...args: readonly string[]) =>
    spendGuard(guard.aws, CONFIG, 'resume', '--env', 'resumed', '--reason', 'a load test', ...args);

  beforeAll(async () => {
    environment = guard.of('resumed');
    await tickAt(environment, began - 20 * MINUTE_MS);
    await spendAt(guard, environment, 49, began - 10 * MINUTE_MS, 1_000);
    expect(await tickAt(environment, began)).toMatchObject({ desired: 'stopped' });
    expect(await answered()).toBe('denied');
  });

  test('above the stop line it takes an end and a limit', async () => {
    const { exitCode, output } = await resumeBy();
    expect(output).toMatch(/--until: must be given.*--limit: must be given/s);
    expect(exitCode).not.toBe(0);
    expect(await answered()).toBe('denied');
  });

  test('with both, the caller is answered when the command returns, and everybody was mailed who gave it, and why', async () => {
    const mails = await guard.mailsFrom('resumed');
    // The meter reads at most once in 40 s; the order itself needs no read.
    const { exitCode, output } = await resumeBy('--until', '1h', '--limit', '60');
    expect(output).toMatch(/resumed is now open/);
    expect(exitCode).toBe(0);
    expect(await answered()).toBe('answered');
    const told = (await mails()).filter(({ subject }) => subject.startsWith('[meter] resumed override until'));
    expect(told.map(({ to }) => to).sort()).toEqual([BUDGET_OWNER, OWNER]);
    expect(told[0]?.message).toMatch(/: a load test\n.*up to \$60\.00/s);
  });

  test('the override has a stop line of its own', async () => {
    const now = Date.now() + 16 * MINUTE_MS;
    await spendAt(guard, environment, 8.5, now - 10 * MINUTE_MS, 1_000);
    expect(await tickAt(environment, now)).toMatchObject({ desired: 'stopped', cause: expect.stringMatching(/./) });
    expect(await answered()).toBe('denied');
  });

  test('a larger one lets go again, until it expires: then the configured lines hold, without anybody doing anything', async () => {
    const { exitCode } = await resumeBy('--until', '2h', '--limit', '100');
    expect(exitCode).toBe(0);
    const given = Date.now();
    const mails = await guard.mailsFrom('resumed');
    expect(await tickAt(environment, given + 2 * HOUR_MS - MINUTE_MS)).toMatchObject({ desired: 'open' });
    expect(await answered()).toBe('answered');
    expect(await tickAt(environment, given + 2 * HOUR_MS + MINUTE_MS)).toMatchObject({ desired: 'stopped' });
    expect(await answered()).toBe('denied');
    const ended = (await mails()).filter(({ subject }) => subject.includes('override ended, now stopped'));
    expect(ended.map(({ to }) => to).sort()).toEqual([BUDGET_OWNER, OWNER]);
    expect(given - began).toBeLessThan(DAY_MS);
  });
}
