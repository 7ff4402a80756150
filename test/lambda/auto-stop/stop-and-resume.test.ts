import { targetKey } from '../../../core/concurrency/target';
import { ASLEEP, AWAKE, managed } from '../../helpers/concurrency-world';
import { setUp, LIVE } from './harness';

describe('stop and resume', () => {
  test('trap 3: zero is a deleted configuration, its scaling suspended first, and all comes back exactly', async () => {
    const { world, run, outcome, record } = setUp();
    const limits = { min: 2, max: 9, suspended: { ...AWAKE, scheduled: true } };
    world.scaling.targets.set(targetKey(LIVE), limits);
    world.desire('stopped');
    expect(await outcome()).toMatchObject({ outcome: 'lowered', saved: 5, reason: 'the environment is stopped' });
    expect(await world.concurrency.config(LIVE)).toBeUndefined();
    expect(world.scaling.targets.get(targetKey(LIVE))).toEqual({ ...limits, suspended: ASLEEP });
    expect(record()).toMatchObject({
      status: 'lowered',
      loweredFor: 'stopped',
      savedAtMs: world.nowMs,
      saved: {
        value: 5,
        details: { functionVersion: '1', revisionId: 'revision-1', memoryMb: 1024, architecture: 'x86_64' },
        scaling: limits,
      },
    });
    expect(await outcome()).toMatchObject({ outcome: 'sleeping' });
    world.desire('open');
    world.concurrency.allocationsEnd = 'IN_PROGRESS';
    expect(await outcome()).toMatchObject({ outcome: 'restoring' });
    expect(world.scaling.targets.get(targetKey(LIVE))).toEqual(limits);
    expect(await outcome()).toMatchObject({ outcome: 'warming', saved: 5 });
    world.concurrency.finishAllocations();
    expect(await outcome()).toMatchObject({ outcome: 'restored', reason: 'READY with 5' });
    expect(await outcome()).toMatchObject({ outcome: 'awake' });
    expect(await run()).toMatchObject({ sleeping: 0, failed: 0 });
  });

  test('trap 24: what another template declares keeps 1, and the reason names the error', async () => {
    const { world, outcome } = setUp([managed({ declaredElsewhere: true })]);
    world.desire('stopped');
    await outcome();
    expect(world.concurrency.value(LIVE)).toBe(1);
    world.desire('open');
    await outcome();
    expect(world.concurrency.value(LIVE)).toBe(5);
    world.concurrency.set(LIVE, 1);
    await outcome();
    world.desire('stopped');
    const { outcome: kind, reason } = (await outcome())!;
    expect([kind, reason]).toEqual(['floor', expect.stringContaining('ProvisionedConcurrencyConfigNotFoundException')]);
  });

  test('unless its owner opts in to 0', async () => {
    const { world, outcome } = setUp([managed({ declaredElsewhere: true, allowZero: 'ours to break' })]);
    world.desire('stopped');
    await outcome();
    expect(world.concurrency.value(LIVE)).toBe(0);
  });

  test('degraded lowers nothing, and leaves lowered what a stop has lowered', async () => {
    const { world, outcome } = setUp();
    world.desire('degraded');
    expect(await outcome()).toMatchObject({ outcome: 'awake' });
    world.desire('stopped');
    await outcome();
    world.desire('degraded');
    expect(await outcome()).toMatchObject({ outcome: 'held' });
    expect(world.concurrency.value(LIVE)).toBe(0);
  });

  test('without a word of the meter it is open, and says so', async () => {
    expect(await setUp().run()).toMatchObject({
      desired: { kind: 'known', value: 'open' },
      note: expect.stringContaining('the meter has written nothing for 2026-11'),
    });
  });

  test('at the month’s turn a stop stands until the meter has come round', async () => {
    const { world, run } = setUp();
    world.desire('stopped');
    await run();
    world.nowMs = Date.parse('2026-12-01T00:00:01Z');
    expect(await run()).toMatchObject({ desired: { kind: 'unavailable' }, outcomes: [{ outcome: 'held' }] });
    expect(world.concurrency.value(LIVE)).toBe(0);
    world.desire('open');
    await run();
    expect(world.concurrency.value(LIVE)).toBe(5);
  });

  test('a state that cannot be read changes nothing', async () => {
    const { world, run } = setUp();
    world.state.desired = () => Promise.reject(new Error('no item of this version'));
    expect(await run()).toMatchObject({ desired: { kind: 'unavailable' }, outcomes: [{ outcome: 'held' }] });
    expect(world.concurrency.value(LIVE)).toBe(5);
  });
});
