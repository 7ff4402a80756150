import { HOUR_MS, MINUTE_MS } from '../core/calendar';
import { ASSUMED } from '../config';
import { ASSUMED_TICK_SECONDS } from '../core/estimates';
import { ACTIVITY_ALARM, mostACall } from '../core/meter';
import { usd } from '../core/money';
import { picoUsdPerToken } from '../core/prices';
import { seededRandom } from '../simulator';
import { CANARY, SMALL, SpendMeterWorld, VARIABLES } from '../test/helpers/spend-meter-world';
import type { Result } from './measure';

/** The environment of the bench: the shipped lines on $100, a model of $1 and $4 a million tokens, 300K of context. */
const LIMIT = 100;
const LINES = JSON.stringify({
  limit: usd(LIMIT),
  thresholds: [
    ...[50, 75, 80].map((atPercent) => ({ atPercent, effect: 'notify', basis: 'actual' })),
    { atPercent: 90, effect: 'degrade', basis: 'actual' },
    { atPercent: 95, effect: 'stop', basis: 'actual' },
  ],
  stopAtPercent: 95,
  dailyLimit: usd(20),
  hourlyBrake: usd(10),
});
const MOST_A_CALL = String(
  mostACall([
    {
      price: {
        input: picoUsdPerToken(1),
        output: picoUsdPerToken(4),
        cacheRead: 'unsupported',
        cacheWrite: 'unsupported',
      },
      contextTokens: 300_000,
      longestAnswerTokens: 10_000,
    },
  ]),
);
const START = Date.parse('2026-11-10T02:00:00Z');
/** Normal use: calls at all hours that spend the limit evenly, this much each. */
const USUAL_CALL_USD = 0.005;
const SEEDS = 20;
const GOAL_SECONDS = 90;
const MONTH_HOURS = 744;
const PER_SERIES_USD = 0.00001;

interface Pacing {
  readonly mostACall: string;
  readonly looksAgain: boolean;
  /** An alarm tells of the first call, and the gate is not asked before. */
  readonly told: boolean;
}
const BOUNDED: Pacing = { mostACall: MOST_A_CALL, looksAgain: true, told: true };
/** As shipped but for the alarm. */
const ASKING: Pacing = { ...BOUNDED, told: false };
/** What no bound of a call was known for: each minute while there is activity, and once a minute. */
const EACH_MINUTE: Pacing = { mostACall: 'unknown', looksAgain: false, told: false };
const ALARM = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:spend-guard-dev-activity';
/** From a change of the alarm to the function: nobody documents it, the shared facts say seconds. */
const EVENT_MS = 3_000;

interface Call {
  readonly at: number;
  readonly dollars: number;
}

/** An environment whose metrics show a minute once it is over and the delay has passed: nobody says that CloudWatch shows it earlier. */
class Environment {
  readonly world: SpendMeterWorld;
  /** Series asked for, the gate's included. */
  gates = 0;
  deniedAt: number | undefined;
  private next = 0;

  constructor(
    private readonly calls: readonly Call[],
    private readonly delayMs: number,
    private readonly pace: Pacing,
    /** Of the ticks within a minute. */
    private readonly offsetMs = 0,
    /** Of the alarm's evaluation within a minute, after the tick. */
    private readonly judgedMs = 30_000,
  ) {
    this.world = new SpendMeterWorld(new Date(START).toISOString(), {
      LINES,
      MOST_A_CALL: pace.mostACall,
      ACTIVITY_ALARM: pace.told ? ALARM : '',
      TIMING: timing(delayMs),
    });
  }

  get asked(): number {
    return this.world.usage.asked + this.gates;
  }

  /** Ticks as the schedule does, with a second look where the meter asks for one. */
  async run(until: number): Promise<void> {
    const { world } = this;
    await world.deploySwitch();
    world.alarms.put(ALARM, ACTIVITY_ALARM);
    const activity = world.usage.activity.bind(world.usage);
    world.usage.activity = (...asked) => {
      this.gates++;
      return activity(...asked);
    };
    for (let tick = START + this.offsetMs; tick < until && this.deniedAt === undefined; tick += MINUTE_MS) {
      const again = await this.look(tick);
      const event = this.pace.told ? this.judge(tick + this.judgedMs) : undefined;
      const looks = [
        ...(again === undefined ? [] : [{ at: tick + again, event: { source: 'schedule', again: true } }]),
        ...(event === undefined ? [] : [{ at: tick + this.judgedMs + EVENT_MS, event }]),
      ].sort((a, b) => a.at - b.at);
      for (const { at, event: told } of looks) if (this.deniedAt === undefined) await this.look(at, told);
    }
  }

  /** What CloudWatch shows then changes the alarm: its event, where there is one. */
  private judge(now: number): object | undefined {
    const { world } = this;
    const from = now - ACTIVITY_ALARM.evaluationPeriods * MINUTE_MS;
    const isShown = ({ at }: Call) => minuteAfter(at) + this.delayMs <= now;
    const isActive = this.calls.some((call) => call.at >= from && isShown(call));
    const isChange = world.alarms.evaluated(ALARM, isActive ? 'ALARM' : 'OK', now);
    return isActive && isChange
      ? {
          source: 'aws.cloudwatch',
          'detail-type': 'CloudWatch Alarm State Change',
          resources: [ALARM],
          detail: { state: { value: 'ALARM' } },
        }
      : undefined;
  }

  private async look(now: number, event: object = { source: 'schedule' }): Promise<number | undefined> {
    const { world } = this;
    this.show(now);
    world.now = now;
    const result = await world.tick(event);
    if ((await world.inEffect()) === 'stopped') this.deniedAt = now + ASSUMED_TICK_SECONDS * 1000;
    return result.kind === 'done' && this.pace.looksAgain ? result.lookAgainInMs : undefined;
  }

  private show(now: number): void {
    for (let call = this.calls[this.next]; call !== undefined; call = this.calls[++this.next]) {
      if (minuteAfter(call.at) + this.delayMs > now) return;
      this.world.spend(call.dollars, call.dollars === 0 ? CANARY : SMALL, call.at);
    }
  }
}

function minuteAfter(at: number): number {
  return (Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS;
}

function timing(delayMs: number): string {
  const { tickMinutes, enforcementMinutes, longestGenerationMinutes } = ASSUMED;
  const own = { metricDelayMinutes: delayMs / MINUTE_MS, tickMinutes, enforcementMinutes, longestGenerationMinutes };
  return JSON.stringify({ ...(JSON.parse(VARIABLES.TIMING) as object), ...own });
}

/** The canary's call each hour, which costs next to nothing. */
function canary(hours: number, offset: number): readonly Call[] {
  return Array.from({ length: hours }, (_, hour) => ({ at: START + hour * HOUR_MS + offset, dollars: 0 }));
}

function steady(
  from: number,
  to: number,
  dollarsAMinute: number,
  dollarsACall: number,
  random: () => number,
): readonly Call[] {
  const every = (dollarsACall / dollarsAMinute) * MINUTE_MS;
  const calls: Call[] = [];
  for (let at = from + random() * every; at < to; at += every * (0.5 + random()))
    calls.push({ at, dollars: dollarsACall });
  return calls;
}

const EVEN_A_MINUTE = LIMIT / (MONTH_HOURS * 60);

const SCENARIOS = {
  'a runaway from idle': (random: () => number) => {
    const from = START + (35 + 40 * random()) * MINUTE_MS;
    return [...canary(3, random() * HOUR_MS), ...runaway(from, random)];
  },
  'a runaway from normal use': (random: () => number) => {
    const from = START + (35 + 40 * random()) * MINUTE_MS;
    const usual = steady(START, from, EVEN_A_MINUTE, USUAL_CALL_USD, random);
    return [...canary(3, random() * HOUR_MS), ...usual, ...runaway(from, random)];
  },
  // The days before have spent most of it: the stop line comes before the limits of the day and the hour.
  'a slow overrun': (random: () => number) => [
    { at: START - 30 * HOUR_MS, dollars: 93 },
    ...canary(3, random() * HOUR_MS),
    ...steady(START, START + 3 * HOUR_MS, 0.03 + 0.04 * random(), 0.02, random),
  ],
} as const;

/** One to five dollars a minute, in calls of a few cents. */
function runaway(from: number, random: () => number): readonly Call[] {
  return steady(from, from + 30 * MINUTE_MS, 1 + 4 * random(), 0.02 + 0.08 * random(), random);
}

/** When the first line that stops is really crossed: of the hour, the day or the month. */
function crossedAt(calls: readonly Call[]): number {
  const dayStart = Math.floor(START / (24 * HOUR_MS)) * 24 * HOUR_MS;
  let [month, day, hour, first] = [0, 0, 0, 0];
  for (const { at, dollars } of calls) {
    month += dollars;
    if (at >= dayStart) day += dollars;
    hour += dollars;
    for (let old = calls[first]; old !== undefined && old.at <= at - HOUR_MS; old = calls[++first]) hour -= old.dollars;
    if (month >= 95 || day >= 20 || (at >= dayStart && hour >= 10)) return at;
  }
  return Number.POSITIVE_INFINITY;
}

interface Reactions {
  /** Seconds from the call that crosses a line to the deny, ascending; below zero where a stop has looked ahead. */
  readonly seconds: readonly number[];
}

async function reactions(name: keyof typeof SCENARIOS, delayMs: number, pace: Pacing): Promise<Reactions> {
  const seconds: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seededRandom(seed, 'reaction', name);
    const calls = [...SCENARIOS[name](random)].sort((a, b) => a.at - b.at);
    const [offset, judged] = [Math.floor(random() * MINUTE_MS), Math.floor(random() * MINUTE_MS)];
    const environment = new Environment(calls, delayMs, pace, offset, judged);
    const crossed = crossedAt(calls);
    await environment.run(START + 4 * HOUR_MS);
    seconds.push(((environment.deniedAt ?? Number.POSITIVE_INFINITY) - crossed) / 1000);
  }
  return { seconds: seconds.sort((a, b) => a - b) };
}

/** A month's GetMetricData, from half a day in which nothing is stopped. */
async function cost(usual: boolean, pace: Pacing): Promise<{ readonly reads: number; readonly dollars: number }> {
  const random = seededRandom(1, 'reaction', 'cost');
  const hours = 12;
  const used = usual ? steady(START, START + hours * HOUR_MS, EVEN_A_MINUTE, USUAL_CALL_USD, random) : [];
  const calls = [...canary(hours, 17 * MINUTE_MS), ...used].sort((a, b) => a.at - b.at);
  const environment = new Environment(calls, 2 * MINUTE_MS, pace);
  await environment.run(START + hours * HOUR_MS);
  const { asked, gates } = environment;
  return { reads: (asked - gates) / hours, dollars: (asked * MONTH_HOURS * PER_SERIES_USD) / hours };
}

/** By the real handler on a virtual clock, at several delays of the metrics; with the bound of a call, and as it was without it. */
export async function benchReaction(): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const delaySeconds of [60, 120, 300]) {
    for (const name of Object.keys(SCENARIOS) as (keyof typeof SCENARIOS)[]) {
      const { seconds } = await reactions(name, delaySeconds * 1000, BOUNDED);
      const before = await reactions(name, delaySeconds * 1000, EACH_MINUTE);
      const asking = await reactions(name, delaySeconds * 1000, ASKING);
      results.push({
        what: `modelled: used → denied at a metric delay of ${delaySeconds} s, ${name}: p95`,
        unit: 'minutes',
        value: percentile(seconds, 95) / 60,
        goal: (delaySeconds + GOAL_SECONDS) / 60,
        baseline: `reading each minute while there is activity, once a minute: ${figures(before.seconds)}; asking each minute, not told: ${figures(asking.seconds)}`,
        raw: `${figures(seconds)}, ${SEEDS} seeds; an answer that runs shows when it ends, up to ${ASSUMED.longestGenerationMinutes} minutes more that no meter sees`,
      });
    }
  }
  for (const [what, usual] of [
    ['nobody but the canary calls', false],
    [`calls of $${USUAL_CALL_USD} spend the limit evenly`, true],
  ] as const) {
    const now = await cost(usual, BOUNDED);
    const before = await cost(usual, EACH_MINUTE);
    const asking = await cost(usual, ASKING);
    results.push({
      what: `GetMetricData of a month with 2 models where ${what}`,
      unit: 'dollars',
      value: now.dollars,
      goal: usual ? 2 : 1,
      baseline: `reading each minute while there is activity: $${before.dollars.toFixed(2)}; asking each minute, not told: $${asking.dollars.toFixed(2)}`,
      raw: `${now.reads.toFixed(0)} series an hour in full reads, before ${before.reads.toFixed(0)}; and one a look`,
    });
  }
  return results;
}

function figures(seconds: readonly number[]): string {
  const of = (percent: number) => `${percentile(seconds, percent).toFixed(0)} s`;
  return `p50 ${of(50)}, p95 ${of(95)}, worst ${of(100)}`;
}

function percentile(ascending: readonly number[], percent: number): number {
  return ascending[Math.max(0, Math.ceil((ascending.length * percent) / 100) - 1)] ?? Number.NaN;
}
