import { HELD_ROLE_ARN } from '../support/callers';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';

/** In no config here, and called without a profile by a role that may call everything. */
const NOT_CONFIGURED = 'mistral.mistral-large-3-675b-instruct';

export function degrade(guard: LocalGuard): void {
  test('at 90% only the small models answer, whoever calls; just below, all do', async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const { profiles, invokerArn } = month.environment;
    const answers = async () => ({
      pro: await guard.call(profiles.pro, invokerArn),
      haiku: await guard.call(profiles.haiku, invokerArn),
      lite: await guard.call(profiles.lite, invokerArn),
      llama: await guard.call(profiles.llama, invokerArn),
      other: await guard.call(NOT_CONFIGURED, HELD_ROLE_ARN),
      small: await guard.call('amazon.nova-lite-v1:0', HELD_ROLE_ARN),
    });
    const all = { pro: 'answered', haiku: 'answered', lite: 'answered', llama: 'answered' };

    await month.spendDaily(8.99, 5);
    expect(await month.tick()).toMatchObject({ desired: 'open' });
    expect(await answers()).toEqual({ ...all, other: 'answered', small: 'answered' });

    await month.spendAt(0.05, month.now);
    expect(await month.tick()).toMatchObject({ from: 'open', desired: 'degraded' });
    expect(await answers()).toEqual({ ...all, pro: 'denied', haiku: 'denied', other: 'denied', small: 'answered' });
    expect(await guard.inEffect('dev')).toBe('degraded');
  });
}
