import { HOUR_MS, MINUTE_MS } from '../core/calendar';
import {
  assess,
  seriesAsked,
  type MeteredModel,
  type MeterReading,
  type Series,
  type UsageResolution,
} from '../core/meter';
import { picoUsdPerToken } from '../core/prices';
import { SpendMeterWorld } from '../test/helpers/spend-meter-world';
import { median, milliseconds, type Result } from './measure';

const ROUNDS = 15;
const START = Date.parse('2026-10-01T00:00:00Z');
const HOURS = 744;
const NOW = START + HOURS * HOUR_MS - MINUTE_MS;
const METRICS = ['InputTokenCount', 'OutputTokenCount', 'CacheReadInputTokenCount', 'CacheWriteInputTokenCount'];
const PRICE = {
  input: picoUsdPerToken(1),
  output: picoUsdPerToken(4),
  cacheRead: picoUsdPerToken('0.1'),
  cacheWrite: picoUsdPerToken('1.25'),
};

/** The arithmetic of a full read, by the number of series, each with all hours of a long month. */
export function benchMeter(): readonly Result[] {
  const small = readOf(80);
  const large = readOf(500);
  const samples = { small: [] as number[], large: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const [a, b] = [cpu(small), cpu(large)];
    if (round === 0) continue;
    samples.small.push(a);
    samples.large.push(b);
  }
  return [
    {
      what: "a read's own arithmetic: 20 models, 80 series, a full month of points",
      unit: 'seconds',
      value: median(samples.small) / 1000,
      goal: 0.1,
      baseline: 'none: core/meter/assess on points in memory',
      raw: milliseconds(samples.small),
    },
    {
      what: 'growth from 80 to 500 series (6.25 times as many)',
      unit: 'ratio',
      value: median(samples.large) / median(samples.small),
      goal: 7,
      baseline: '80 series',
      raw: `${milliseconds(samples.large)}; baseline ${milliseconds(samples.small)}`,
    },
  ];
}

/** What is compared: a small configuration, a usual one, and the largest that is promised. */
const MODELS = [3, 20, 60] as const;
const [FEW] = MODELS;
const TICKS = 9;

/** A tick that reads the whole month, by the real handler over fakes, and how many series it asks CloudWatch for. */
export async function benchTick(): Promise<readonly Result[]> {
  const worlds = new Map<number, Awaited<ReturnType<typeof usedMonth>>>();
  for (const models of MODELS) worlds.set(models, await usedMonth(models));
  const samples = new Map<number, number[]>(MODELS.map((models) => [models, []]));
  for (let round = 0; round <= TICKS; round++) {
    for (const [models, { world }] of worlds) {
      const took = await tickOf(world);
      if (round > 0) samples.get(models)!.push(took);
    }
  }
  const few = samples.get(FEW)!;
  return [...worlds].flatMap(([models, { idle, busy }]): readonly Result[] => {
    const took = samples.get(models)!;
    return [
      {
        what: `series asked for in a tick with ${models} models, all of them used`,
        unit: 'count',
        value: busy,
        goal: seriesAsked(idsOf(models), ['us-east-1'], 1).busy,
        baseline: 'what core/meter/named counts, and the own cost with it',
        raw: `${idle} while none is used; ${Math.ceil(busy / 500)} requests of at most 500`,
      },
      models === FEW
        ? {
            what: `a tick with ${models} models and a month of points`,
            unit: 'seconds',
            value: median(took) / 1000,
            goal: 0.1,
            baseline: 'none: the real handler over fakes',
            raw: milliseconds(took),
          }
        : {
            what: `a tick with ${models} models against one with ${FEW}, ${(models / FEW).toFixed(1)} times as many`,
            unit: 'ratio',
            value: median(took) / median(few),
            goal: (1.2 * models) / FEW,
            baseline: `${FEW} models, in turns`,
            raw: `${milliseconds(took)}; baseline ${milliseconds(few)}`,
          },
    ];
  });
}

const idsOf = (models: number) => Array.from({ length: models }, (_, at) => [`profile${at}`]);

/** A month in which every model is used in every hour, a few tokens each time. */
async function usedMonth(models: number) {
  const ids = idsOf(models);
  const settings = ids.map((metricIds, at) => {
    const id = `maker.model-${at}-v1:0`;
    return { id, modelId: id, calledId: id, tier: 'small', price: [1_000_000, 4_000_000, 1, 1], metricIds };
  });
  const variables = { MODELS: JSON.stringify(settings), PROFILE_IDS: '{}' };
  const world = new SpendMeterWorld('2026-10-01T00:00:00Z', variables);
  await tickOf(world);
  const idle = world.usage.asked;
  for (const [modelId = ''] of ids) {
    for (const metric of METRICS) {
      const id = { namespace: 'AWS/Bedrock', region: 'us-east-1', metric, dimensions: { ModelId: modelId } };
      for (let hour = 0; hour < HOURS; hour++) world.usage.record(id, START + hour * HOUR_MS, 10);
    }
  }
  world.now = NOW - 30 * MINUTE_MS;
  await tickOf(world);
  const before = world.usage.asked;
  await tickOf(world);
  return { world, idle, busy: world.usage.asked - before };
}

/** Milliseconds of CPU. @throws Error where it has not read */
async function tickOf(world: SpendMeterWorld): Promise<number> {
  world.usage.recordCall('us-east-1', world.now);
  const begin = process.cpuUsage();
  const result = await world.tick();
  const { user, system } = process.cpuUsage(begin);
  world.now += MINUTE_MS;
  if (result.kind !== 'done' || !result.didRead) throw new Error('a tick has read nothing');
  return (user + system) / 1000;
}

function cpu({ reading, usage }: ReturnType<typeof readOf>): number {
  const begin = process.cpuUsage();
  const result = assess(reading, usage, undefined, NOW);
  const { user, system } = process.cpuUsage(begin);
  if (result.kind !== 'known' || result.monthToDate <= 0) throw new Error('the read came to nothing');
  return (user + system) / 1000;
}

function readOf(count: number): { readonly reading: MeterReading; readonly usage: UsageResolution } {
  const models = Array.from({ length: Math.ceil(count / METRICS.length) }, (_, at): MeteredModel => ({
    id: `maker.model-${at}-v1:0`,
    metricIds: [`profile${at}`],
    calledId: `maker.model-${at}-v1:0`,
    modelId: `maker.model-${at}-v1:0`,
    tier: 'small',
    price: PRICE,
  }));
  const series = Array.from({ length: count }, (_, at): Series => ({
    id: {
      namespace: 'AWS/Bedrock',
      region: 'us-east-1',
      metric: METRICS[at % METRICS.length] ?? 'InputTokenCount',
      dimensions: { ModelId: `profile${Math.floor(at / METRICS.length)}` },
    },
    points: Array.from({ length: HOURS }, (_unused, hour) => ({ at: START + hour * HOUR_MS, value: 1000 + hour })),
  }));
  const classes = Object.fromEntries(
    models.map((model) => [model.metricIds[0] ?? '', { kind: 'ours', model } as const]),
  );
  const usage: UsageResolution = { metering: 'profiles', classes, dearest: PRICE };
  return { reading: { kind: 'complete', readAt: NOW, month: '2026-10' as never, series }, usage };
}
