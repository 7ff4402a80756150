import type { EnvironmentConfig } from '../config';
import { DAY_MS, monthStart, nextMonth, type UtcMonth } from '../core/calendar';
import { GuardError } from '../core/errors';
import { noticesOf } from '../core/notice';
import { deliver } from './delivery';
import { functions } from './functions';
import type { Deploy, Handler } from './functions/site';
import { CREATED, SWITCH, switchDeploy } from './functions/switch';
import { violations } from './invariants';
import { environmentOutcome, type EnvironmentOutcome } from './outcome';
import { seededRandom } from './random';
import type { MonthFrame, Scenario } from './scenarios/scenario';
import type { FunctionSpec, GuardStack } from './template/guard-stack';
import { fireTimes } from './template/schedule-expression';
import { Timeline } from './timeline';
import type { Journal, RunCounts } from './world/journal';
import { World, type Place } from './world/world';

export interface SimulationOptions {
  readonly environments: readonly EnvironmentConfig[];
  /** One for each environment, in any order. */
  readonly stacks: readonly GuardStack[];
  readonly scenario: Scenario;
  readonly month: UtcMonth;
  readonly seed: number;
  /** @default - all that the simulator knows */
  readonly functions?: Readonly<Record<string, Deploy>>;
}

export interface MonthResult {
  readonly scenario: Scenario;
  readonly month: UtcMonth;
  readonly environments: readonly EnvironmentOutcome[];
  readonly journal: Journal;
  /** What must never happen and did, and what the scenario is there to show and did not, in words; empty when all is well. */
  readonly violations: readonly string[];
}

/**
 * Plays one month: real handlers with the templates' schedules and variables, on a virtual clock. The same options give
 * the same result.
 * @throws GuardError TEMPLATE_UNSUPPORTED where a template cannot be played at all
 */
export async function simulateMonth(options: SimulationOptions): Promise<MonthResult> {
  const { scenario, seed } = options;
  const month = frameOf(options);
  const timeline = new Timeline(month.startMs);
  const environments = options.environments.map((config) => ({ config, stack: stackOf(config, options.stacks) }));
  const world = new World({ environments, scenario, month, seed }, timeline);
  const registry =
    scenario.metered === true ? (options.functions ?? functions) : withoutMeter(options.functions ?? functions);
  world.start();
  for (const place of world.places.values()) await deploy(place, world, registry);
  await timeline.runUntil(month.endMs);
  for (const { usage } of world.places.values()) usage.advanceTo(month.endMs);
  const outcomes = [...world.places.values()].map((place) => environmentOutcome(place, world));
  return {
    scenario,
    month: options.month,
    environments: outcomes,
    journal: world.journal,
    violations: [...violations(world, Object.keys(registry)), ...outcomes.flatMap((one) => unmet(scenario, one))],
  };
}

/** The days that are played of the month. */
export function frameOf({ month, scenario: { days } }: Pick<SimulationOptions, 'month' | 'scenario'>): MonthFrame {
  const startMs = monthStart(month);
  return { startMs, endMs: days === undefined ? monthStart(nextMonth(month)) : startMs + days * DAY_MS };
}

function unmet(scenario: Scenario, outcome: EnvironmentOutcome): readonly string[] {
  return (scenario.unmet?.(outcome) ?? []).map((text) => `${outcome.environment.name}: ${text}`);
}

/** @throws GuardError TEMPLATE_UNSUPPORTED where there is none */
export function stackOf({ name }: EnvironmentConfig, stacks: readonly GuardStack[]): GuardStack {
  const stack = stacks.find(({ environment }) => environment === name);
  if (stack) return stack;
  const found = stacks.map(({ environment }) => environment).join(', ');
  throw new GuardError(
    'TEMPLATE_UNSUPPORTED',
    `no synthesized stack carries the tag of environment '${name}'; found: ${found}`,
  );
}

/** Readies the switch as CloudFormation would, and puts every schedule on the timeline, with the function that it runs. */
async function deploy(place: Place, world: World, registry: Readonly<Record<string, Deploy>>): Promise<void> {
  const { stack } = place;
  if (place.switch !== undefined) await peerOf(place, world, SWITCH)(CREATED);
  const { startMs, endMs } = world.settings.month;
  // Several schedules may run one function, which then has one memory.
  const deployed = new Map<string, ReturnType<typeof invoker>>();
  for (const schedule of stack.schedules) {
    const spec = stack.functions.find(({ arn }) => arn === schedule.functionArn);
    const feature = spec?.feature;
    const connect = feature === undefined ? undefined : registry[feature];
    if (feature === METER && !scenarioIsMetered(world)) continue;
    if (!spec || feature === undefined || !connect) {
      const target = feature ?? schedule.functionArn;
      const text = `schedule ${schedule.logicalId} of ${stack.environment} runs '${target}', which the simulator does not know`;
      throw new GuardError('TEMPLATE_UNSUPPORTED', text);
    }
    const invoke = deployed.get(spec.arn) ?? invoker(place, world, spec, feature, connect);
    deployed.set(spec.arn, invoke);
    const random = seededRandom(world.settings.seed, 'scheduler', stack.environment, schedule.logicalId);
    const counts: RunCounts = world.journal.counts(stack.environment, feature);
    deliver(schedule, {
      timeline: world.timeline,
      times: fireTimes(schedule.expression, startMs, endMs),
      invoke,
      retries: spec.retries,
      counts,
      random,
      onError: (error) => world.journal.fail(stack.environment, feature, error),
    });
  }
  tellOf(place, world, deployed);
}

/** Runs a function with each event of the activity alarm, where it is there; what fails is Lambda's to retry, and it does not. */
function tellOf(place: Place, world: World, deployed: ReadonlyMap<string, ReturnType<typeof invoker>>): void {
  const { activityAlarm, environment } = place.stack;
  const invoke = activityAlarm && deployed.get(activityAlarm.functionArn);
  if (!invoke) return;
  const counts = world.journal.counts(environment, METER);
  world.startActivityAlarm(place, activityAlarm.arn, async (event) => {
    counts.invoked++;
    try {
      await invoke(event);
    } catch (error) {
      counts.failed++;
      world.journal.fail(environment, METER, error);
    }
  });
}

const METER = 'spend-meter';

/** A function that no schedule runs. */
function peerOf(place: Place, world: World, feature: string): Handler {
  const spec = place.stack.functions.find((one) => one.feature === feature);
  if (spec === undefined || feature !== SWITCH) {
    throw new GuardError(
      'TEMPLATE_UNSUPPORTED',
      `${place.stack.environment} has no function '${feature}' that the simulator knows`,
    );
  }
  return invoker(place, world, spec, feature, switchDeploy);
}

function withoutMeter(registry: Readonly<Record<string, Deploy>>): Readonly<Record<string, Deploy>> {
  const { [METER]: _, ...others } = registry;
  return others;
}

function scenarioIsMetered({ settings }: World): boolean {
  return settings.scenario.metered === true;
}

/** One function as deployed: its handler is made once, as Lambda keeps a warm one. */
function invoker(place: Place, world: World, spec: FunctionSpec, feature: string, connect: Deploy) {
  const { name: environment } = place.config;
  let running = world.timeline.now;
  const handler = connect({
    spec,
    place,
    world,
    now: () => world.timeline.now,
    peer: (other) => peerOf(place, world, other),
    mail: (topicArn, sent) =>
      world.journal.mails.push({
        atMs: world.timeline.now,
        environment,
        feature,
        scheduledMs: running,
        subject: sent.subject,
        body: sent.body,
        notices: noticesOf(sent),
        recipients: world.recipients(environment, { emails: [], topicArns: [topicArn] }),
      }),
  });
  return (event: unknown, scheduledMs: number = world.timeline.now) => {
    running = scheduledMs;
    return handler(event);
  };
}
