import { restoreForDeploy } from '../../../core/concurrency/restore-for-deploy';
import { managed } from '../../helpers/concurrency-world';
import { setUp, LIVE } from './harness';

describe('restore --for-deploy', () => {
  const settings = { environment: 'dev', region: 'us-east-1', functions: [managed()] };

  test('gives everything back even while stopped, lowers nothing until the deadline, then lowers again', async () => {
    const { world, outcome } = setUp();
    world.desire('stopped');
    await outcome();
    const hold = { untilMs: world.nowMs + 30 * 60_000, by: 'ana' };
    expect(await restoreForDeploy(world.deps(), settings, hold)).toMatchObject({ allRestored: false });
    expect(await restoreForDeploy(world.deps(), settings, hold)).toMatchObject({ allRestored: true, result: { hold } });
    expect(world.concurrency.value(LIVE)).toBe(5);
    world.later(29);
    expect(await outcome()).toMatchObject({ outcome: 'awake' });
    world.later(1);
    expect(await outcome()).toMatchObject({ outcome: 'lowered' });
  });

  test.each([[0], [8 * 60 + 1]])('a deadline %i minutes away is refused', async (minutes) => {
    const { world } = setUp();
    const hold = { untilMs: world.nowMs + minutes * 60_000, by: 'ana' };
    await expect(restoreForDeploy(world.deps(), settings, hold)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    expect(world.state.holdItem).toBeUndefined();
  });
});
