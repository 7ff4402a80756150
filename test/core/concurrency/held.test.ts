import { converge } from '../../../core/concurrency/converge';
import { ConcurrencyWorld, managed, target } from '../../helpers/concurrency-world';

const settings = { environment: 'dev', region: 'us-east-1', functions: [managed({ idleMinutes: 30 })] };

describe('while everything is held open for a deploy', () => {
  const world = () => {
    const made = new ConcurrencyWorld();
    made.concurrency.deploy(target(), 5);
    return Object.assign(made, { asked: jest.spyOn(made.traffic, 'invocations') });
  };

  test('nobody asks CloudWatch who is idle: nothing would be lowered for it, and the teardown may not ask', async () => {
    const one = world();
    one.state.holdItem = { untilMs: one.nowMs + 60_000, by: 'ana' };
    expect(await converge(one.deps(), settings)).toMatchObject({ failed: 0, outcomes: [{ outcome: 'awake' }] });
    expect(one.asked).not.toHaveBeenCalled();
  });

  test('from the end of the hold on it is asked again', async () => {
    const one = world();
    one.state.holdItem = { untilMs: one.nowMs, by: 'ana' };
    await converge(one.deps(), settings);
    expect(one.asked).toHaveBeenCalledTimes(1);
  });
});
