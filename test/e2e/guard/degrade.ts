import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';

export function degrade(guard: LocalGuard): void {
  test('at 90% the large models are denied and the small ones answer; just below, all answer', async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const { profiles, invokerArn, deny } = month.environment;
    const answers = async () => ({
      pro: await guard.call(profiles.pro, invokerArn),
      lite: await guard.call(profiles.lite, invokerArn),
    });

    await month.spendDaily(8.99, 5);
    expect(await month.tick()).toMatchObject({ desired: 'open' });
    expect(await answers()).toEqual({ pro: 'answered', lite: 'answered' });

    await month.spendAt(0.05, month.now);
    expect(await month.tick()).toMatchObject({ from: 'open', desired: 'degraded' });
    expect(await answers()).toEqual({ pro: 'denied', lite: 'answered' });
    expect(await guard.holdersOf(deny.meter)).toEqual([]);
  });
}
