import { openSession } from '../../../core/concurrency/sessions';
import { makeHandler } from '../../../lambda/auto-stop/handler';
import { ConcurrencyWorld, managed } from '../../helpers/concurrency-world';
import { setUp, LIVE } from './harness';

describe('idle', () => {
  const idle = [managed({ idleMinutes: 30 })];

  test.each([
    [29, 'awake'],
    [30, 'lowered'],
    [31, 'lowered'],
  ])('%i minutes after its concurrency was set, without a call: %s', async (minutes, expected) => {
    const { world, outcome } = setUp(idle);
    world.later(minutes);
    expect(await outcome()).toMatchObject({ outcome: expected });
  });

  test.each([
    [29, 'awake'],
    [30, 'awake'],
    [31, 'lowered'],
  ])('%i minutes after the last call: %s', async (minutes, expected) => {
    const { world, outcome } = setUp(idle);
    world.later(60);
    world.traffic.calls.push({ functionName: 'models', atMs: world.nowMs });
    world.later(minutes);
    expect(await outcome()).toMatchObject({ outcome: expected });
  });

  test('it is opt-in', async () => {
    const { world, outcome } = setUp();
    world.later(6000);
    expect(await outcome()).toMatchObject({ outcome: 'awake' });
  });

  test('unknown traffic lowers nothing, and wakes nothing that sleeps', async () => {
    const { world, outcome } = setUp(idle);
    world.later(60);
    world.traffic.unavailable.set('models', 'CloudWatch answers PartialData');
    expect(await outcome()).toMatchObject({ outcome: 'awake', reason: expect.stringContaining('PartialData') });
    world.traffic.unavailable.clear();
    expect(await outcome()).toMatchObject({ outcome: 'lowered' });
    world.traffic.unavailable.set('models', 'CloudWatch answers PartialData');
    expect(await outcome()).toMatchObject({ outcome: 'held' });
  });

  test('an open session keeps it awake, and wakes it; one that cannot be read lowers nothing', async () => {
    const { world, outcome } = setUp(idle);
    world.later(60);
    await openSession(world.sessions, { id: 'a', untilMs: world.nowMs + 60_000, by: 'ana' }, world.nowMs);
    expect(await outcome()).toMatchObject({ outcome: 'awake', reason: expect.stringContaining('ana') });
    world.later(2);
    expect(await outcome()).toMatchObject({ outcome: 'lowered' });
    await openSession(world.sessions, { id: 'b', untilMs: world.nowMs + 60_000, by: 'ana' }, world.nowMs);
    expect(await outcome()).toMatchObject({ outcome: 'restoring' });
    world.sessions.list = () => Promise.reject(new Error('no permission'));
    await outcome();
    world.later(120);
    expect(await outcome()).toMatchObject({ outcome: 'awake' });
  });

  test('idle, then stopped, then open: sleeps on while idle, wakes at a call', async () => {
    const { world, outcome, record } = setUp(idle);
    world.later(60);
    await outcome();
    expect(record()?.loweredFor).toBe('idle');
    world.desire('stopped');
    expect(await outcome()).toMatchObject({ outcome: 'sleeping' });
    expect(record()?.loweredFor).toBe('stopped');
    world.traffic.calls.push({ functionName: 'models', atMs: world.nowMs });
    world.later(1);
    expect(await outcome()).toMatchObject({ outcome: 'sleeping' });
    world.later(60);
    world.desire('open');
    expect(await outcome()).toMatchObject({ outcome: 'sleeping' });
    expect(record()?.loweredFor).toBe('idle');
    world.traffic.calls.push({ functionName: 'models', atMs: world.nowMs });
    world.later(1);
    expect(await outcome()).toMatchObject({ outcome: 'restoring' });
  });

  test('the hour that daylight saving skips or repeats changes nothing: time is UTC milliseconds', async () => {
    for (const start of ['2026-03-08T06:45:00Z', '2026-11-01T05:45:00Z']) {
      const world = new ConcurrencyWorld();
      world.nowMs = Date.parse(start);
      world.concurrency.deploy(LIVE, 5);
      const env = { ...setUp().env, MANAGED_FUNCTIONS: idle };
      const outcomes: string[] = [];
      for (let run = 0; run < 3; run += 1) {
        outcomes.push((await makeHandler(world.deps(), env)({ source: 'schedule' })).outcomes[0]!.outcome);
        world.later(15);
      }
      expect(outcomes).toEqual(['awake', 'awake', 'lowered']);
    }
  });
});
