import { MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { CANARY } from '../../helpers/spend-meter-world';
import { EVERYBODY, installed, lastState, spentEarlier } from './installed';

describe('unknown is not zero', () => {
  test.each(['incomplete', 'throttled', 'down', 'accessDenied'] as const)(
    'trap 21: CloudWatch %s keeps the last value, pages as blind after 15 minutes, and stops nobody',
    async (failure) => {
      const world = await installed();
      spentEarlier(world, 60);
      await world.run(6);
      world.usage.failures.set('us-east-1', failure);
      await world.run(13);
      expect(world.subjects().filter((subject) => subject.includes('blind'))).toEqual([]);
      await world.run(5);
      expect(world.subjects().filter((subject) => subject.includes('blind'))).toHaveLength(1);
      const state = await lastState(world);
      expect(state.desired).toBe('open');
      expect(state.decision.lastKnown?.monthToDate).toBe(usd(60));
      world.usage.failures.clear();
      await world.run(3);
      expect(world.subjects()).toContain('[meter] dev the meter sees again');
    },
  );

  test('onBlind stop: blind denies everybody, and seeing again lets them go', async () => {
    const world = await installed('2026-11-10T12:00:00Z', { ON_BLIND: 'stop' });
    world.usage.failures.set('us-east-1', 'down');
    await world.run(18);
    expect(await world.denied()).toEqual(EVERYBODY);
    world.usage.failures.clear();
    await world.run(3);
    expect(await world.denied()).toEqual([]);
  });

  test('profiles that cannot be listed make the reading unknown: nothing is resolved by guesswork', async () => {
    const world = await installed();
    world.profiles.failure = new ServiceError('accessDenied', 'AccessDeniedException', 'no', 403);
    world.now += 20 * MINUTE_MS;
    world.spend(99);
    await world.run(2);
    const state = await lastState(world);
    expect(state.reading?.unknown).toBe('AccessDeniedException from AWS');
    expect(state.desired).toBe('open');
  });

  test('a canary that does not show up within 15 minutes is blind; one that does is not', async () => {
    const world = await installed();
    const keep = () =>
      world.state.keepCanary({
        atMs: world.now,
        profileId: CANARY,
        profileArn: `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${CANARY}`,
        modelId: 'amazon.nova-lite-v1:0',
        inputTokens: 7,
        outputTokens: 1,
      });
    const show = (metric: string, value: number) =>
      world.usage.record(
        { namespace: 'AWS/Bedrock', region: 'us-east-1', metric, dimensions: { ModelId: CANARY } },
        world.now,
        value,
      );
    keep();
    show('InputTokenCount', 7);
    show('OutputTokenCount', 1);
    await world.run(40);
    expect(world.subjects().filter((subject) => subject.includes('blind'))).toEqual([]);
    expect((await lastState(world)).reading?.known?.monthToDate).toBe(0);
    world.now = Math.ceil(world.now / 3_600_000) * 3_600_000;
    keep();
    show('InputTokenCount', 6);
    await world.run(31);
    expect(world.subjects()).toContain('[meter] dev the meter is blind');
    expect((await lastState(world)).desired).toBe('open');
  });
});
