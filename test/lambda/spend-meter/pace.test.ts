import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { usd } from '../../../core/money';
import { LARGE, SMALL, SpendMeterWorld } from '../../helpers/spend-meter-world';

/** Its lines are at $50, $75, $90 and $95, none by the day or the hour before $100. */
const START = '2026-11-10T12:00:00Z';
const KNOWN = { MOST_A_CALL: String(usd(2)) };

/** In which of so many minutes the meter reads; `each` comes before the tick of its minute. */
async function reads(
  world: SpendMeterWorld,
  minutes: number,
  each: (minute: number) => void | Promise<void> = () => undefined,
): Promise<readonly number[]> {
  const found: number[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    await each(minute);
    const before = world.usage.asked;
    await world.tick();
    if (world.usage.asked > before) found.push(minute);
    world.now += MINUTE_MS;
  }
  return found;
}

/** A world that has been read once, with a call that the gate has shown. */
async function installed(variables: ConstructorParameters<typeof SpendMeterWorld>[1] = KNOWN) {
  const world = new SpendMeterWorld(START, variables, () => 0);
  world.spend(1, SMALL, world.now - 20 * MINUTE_MS);
  await world.run(1);
  return world;
}

describe('how often the month is read', () => {
  test('where nobody calls: each hour while the gate is known to see, and then each quarter of one', async () => {
    const world = await installed();
    expect(await reads(world, 150)).toEqual([59, 74, 89, 104, 119, 134, 149]);
  });

  test('a call that can have cost little is read within 16 minutes, once', async () => {
    const world = await installed();
    expect(await reads(world, 70, (minute) => (minute === 20 ? world.spend(1) : undefined))).toEqual([36]);
  });

  test('calls that could reach a line are read at once, and each minute until all their tokens must have shown', async () => {
    const world = await installed();
    const calls = (minute: number) => {
      if (minute === 20) for (let at = 0; at < 9; at++) world.spend(0.1);
    };
    // Of a rate that a stop looks ahead by, a third of the $99 to the limit: $33, and the first line is $49 away.
    expect(await reads(world, 60, calls)).toEqual([36]);
    const more = (minute: number) => {
      if (minute === 0) for (let at = 0; at < 17; at++) world.spend(0.1);
    };
    const busy = await reads(world, 30, more);
    expect(busy.slice(0, 3)).toEqual([0, 1, 2]);
    // The minute of the calls, delay, longest answer and two minutes; and the read that settles them.
    expect(busy).toEqual(Array.from({ length: 1 + 2 + 5 + 2 + 1 }, (_, minute) => minute));
  });

  test('as before where the most of a call is not known', async () => {
    const world = await installed({});
    expect(await reads(world, 5, () => world.spend(0))).toEqual([0, 1, 2, 3, 4]);
  });

  test('as before while a model counts that it was not reckoned from', async () => {
    const world = await installed();
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/byhand000001';
    world.profiles.add({ id: 'byhand000001', arn, modelIds: ['amazon.nova-lite-v1:0'] }, 'dev');
    world.spend(1, 'byhand000001');
    const minutes = await reads(world, 30, () => world.spend(0));
    expect(minutes.slice(-5)).toEqual([25, 26, 27, 28, 29]);
  });

  test('as before for a day after a read that has shown more than the calls can have cost', async () => {
    const world = await installed();
    world.spend(5);
    expect(await reads(world, 18)).toContain(16);
    const state = await world.state.latest('2026-11' as never);
    expect(state?.gate.outspentAt).toBe(world.now - 2 * MINUTE_MS);
    expect(await reads(world, 3, () => world.spend(0))).toEqual([0, 1, 2]);
    world.now += 24 * HOUR_MS;
    await reads(world, 2);
    expect(await reads(world, 3, () => world.spend(0))).toEqual([]);
  });

  test('at once when the gate fails, and as before once it sees again', async () => {
    const world = await installed();
    world.usage.failures.set('us-east-1', 'incomplete');
    expect(await reads(world, 3)).toEqual([0, 1, 2]);
    world.usage.failures.clear();
    const after = await reads(world, 30);
    expect(after).toEqual([0]);
  });

  test('a read without the gate settles nothing: the next reads too', async () => {
    const world = await installed();
    const { usage } = world;
    const activity = usage.activity.bind(usage);
    usage.activity = async () => {
      throw new ServiceError('throttled', 'ThrottlingException', 'Rate exceeded', 400);
    };
    expect(await reads(world, 2)).toEqual([0, 1]);
    usage.activity = activity;
    expect((await world.state.latest('2026-11' as never))?.gate.settled).toBeUndefined();
    world.spend(0, SMALL, world.now - MINUTE_MS);
    expect(await reads(world, 3)).toEqual([0]);
  });

  test('lost ticks lose no call: the gate looks back to what was settled', async () => {
    const world = await installed();
    for (let at = 0; at < 20; at++) world.spend(0.1);
    world.now += 100 * MINUTE_MS;
    expect(await reads(world, 1)).toEqual([0]);
    expect((await world.state.latest('2026-11' as never))?.reading?.known?.monthToDate).toBeGreaterThan(usd(1));
  });

  test('under an override a line that it has let pass is as near as can be', async () => {
    const world = await installed({ ...KNOWN, LINES: lines({ hourlyBrakePercent: 20 }) });
    for (let at = 0; at < 11; at++) world.spend(2, LARGE);
    await world.run(20);
    expect(await world.denied()).toHaveLength(3);
    await world.override(200, 5);
    await world.run(2);
    expect(await reads(world, 3, () => world.spend(0))).toEqual([0, 1, 2]);
  });
});

describe('a rate after a silence', () => {
  test('is told from the first call on, not from the read before the silence', async () => {
    const world = await installed();
    await world.run(12);
    const used = world.now;
    for (let at = 0; at < 20; at++) world.spend(1, SMALL, used);
    world.now += 2 * MINUTE_MS;
    expect(await reads(world, 1)).toEqual([0]);
    expect((await world.state.latest('2026-11' as never))?.reading?.known?.burnPerMinute).toBe(usd(10));
  });
});

function lines(over: Record<string, unknown>): string {
  const { LINES } = new SpendMeterWorld(START).variables;
  return JSON.stringify({ ...(JSON.parse(LINES) as object), ...over });
}
