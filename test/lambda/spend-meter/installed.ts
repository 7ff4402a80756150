import { MINUTE_MS } from '../../../core/calendar';
import { SpendMeterWorld } from '../../helpers/spend-meter-world';

/** Minutes after which whatever is new is listed: an id that nobody has configured is not known before. */
export const LISTED = 20;
export const EVERYBODY = ['group people', 'role app', 'user bot'];

/** Installed, looked once at an empty month, and past the first read. */
export async function installed(start = '2026-11-10T12:00:00Z', overrides = {}): Promise<SpendMeterWorld> {
  const world = new SpendMeterWorld(start, overrides);
  world.usage.recordCall('us-east-1', world.now);
  await world.deploySwitch();
  await world.run(1);
  return world;
}

/** Spent hours ago, as far as the meter can tell: no rate of now. The ticks in between were lost. */
export function spentEarlier(world: SpendMeterWorld, dollars: number): void {
  world.spend(dollars);
  world.now += 3 * 60 * MINUTE_MS;
}

export const lastState = async (world: SpendMeterWorld) => (await world.state.latest('2026-11' as never))!;
