import type { EnvironmentConfig } from '../config';
import { environmentOutcome, type EnvironmentOutcome } from './outcome';
import { frameOf, stackOf, type SimulationOptions } from './simulate-month';
import type { GuardStack } from './template/guard-stack';
import { Timeline } from './timeline';
import { World } from './world/world';

/**
 * The same callers, days and seed with nothing deployed: no function runs, no budget looks, nothing is ever denied. What must
 * hold of a guard is not asked of it.
 * @throws GuardError TEMPLATE_UNSUPPORTED where an environment has no stack
 */
export async function simulateUnguarded(
  options: Omit<SimulationOptions, 'functions'>,
): Promise<readonly EnvironmentOutcome[]> {
  const { scenario, seed, stacks } = options;
  const month = frameOf(options);
  const timeline = new Timeline(month.startMs);
  const environments = options.environments.map((config) => ({ config, stack: bare(config, stacks) }));
  const world = new World({ environments, scenario, month, seed }, timeline);
  world.start();
  await timeline.runUntil(month.endMs);
  const places = [...world.places.values()];
  for (const { usage } of places) usage.advanceTo(month.endMs);
  return places.map((place) => environmentOutcome(place, world));
}

/** The account, and the role that calls the models. */
function bare(config: EnvironmentConfig, stacks: readonly GuardStack[]): GuardStack {
  return { ...stackOf(config, stacks), functions: [], schedules: [], budgets: [], policies: new Map() };
}
