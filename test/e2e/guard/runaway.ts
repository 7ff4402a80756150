import { MINUTE_MS } from '../../../core/calendar';
import type { Deployed, LocalGuard } from '../support/local-guard';
import { tickAt } from '../support/month';

/** Nova Pro at $0.80 and $3.20 a million: $0.216 a call, of a context of 300K. What no call can cost no gate reckons with. */
const DEAR = { inputTokens: 250_000, outputTokens: 5_000 };

/** By the machine's own clock: the calls are real ones, and their metrics have no other time. */
export function runaway(guard: LocalGuard): void {
  let dev: Deployed;
  let staging: Deployed;
  beforeAll(async () => {
    [dev, staging] = [guard.of('dev'), guard.of('staging')];
    // Trap 46: nobody has used these models before, and it takes ListMetrics a quarter of an hour to show that somebody does.
    await guard.aws.control.setMetrics({ listDelaySeconds: 900 });
    // Nothing had been used ten minutes ago, when both were first looked at.
    for (const one of [dev, staging]) await tickAt(one, Date.now() - 10 * MINUTE_MS);
    await guard.aws.control.usage({ [dev.profiles.pro]: DEAR, [staging.profiles.pro]: DEAR });
  });

  afterAll(() => guard.aws.control.setMetrics({ listDelaySeconds: 0 }));

  test('trap 46: 25 calls for $5.40 within an hour stop dev, whose brake is at $5; staging, which used as much of its $10, goes on', async () => {
    for (let call = 0; call < 25; call++) {
      expect(await guard.call(dev.profiles.pro, dev.invokerArn)).toBe('answered');
      expect(await guard.call(staging.profiles.pro, staging.invokerArn)).toBe('answered');
    }

    expect(await tickAt(dev, Date.now())).toMatchObject({
      from: 'open',
      desired: 'stopped',
      enforced: 'stopped',
      monthToDateNanoUsd: 5_400_000_000,
    });
    expect(await tickAt(staging, Date.now())).toMatchObject({ desired: 'open', monthToDateNanoUsd: 5_400_000_000 });
  });

  test("the caller's next call in dev is denied, whatever the model; staging's caller is answered", async () => {
    expect(await guard.call(dev.profiles.pro, dev.invokerArn)).toBe('denied');
    expect(await guard.call(dev.profiles.lite, dev.invokerArn)).toBe('denied');
    expect(await guard.call(staging.profiles.pro, staging.invokerArn)).toBe('answered');
  });

  test('the stop was made by the meter of dev under its own role, and by nobody else', async () => {
    const switched = (await guard.aws.control.uses()).filter(({ action }) => action === 'iam:SetDefaultPolicyVersion');
    expect(switched.length).toBeGreaterThan(0);
    for (const { principal } of switched) expect(principal).toMatch(/:assumed-role\/SpendGuard-dev-SpendMeter/);
    expect(await guard.inEffect('staging')).toBe('open');
  });

  test("no environment's role can use the other's profile", async () => {
    expect(await guard.call(dev.profiles.pro, staging.invokerArn)).toBe('denied');
  });
}
