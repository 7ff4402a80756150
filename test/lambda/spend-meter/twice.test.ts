import { MINUTE_MS } from '../../../core/calendar';
import { SMALL, SpendMeterWorld } from '../../helpers/spend-meter-world';
import type { TickResult } from '../../../lambda/spend-meter/handler';
import { twice } from '../../../lambda/spend-meter/twice';

const DONE = { kind: 'done', desired: 'open', reason: 'r', didRead: true } as const;
const AGAIN: TickResult = { ...DONE, lookAgainInMs: 30_000 };
const SCHEDULED = { source: 'schedule', scheduledAt: '2026-11-10T12:00:00Z' };

/** What a run of looks does that take so long and answer so, in turn. */
async function run(event: unknown, looks: readonly { readonly result: TickResult; readonly takesMs?: number }[]) {
  let now = 1_000;
  const seen: unknown[] = [];
  const slept: number[] = [];
  const rest = [...looks];
  const handler = twice(
    async (asked) => {
      seen.push(asked);
      const next = rest.shift();
      now += next?.takesMs ?? 0;
      return next?.result ?? DONE;
    },
    { now: () => now, sleep: async (ms) => void slept.push(ms) },
  );
  return { result: await handler(event), seen, slept };
}

describe('the run of a tick', () => {
  test('looks again half a minute after it began, and answers what that has found', async () => {
    const stopped: TickResult = { ...DONE, desired: 'stopped' };
    const { result, seen, slept } = await run(SCHEDULED, [{ result: AGAIN, takesMs: 2_000 }, { result: stopped }]);
    expect(slept).toEqual([28_000]);
    expect(seen).toEqual([SCHEDULED, { ...SCHEDULED, again: true }]);
    expect(result).toBe(stopped);
  });

  test('no third time', async () => {
    expect((await run(SCHEDULED, [{ result: AGAIN }, { result: AGAIN }])).seen).toHaveLength(2);
  });

  test.each<[string, unknown, TickResult, number]>([
    ['where nothing asks for it', SCHEDULED, DONE, 0],
    ['where another tick acts', SCHEDULED, { kind: 'skipped', why: 'busy' }, 0],
    ['where the first took too long', SCHEDULED, AGAIN, 10_001],
    ['where the machine went back in time', SCHEDULED, AGAIN, -1],
    ['where the clock stands still', { ...SCHEDULED, now: '2026-11-10T12:00:00Z' }, AGAIN, 0],
  ])('only once %s', async (_name, event, result, takesMs) => {
    expect(await run(event, [{ result, takesMs }])).toEqual({ result, seen: [event], slept: [] });
  });

  test('10 seconds leave time', async () => {
    expect((await run(SCHEDULED, [{ result: AGAIN, takesMs: 10_000 }])).slept).toEqual([20_000]);
  });
});

describe('a look of the meter', () => {
  const BRAKE = 20;
  async function burning() {
    const world = new SpendMeterWorld('2026-11-10T12:00:00Z', {}, () => 0);
    world.variables = {
      ...world.variables,
      LINES: JSON.stringify({ ...(JSON.parse(world.variables.LINES) as object), hourlyBrakePercent: BRAKE }),
    };
    await world.run(3);
    world.spend(8);
    return world;
  }
  const look = (world: SpendMeterWorld, again: boolean) => world.tick({ source: 'schedule', again });
  const asks = (result: TickResult) => result.kind === 'done' && result.lookAgainInMs !== undefined;

  test('asks for a second one while calls burn towards a line; the second asks for none, and stops', async () => {
    const world = await burning();
    expect(asks(await look(world, false))).toBe(true);
    world.now += MINUTE_MS / 2;
    world.spend(20, SMALL);
    const second = await look(world, true);
    expect(second).toMatchObject({ kind: 'done', desired: 'stopped', didRead: true });
    expect(asks(second)).toBe(false);
  });

  test('where nothing burns, or all are denied, none is asked for', async () => {
    const world = await burning();
    world.spend(20);
    expect(asks(await look(world, false))).toBe(false);
    const quiet = new SpendMeterWorld('2026-11-10T12:00:00Z', {}, () => 0);
    expect(asks(await look(quiet, false))).toBe(false);
  });

  test('a person who asks for one gets one', async () => {
    const world = await burning();
    expect(asks(await world.tick({ command: 'evaluate' }))).toBe(false);
  });

  test('the tick after a second look reads, half a minute later', async () => {
    const world = await burning();
    await look(world, false);
    world.now += MINUTE_MS / 2;
    world.spend(1);
    await look(world, true);
    world.now += MINUTE_MS / 2;
    world.spend(1);
    expect(await look(world, false)).toMatchObject({ didRead: true });
  });

  test('a second look that dies holds the next tick up no longer than its run can live', async () => {
    const world = await burning();
    await look(world, false);
    world.now += MINUTE_MS / 2;
    world.spend(20);
    const { state } = world;
    const save = state.save.bind(state);
    let saves = 0;
    state.save = async (...asked) => {
      if (++saves === 2) throw new Error('the process is gone');
      return save(...asked);
    };
    await expect(look(world, true)).rejects.toThrow('gone');
    state.save = save;
    world.now += 24_999;
    expect(await look(world, false)).toEqual({ kind: 'skipped', why: 'busy' });
    world.now += 1;
    expect(await look(world, false)).toMatchObject({ kind: 'done' });
  });
});
