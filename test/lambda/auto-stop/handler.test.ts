import { convergeMetrics } from '../../../core/concurrency/result';
import { restoreForDeploy } from '../../../core/concurrency/restore-for-deploy';
import { targetKey, type ManagedFunction } from '../../../core/concurrency/target';
import { ServiceError } from '../../../core/errors';
import { openSession } from '../../../core/concurrency/sessions';
import { makeHandler } from '../../../lambda/auto-stop/handler';
import { ASLEEP, AWAKE, ConcurrencyWorld, managed, target } from '../../helpers/concurrency-world';

const LIVE = target();

function setUp(functions: readonly ManagedFunction[] = [managed()], value: number | undefined = 5) {
  const world = new ConcurrencyWorld();
  world.concurrency.deploy(LIVE, value);
  const env = { ENVIRONMENT: 'dev', STATE_TABLE_NAME: 't', AWS_REGION: 'us-east-1', MANAGED_FUNCTIONS: [...functions] };
  const run = () => makeHandler(world.deps(), env)({ command: 'converge' });
  /** The outcome of one function's alias, or of the function as a whole. */
  const outcome = async (functionName = 'models', qualifier?: string) =>
    (await run()).outcomes.find(
      (one) => one.functionName === functionName && (!qualifier || one.qualifier === qualifier),
    );
  return { world, env, run, outcome, record: () => world.state.items.get(targetKey(LIVE)) };
}

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
      const env = { ENVIRONMENT: 'dev', STATE_TABLE_NAME: 't', AWS_REGION: 'us-east-1', MANAGED_FUNCTIONS: idle };
      const outcomes: string[] = [];
      for (let run = 0; run < 3; run += 1) {
        outcomes.push((await makeHandler(world.deps(), env)({ source: 'schedule' })).outcomes[0]!.outcome);
        world.later(15);
      }
      expect(outcomes).toEqual(['awake', 'awake', 'lowered']);
    }
  });
});

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
    expect(convergeMetrics(await run())).toContainEqual({
      metric: { name: 'ConcurrencyFailures', unit: 'Count', sent: 'rarely' },
      value: 1,
    });
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
