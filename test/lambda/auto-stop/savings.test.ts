import { makeHandler } from '../../../lambda/auto-stop/handler';
import { setUp, LIVE } from './harness';

describe('what it saves', () => {
  test.each([
    ['x86_64', 75_000_600],
    ['arm64', 60_001_200],
  ] as const)('5 GB on %s in us-east-1: %i nano-dollars an hour', async (architecture, nano) => {
    const { world, run } = setUp();
    world.concurrency.deploy(LIVE, 5, { architecture });
    world.desire('stopped');
    expect(await run()).toMatchObject({ sleeping: 1, savedPerHour: { kind: 'known', value: nano } });
    expect(world.metrics.latest('SleepingFunctions')).toBe(1);
    expect(world.metrics.latest('ConcurrencySavedUsdPerHour')).toBeCloseTo(nano / 1e9);
  });

  test('a Region whose price is not known: unknown, not 0', async () => {
    const { world, env } = setUp();
    world.desire('stopped');
    const result = await makeHandler(world.deps(), { ...env, AWS_REGION: 'sa-east-1' })({ command: 'converge' });
    expect(result.savedPerHour.kind).toBe('unavailable');
    expect(world.metrics.latest('ConcurrencySavedUsdPerHour')).toBeUndefined();
  });
});
