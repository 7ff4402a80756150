import { HELD_ROLE_ARN, keyOf } from '../support/callers';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';
import { HELD } from '../support/tiers';

export function principals(guard: LocalGuard): void {
  test('a role, a user and the members of a group that the config names are stopped with the invoker role, and let go with it', async () => {
    const user = await keyOf(guard.aws, HELD.user);
    const member = await keyOf(guard.aws, HELD.member);
    const month = await VirtualMonth.begin(guard, 'dev');
    const { profiles, invokerArn, deny } = month.environment;
    const callers = { invoker: invokerArn, role: HELD_ROLE_ARN, user, member };
    const answers = async () =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(callers).map(async ([who, by]) => [who, await guard.call(profiles.lite, by)] as const),
        ),
      );
    const all = (answer: string) => Object.fromEntries(Object.keys(callers).map((who) => [who, answer]));
    expect(await answers()).toEqual(all('answered'));

    await month.spendDaily(9.5, 5);
    expect(await month.tick()).toMatchObject({ desired: 'stopped' });
    expect(await answers()).toEqual(all('denied'));
    expect(await guard.inEffect('dev')).toBe('stopped');
    expect(await guard.holdersOf(deny.switch)).toEqual([
      `group ${HELD.group}`,
      expect.stringMatching(/^role SpendGuard-dev-InvokerRole/),
      `role ${HELD.role}`,
      `user ${HELD.user}`,
    ]);

    await VirtualMonth.begin(guard, 'dev');
    expect(await answers()).toEqual(all('answered'));
    expect(await guard.inEffect('dev')).toBe('open');
  });
}
