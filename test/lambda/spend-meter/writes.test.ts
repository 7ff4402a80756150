import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { usd } from '../../../core/money';
import { HEARTBEAT_MS } from '../../../core/meter/pacing';
import { STALE_MS } from '../../../client/status';
import { SMALL, SpendMeterWorld } from '../../helpers/spend-meter-world';

/** Counts what is written, by minute. */
async function writes(world: SpendMeterWorld, minutes: number, each: (minute: number) => unknown = () => undefined) {
  const { state, status } = world;
  const found: { minute: number; states: number; status: number }[] = [];
  const [save, write] = [state.save.bind(state), status.write.bind(status)];
  let counts = { states: 0, status: 0 };
  state.save = async (...asked) => {
    counts.states++;
    return save(...asked);
  };
  status.write = async (...asked) => {
    counts.status++;
    return write(...asked);
  };
  for (let minute = 0; minute < minutes; minute++) {
    counts = { states: 0, status: 0 };
    await each(minute);
    await world.tick();
    world.now += MINUTE_MS;
    if (counts.states + counts.status > 0) found.push({ minute, ...counts });
  }
  state.save = save;
  status.write = write;
  return found;
}

const minutesOf = (found: Awaited<ReturnType<typeof writes>>) => found.map(({ minute }) => minute);

/** Read an hour ago, with calls that have been settled since: nothing goes on. */
async function quiet() {
  const world = new SpendMeterWorld('2026-11-10T12:00:00Z', { MOST_A_CALL: String(usd(2)) }, () => 0);
  await world.deploySwitch();
  world.spend(1, SMALL, world.now - 20 * MINUTE_MS);
  await world.run(2);
  return world;
}

const november = (world: SpendMeterWorld) => world.state.latest('2026-11' as never);

describe('what a tick writes', () => {
  test('where nothing is new: a word every four minutes, once', async () => {
    const world = await quiet();
    const found = await writes(world, 20);
    expect(found).toEqual([2, 6, 10, 14, 18].map((minute) => ({ minute, states: 1, status: 1 })));
    expect(HEARTBEAT_MS * 2).toBeLessThan(STALE_MS);
  });

  test('the word is the time of the tick, for the state and for callers', async () => {
    const world = await quiet();
    await world.run(3);
    const at = world.now - MINUTE_MS;
    expect(await november(world)).toMatchObject({ claimedUntil: 0, decision: { at, lastSeenAt: at } });
    expect(world.status.status).toMatchObject({ asOf: at, spentAtLeast: usd(1), desired: 'open' });
  });

  test('what a read has found, whatever it has', async () => {
    const world = await quiet();
    await world.tick({ command: 'evaluate' });
    expect((await november(world))?.reading?.at).toBe(world.now);
  });

  test('an order at once, and its end', async () => {
    const world = await quiet();
    expect(await writes(world, 1, () => world.override(50, 1))).toMatchObject([{ minute: 0 }]);
    expect(world.status.status?.limit).toBe(usd(50));
    expect(minutesOf(await writes(world, 3))).toEqual([]);
    world.now += HOUR_MS;
    await world.run(1);
    expect(world.status.status?.limit).toBe(usd(100));
  });

  test('a stop: before it acts and after, and while it stops batch jobs', async () => {
    const world = await quiet();
    const stop = { kind: 'stop', stop: { since: world.now, by: 'ops', reason: 'now' } } as const;
    const found = await writes(world, 3, (minute) => (minute === 0 ? world.state.give(stop) : undefined));
    expect(found).toEqual([0, 1, 2].map((minute) => ({ minute, states: 2, status: 1 })));
    expect(await world.denied()).toHaveLength(3);
  });

  test('a drift that it repairs', async () => {
    const world = await quiet();
    const other = (await world.switchVersions.list()).find(({ isDefault }) => !isDefault);
    await world.switchVersions.setDefault(other?.id ?? '');
    expect(await writes(world, 2)).toEqual([{ minute: 0, states: 2, status: 1 }]);
    expect(world.subjects()).toHaveLength(1);
    expect(await world.inEffect()).toBe('open');
  });

  test('a mail that did not go out is tried at each tick', async () => {
    const world = await quiet();
    world.spend(50);
    world.mail.failure = new ServiceError('unavailable', 'InternalError', 'no', 500);
    for (let at = 0; at < 17; at++) {
      await world.tick().catch(() => undefined);
      world.now += MINUTE_MS;
    }
    world.mail.failure = undefined;
    expect(await writes(world, 2)).toMatchObject([{ minute: 0, states: 2 }]);
    expect(world.subjects()).toContain('[meter] dev 50% of $100.00 reached');
  });

  test('a status that could not be written fails the tick, and the next one writes it', async () => {
    const world = await quiet();
    world.now += MINUTE_MS;
    world.status.failure = new ServiceError('unavailable', 'InternalServerError', 'no', 500);
    expect(await world.tick()).toMatchObject({ kind: 'done' });
    world.now += MINUTE_MS;
    await expect(world.tick()).rejects.toMatchObject({ code: 'TICK_INCOMPLETE' });
    world.now += MINUTE_MS;
    world.status.failure = undefined;
    expect(await writes(world, 3)).toEqual([{ minute: 0, states: 1, status: 1 }]);
  });

  test('of two that speak at once one does', async () => {
    const world = await quiet();
    world.now += 4 * MINUTE_MS;
    const { revision = 0 } = (await november(world)) ?? {};
    const results = await Promise.all([world.tick(), world.tick()]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['done', 'skipped']);
    expect((await november(world))?.revision).toBe(revision + 1);
  });

  test('the first look at a day is said', async () => {
    const world = await quiet();
    world.now = Date.parse('2026-11-11T00:00:00Z');
    expect(await writes(world, 1)).toHaveLength(1);
  });
});

describe('what is not written is not forgotten', () => {
  test('blind after 15 minutes without sight, to the minute', async () => {
    for (const silent of [0, 1, 2, 3]) {
      const world = await quiet();
      await world.run(2 + silent);
      world.usage.failures.set('us-east-1', 'throttled');
      const lastSight = world.now - MINUTE_MS;
      await world.run(14);
      expect((await november(world))?.decision.blindSince).toBeUndefined();
      await world.run(1);
      expect((await november(world))?.decision.blindSince).toBe(lastSight);
    }
  });

  test('where ticks were lost it has seen no longer than it may be silent', async () => {
    const world = await quiet();
    const { at = 0 } = (await november(world))?.decision ?? {};
    world.now += 30 * MINUTE_MS;
    world.usage.failures.set('us-east-1', 'throttled');
    await world.run(1);
    expect((await november(world))?.decision.blindSince).toBe(at + HEARTBEAT_MS);
  });
});
