import { makeHandler } from '../../../lambda/auto-stop/handler';
import { setUp, LIVE } from './harness';

describe('an event is a hint', () => {
  test.each([
    [{}],
    [null],
    ['converge'],
    [{ command: 'lower' }],
    [{ source: 'aws.budgets' }],
    [{ source: 'schedule', command: 'converge' }],
  ])('%p is refused', async (event) => {
    const { world, env } = setUp();
    await expect(makeHandler(world.deps(), env)(event)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  });

  test('trap 27: what an event names is not lowered for it', async () => {
    const { world, env } = setUp();
    const forged = { command: 'converge', desired: 'stopped', functions: ['models'], source: undefined };
    await makeHandler(world.deps(), env)(forged);
    expect(world.concurrency.value(LIVE)).toBe(5);
  });
});
