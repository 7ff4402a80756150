import { ASSUMED } from '../../../config/meter';
import { DAY_MS, MINUTE_MS } from '../../../core/calendar';
import type { SeriesId } from '../../../core/meter/types';
import { usd } from '../../../core/money';
import { overshoot, reactionMinutes } from '../../../core/estimates/overshoot';
import { CANARY, SMALL, SpendMeterWorld, VARIABLES } from '../../helpers/spend-meter-world';

/** Half of $190: far enough from the limit that no projection stops before the line does. */
const LINE = 95;
const LINES = JSON.stringify({
  limit: usd(190),
  thresholds: [{ atPercent: 50, effect: 'stop', basis: 'actual' }],
  stopAtPercent: 50,
  dailyLimitPercent: 100,
  hourlyBrakePercent: 100,
});
/** A runaway is made of calls this far apart. */
const CALL_MS = 10_000;
const DELAY_MS = ASSUMED.metricDelayMinutes * MINUTE_MS;
/** What the guard promises: from the call that crosses the line to the deny of everybody. */
const PROMISED_MINUTES = ASSUMED.metricDelayMinutes + 2 * ASSUMED.tickMinutes;

const NEVER = Number.POSITIVE_INFINITY;
const HISTORIES = ['first use ever', 'first use ever, without a gate', 'first use in a month'] as const;

interface Case {
  readonly listedAfter: number;
  readonly burn: number;
  readonly history: (typeof HISTORIES)[number];
  /** Which series the money shows in. */
  readonly way: 'input' | 'cache write' | 'flex';
  /** Of pacing: what the config knows of the quotas. */
  readonly rate: 'known' | 'unknown';
  /** Of the first call within a minute, in ms. */
  readonly offset: number;
}

const series = (metric: string, tier?: string): SeriesId => ({
  namespace: 'AWS/Bedrock',
  region: 'us-east-1',
  metric,
  dimensions: { ModelId: SMALL, ...(tier && { ServiceTier: tier, ResolvedServiceTier: tier }) },
});

/** One call of so many dollars, as it shows once the delay of the metrics is over. */
function show(
  world: SpendMeterWorld,
  { way, history }: Pick<Case, 'way' | 'history'>,
  dollars: number,
  at: number,
): void {
  const tokens = Math.round(dollars * 1_000_000);
  const tier = way === 'flex' ? 'flex' : undefined;
  if (way === 'cache write') {
    world.usage.record(series('CacheWriteInputTokens'), at, tokens - 4);
    world.usage.record(series('InputTokenCount'), at, 4);
  } else world.usage.record(series('InputTokenCount', tier), at, tokens);
  if (history !== 'first use ever, without a gate') world.usage.recordCall('us-east-1', at);
}

/** Minutes from the call that crosses the line until everybody is denied, by the real handler. */
async function reaction(one: Case): Promise<number> {
  const { listedAfter, burn, history, rate, offset } = one;
  const variables = { LINES, WORST_CASE_RATE: rate === 'unknown' ? rate : String(usd(burn)), TIMING: timing() };
  const world = new SpendMeterWorld('2026-10-05T09:00:00Z', variables, () => listedAfter * MINUTE_MS);
  if (history === 'first use in a month') show(world, one, 1, world.now);
  await world.run(2);
  world.now = Date.parse('2026-11-10T12:00:00Z');
  await world.run(2);
  // Nobody called in between: had they run, its ticks would have waited.
  world.now += 11 * MINUTE_MS;
  const start = world.now + offset;
  const calls = Math.ceil(60 * (MINUTE_MS / CALL_MS));
  const perCall = (burn * CALL_MS) / MINUTE_MS;
  const crossing = start + (Math.ceil(LINE / perCall) - 1) * CALL_MS;
  for (let next = 0; world.now < crossing + 30 * MINUTE_MS; world.now += MINUTE_MS) {
    for (; next < calls && start + next * CALL_MS + DELAY_MS <= world.now; next++) {
      show(world, one, perCall, start + next * CALL_MS);
    }
    await world.tick();
    if ((await world.denied()).length === 3) return (world.now - crossing) / MINUTE_MS;
  }
  return NEVER;
}

function timing(): string {
  const { metricDelayMinutes, tickMinutes, enforcementMinutes, longestGenerationMinutes } = ASSUMED;
  const own = { metricDelayMinutes, tickMinutes, enforcementMinutes, longestGenerationMinutes };
  return JSON.stringify({ ...(JSON.parse(VARIABLES.TIMING) as object), ...own });
}

const cases = (delays: readonly number[], burns: readonly number[], ways: readonly Case['way'][]) =>
  delays.flatMap((listedAfter) =>
    burns.flatMap((burn) => HISTORIES.flatMap((history) => ways.map((way) => ({ listedAfter, burn, history, way })))),
  );
const rows = [
  ...cases([0, 5, 10, 15], [2, 10], ['input']),
  ...cases([15 - 1 / 60_000, 15 + 1 / 60_000, NEVER], [10], ['input']),
  ...cases([0, 15, NEVER], [10], ['cache write', 'flex']),
];
const slowest: number[] = [];

describe('trap 46: seen at once, whenever ListMetrics shows it', () => {
  test.each(rows)(
    'listed after $listedAfter min, $burn dollars a minute, $history, $way: stopped in time',
    async (row) => {
      const minutes: number[] = [];
      for (const rate of ['unknown', 'known'] as const) {
        for (const offset of [10_000, 59_000]) minutes.push(await reaction({ ...row, rate, offset }));
      }
      slowest.push(Math.max(...minutes));
      expect(Math.max(...minutes)).toBeLessThanOrEqual(PROMISED_MINUTES);
    },
  );

  test('the overshoot estimate of synth is made of the same minutes', () => {
    const estimate = overshoot({ models: [], limit: usd(100), assumptions: ASSUMED });
    expect(reactionMinutes(ASSUMED)).toBe(PROMISED_MINUTES);
    expect(estimate.minutes).toBe(ASSUMED.longestGenerationMinutes + reactionMinutes(ASSUMED));
    expect(slowest).toHaveLength(rows.length);
    // Every row waits for CloudWatch: a table in which nobody is late measures nothing.
    expect(Math.max(...slowest)).toBeGreaterThan(ASSUMED.metricDelayMinutes);
    expect(estimate.minutes - ASSUMED.longestGenerationMinutes).toBeGreaterThanOrEqual(Math.max(...slowest));
  });
});

const key = (at: number) => at.toString(16).padStart(8, '0');

describe('trap 46: what else waits for no listing', () => {
  const never = () => NEVER;

  test("a new month starts with last month's ids, also of what nobody has configured", async () => {
    const world = new SpendMeterWorld('2026-11-29T00:00:00Z', {}, never);
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/byhand000001';
    world.profiles.add({ id: 'byhand000001', arn, modelIds: ['amazon.nova-lite-v1:0'] }, 'dev');
    world.usage.listingDelay = () => 0;
    world.spend(3, 'byhand000001');
    await world.run(2);
    world.usage.listingDelay = never;
    world.now = Date.parse('2026-12-20T00:00:00Z');
    world.spend(96, 'byhand000001');
    await world.run(3);
    expect((await world.state.latest('2026-12' as never))?.reading?.known?.monthToDate).toBe(usd(96));
    expect(await world.denied()).toHaveLength(3);
    expect((await world.state.series('2026-12' as never))?.profiles).toHaveProperty('byhand000001');
  });

  test('the canary is seen by its own name, and a canary that only the listing finds is not', async () => {
    const world = new SpendMeterWorld('2026-11-10T12:00:00Z', {}, never);
    const profileArn = `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${CANARY}`;
    const call = (showsAs: string) => {
      world.state.keepCanary({
        atMs: world.now,
        profileId: CANARY,
        profileArn,
        modelId: 'amazon.nova-lite-v1:0',
        inputTokens: 7,
        outputTokens: 1,
      });
      for (const [metric, value] of [
        ['InputTokenCount', 7],
        ['OutputTokenCount', 1],
      ] as const) {
        world.usage.record({ ...series(metric), dimensions: { ModelId: showsAs } }, world.now, value);
      }
    };
    const blind = () => world.subjects().filter((subject) => subject.includes('blind'));
    call(CANARY);
    await world.run(40);
    expect(blind()).toEqual([]);
    world.now = Date.parse('2026-11-10T14:00:00Z');
    world.usage.listingDelay = () => 0;
    call(profileArn);
    await world.run(40);
    expect(blind()).toHaveLength(1);
  });

  test('60 models: first signs until they are used, and then all components in a second question of the same tick', async () => {
    const MODELS = JSON.stringify(
      Array.from({ length: 60 }, (_, at) => {
        const id = `maker.model-${at}-v1:0`;
        const price = [1_000_000, 4_000_000, null, null];
        return { id, modelId: id, calledId: id, tier: 'small', price, metricIds: [], profile: key(at) };
      }),
    );
    const PROFILE_IDS = JSON.stringify(Object.fromEntries(Array.from({ length: 60 }, (_, at) => [key(at), `id${at}`])));
    const world = new SpendMeterWorld('2026-11-10T12:00:00Z', { MODELS, PROFILE_IDS }, never);
    await world.run(1);
    expect(world.usage.asked).toBe(60 * 5 + 2);
    for (let at = 0; at < 60; at++) world.spend(0.5, `id${at}`);
    const before = world.usage.asked;
    await world.run(1);
    expect(world.usage.asked - before).toBe(60 * (5 + 4) + 2);
    expect((await world.state.latest('2026-11' as never))?.reading?.known?.monthToDate).toBe(usd(30));
  });

  test('a new month forgets the ids that it does not use', async () => {
    const world = new SpendMeterWorld('2026-11-29T00:00:00Z', {}, () => 0);
    world.spend(3);
    await world.run(2);
    world.now = Date.parse('2026-12-20T00:00:00Z');
    await world.run(2);
    const december = await world.state.series('2026-12' as never);
    expect(december?.series).toEqual([]);
    world.now += 31 * DAY_MS;
    const before = world.usage.asked;
    await world.run(1);
    expect(world.usage.asked - before).toBe(2 * 5 + 2);
  });
});
