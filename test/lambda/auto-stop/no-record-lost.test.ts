import { targetKey } from '../../../core/concurrency/target';
import { ServiceError } from '../../../core/errors';
import { makeHandler } from '../../../lambda/auto-stop/handler';
import { managed, target } from '../../helpers/concurrency-world';
import { setUp, LIVE } from './harness';

describe('reported, never fatal, never a lost record', () => {
  const both = [managed(), managed({ functionName: 'other' })];
  const OTHER = target('other', 'live');

  test('no permission on one of several: it is named, the rest goes on', async () => {
    const { world, run } = setUp(both);
    world.concurrency.deploy(OTHER, 3);
    world.desire('stopped');
    const list = world.concurrency.list.bind(world.concurrency);
    world.concurrency.list = (name) =>
      name === 'models'
        ? Promise.reject(new ServiceError('accessDenied', 'AccessDeniedException', 'not you'))
        : list(name);
    expect(await run()).toMatchObject({
      failed: 1,
      outcomes: [
        { functionName: 'models', outcome: 'failed', reason: expect.stringContaining('AccessDeniedException') },
        { functionName: 'other', outcome: 'lowered' },
      ],
    });
  });

  test('throttling in mid-run: the rest is left to the next run', async () => {
    const { world, run } = setUp(both);
    world.concurrency.deploy(OTHER, 3);
    world.desire('stopped');
    const remove = world.concurrency.remove.bind(world.concurrency);
    world.concurrency.remove = () =>
      Promise.reject(new ServiceError('throttled', 'TooManyRequestsException', 'slowly'));
    expect(await run()).toMatchObject({ failed: 0, outcomes: [{ outcome: 'deferred' }, { outcome: 'deferred' }] });
    world.concurrency.remove = remove;
    world.later(15);
    expect(await run()).toMatchObject({ outcomes: [{ outcome: 'lowered' }, { outcome: 'lowered' }] });
  });

  test('a run that was held up past its claim acts no more', async () => {
    const { world, outcome } = setUp();
    world.desire('stopped');
    const config = world.concurrency.config.bind(world.concurrency);
    world.concurrency.config = async (one) => {
      world.later(3);
      return config(one);
    };
    expect(await outcome()).toMatchObject({ outcome: 'busy' });
    expect(world.concurrency.value(LIVE)).toBe(5);
    world.concurrency.config = config;
    expect(await outcome()).toMatchObject({ outcome: 'lowered', saved: 5 });
  });

  test('while another run holds the claim, nothing is done; once it is dead, the next goes on', async () => {
    const { world, outcome, record } = setUp();
    world.desire('stopped');
    world.concurrency.remove = () => Promise.reject(new ServiceError('timedOut', 'TimeoutError', 'no answer'));
    expect(await outcome()).toMatchObject({ outcome: 'failed' });
    expect(record()).toMatchObject({ status: 'lowering', claimedUntilMs: world.nowMs + 150_000 });
    world.nowMs += 149_999;
    expect(await outcome()).toMatchObject({ outcome: 'busy', saved: 5 });
    world.nowMs += 1;
    expect(await outcome()).toMatchObject({ outcome: 'failed', saved: 5 });
  });

  test('an empty list', async () => {
    expect(await setUp([]).run()).toMatchObject({ outcomes: [], failed: 0, savedPerHour: { kind: 'known', value: 0 } });
  });

  test.each([
    [true, 'absent'],
    [false, 'missing'],
  ])('a function that does not exist, optional %p: %s', async (optional, expected) => {
    const { outcome } = setUp([managed({ functionName: 'nowhere', optional })]);
    expect(await outcome('nowhere')).toMatchObject({ outcome: expected });
  });

  test('a function or alias that vanished keeps its record, without an end once it is back', async () => {
    const { world, outcome, record } = setUp();
    world.desire('stopped');
    await outcome();
    const functions = new Map(world.concurrency.functions);
    world.concurrency.functions.clear();
    expect(await outcome()).toMatchObject({ outcome: 'gone', saved: 5 });
    expect(record()).toMatchObject({
      status: 'lowered',
      goneAtMs: world.nowMs,
      expiresAtMs: world.nowMs + 90 * 86_400_000,
    });
    functions.forEach((value, key) => world.concurrency.functions.set(key, value));
    expect(await outcome()).toMatchObject({ outcome: 'sleeping' });
    expect(record()?.expiresAtMs).toBeUndefined();

    world.concurrency.functions.get('models')!.delete('live');
    world.desire('open');
    expect(await outcome()).toMatchObject({ outcome: 'gone', saved: 5 });
    world.desire('stopped');
    expect(await outcome()).toMatchObject({ outcome: 'gone', saved: 5 });
    world.concurrency.deploy(LIVE, undefined, { functionVersion: '2' });
    world.desire('open');
    expect(await outcome()).toMatchObject({ outcome: 'restoring', reason: expect.stringContaining('version 2 now') });
    expect(world.concurrency.value(LIVE)).toBe(5);
    expect(record()?.expiresAtMs).toBeUndefined();
  });

  test('an alias that the configuration names and that was deleted is named', async () => {
    const { outcome } = setUp([managed({ qualifiers: ['live', 'old'] })]);
    expect(await outcome('models', 'old')).toMatchObject({ outcome: 'missing' });
  });

  test('an alias with routing weights waits, lowering as well as restoring', async () => {
    const { world, outcome } = setUp();
    world.concurrency.deploy(LIVE, 5, { weighted: true });
    world.desire('stopped');
    expect(await outcome()).toMatchObject({ outcome: 'waiting', reason: expect.stringContaining('weight') });
    world.concurrency.deploy(LIVE, 5);
    await outcome();
    world.concurrency.deploy(LIVE, undefined, { weighted: true });
    world.desire('open');
    expect(await outcome()).toMatchObject({ outcome: 'waiting', saved: 5 });
    world.concurrency.deploy(LIVE, undefined);
    expect(await outcome()).toMatchObject({ outcome: 'restoring' });
  });

  test('changed while it slept: the newer choice stands; while still stopped it is saved and lowered', async () => {
    const { world, outcome, record } = setUp();
    world.desire('stopped');
    await outcome();
    world.concurrency.set(LIVE, 8);
    expect(await outcome()).toMatchObject({
      outcome: 'lowered',
      saved: 8,
      reason: expect.stringContaining('set it to 8'),
    });
    world.concurrency.set(LIVE, 3);
    world.desire('open');
    expect(await outcome()).toMatchObject({ outcome: 'superseded' });
    expect(world.concurrency.value(LIVE)).toBe(3);
    expect(record()).toMatchObject({ status: 'closed', closedAs: 'superseded', saved: { value: 8 } });
  });

  test('an allocation that ends FAILED is tried again in each run, with Lambda’s reason', async () => {
    const { world, outcome, record, run } = setUp();
    world.desire('stopped');
    await outcome();
    world.desire('open');
    world.concurrency.allocationsEnd = 'FAILED';
    await outcome();
    for (const runs of [1, 2, 3]) {
      const failed = await outcome();
      expect(failed).toMatchObject({ outcome: 'failed', saved: 5, reason: expect.stringContaining('INIT_FAILURE') });
      expect(record()?.problem?.runs).toBe(runs);
    }
    await run();
    expect(world.metrics.latest('ConcurrencyFailures')).toBe(1);
    world.concurrency.allocationsEnd = 'READY';
    await outcome();
    expect(await outcome()).toMatchObject({ outcome: 'restored' });
    expect(record()?.problem).toBeUndefined();
  });

  test('one that is no longer in the configuration is restored', async () => {
    const { world, env, outcome } = setUp();
    world.desire('stopped');
    await outcome();
    const { outcomes } = await makeHandler(world.deps(), { ...env, MANAGED_FUNCTIONS: [] })({ command: 'converge' });
    expect(outcomes).toMatchObject([
      { outcome: 'restoring', reason: expect.stringContaining('no longer in the config') },
    ]);
  });

  test('scaling limits that cannot be read are not saved, so nothing is lowered', async () => {
    const { world, outcome } = setUp();
    world.desire('stopped');
    world.scaling.limits = () => Promise.reject(new ServiceError('accessDenied', 'AccessDeniedException', 'no'));
    expect(await outcome()).toMatchObject({ outcome: 'failed' });
    expect(world.concurrency.value(LIVE)).toBe(5);
  });

  test('a record that cannot be read is not taken for absent', async () => {
    const { world, run } = setUp();
    world.desire('stopped');
    world.state.unreadable.push(targetKey(LIVE));
    expect(await run()).toMatchObject({ failed: 1, outcomes: [{ outcome: 'failed', qualifier: 'live' }] });
    expect(world.concurrency.value(LIVE)).toBe(5);
  });

  test('without the records the run fails as a whole, and Lambda tries again', async () => {
    const { world, run } = setUp();
    world.state.records = () => Promise.reject(new ServiceError('unavailable', 'InternalServerError', 'later'));
    await expect(run()).rejects.toMatchObject({ refusal: 'unavailable' });
  });
});
