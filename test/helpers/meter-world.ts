import { utcDay, utcMonth } from '../../core/calendar';
import type { DecideInput, DecisionState } from '../../core/decision/types';
import { decide } from '../../core/decision/decide';
import type {
  KnownAssessment,
  MeteredModel,
  MeterReading,
  Series,
  SeriesId,
  UsageResolution,
} from '../../core/meter/types';
import { nanoUsd, usd, ZERO, type NanoUsd } from '../../core/money';
import { picoUsdPerToken, type ModelPrice } from '../../core/prices';
import type { Threshold } from '../../core/stop-lines/thresholds';

export const at = (iso: string): number => Date.parse(iso.length === 16 ? `${iso}:00Z` : iso);

/** $1 per million input tokens, so that a million tokens is a dollar. */
export const PRICE: ModelPrice = {
  input: picoUsdPerToken(1),
  output: picoUsdPerToken(4),
  cacheRead: picoUsdPerToken('0.1'),
  cacheWrite: picoUsdPerToken('1.25'),
};
export const DEAREST: ModelPrice = {
  input: picoUsdPerToken(10),
  output: picoUsdPerToken(50),
  cacheRead: picoUsdPerToken(1),
  cacheWrite: picoUsdPerToken(20),
};
export const MODEL: MeteredModel = {
  id: 'amazon.nova-lite-v1:0',
  metricIds: ['abc123'],
  calledId: 'amazon.nova-lite-v1:0',
  modelId: 'amazon.nova-lite-v1:0',
  tier: 'small',
  price: PRICE,
};

export const USAGE: UsageResolution = {
  metering: 'profiles',
  classes: {
    abc123: { kind: 'ours', model: MODEL },
    lost456: { kind: 'unattributed' },
    neighbour: { kind: 'foreign', owner: 'staging' },
    'amazon.nova-lite-v1:0': { kind: 'unguarded' },
  },
  dearest: DEAREST,
};

export function series(
  over: Partial<SeriesId> & { modelId?: string },
  points: readonly (readonly [string | number, number])[],
  unit?: string,
): Series {
  const { modelId = 'abc123', ...id } = over;
  return {
    id: {
      namespace: 'AWS/Bedrock',
      region: 'us-east-1',
      metric: 'InputTokenCount',
      dimensions: { ModelId: modelId },
      ...id,
    },
    points: points.map(([when, value]) => ({ at: typeof when === 'string' ? at(when) : when, value })),
    ...(unit !== undefined && { unit }),
  };
}

export function reading(now: number, ...all: readonly Series[]): MeterReading {
  return { kind: 'complete', readAt: now, month: utcMonth(now), series: all };
}

export const LIMIT = usd(100);
export const THRESHOLDS: readonly Threshold[] = [
  { atPercent: 50, effect: 'notify', basis: 'actual' },
  { atPercent: 75, effect: 'degrade', basis: 'actual' },
  { atPercent: 95, effect: 'stop', basis: 'actual' },
  { atPercent: 100, effect: 'notify', basis: 'forecast' },
];

export interface Seen {
  readonly spend?: number | string | NanoUsd;
  readonly today?: number | string;
  readonly lastHour?: number | string;
  readonly burn?: number | string;
  readonly lowerBound?: boolean;
}

export function known(
  now: number,
  { spend = 0, today = 0, lastHour = 0, burn = 0, lowerBound = false }: Seen = {},
): KnownAssessment {
  const monthToDate = usd(spend);
  return {
    kind: 'known',
    asOf: now,
    month: utcMonth(now),
    monthToDate,
    day: utcDay(now),
    today: usd(today),
    lastHour: usd(lastHour),
    burnPerMinute: usd(burn),
    lowerBound,
    byModel: [],
    unattributed: [],
    foreign: [],
    unguarded: [],
    findings: [],
    memory: { month: utcMonth(now), at: now, monthToDate, day: utcDay(now), today: usd(today), ring: [] },
  };
}

export const NOON = at('2026-11-10T12:00');

/** An environment of $100 that has run for a while; grace does not apply unless `previous` is left out on purpose. */
export function input(over: Partial<DecideInput> = {}): DecideInput {
  const now = over.now ?? NOON;
  return {
    assessment: known(now),
    limit: LIMIT,
    thresholds: THRESHOLDS,
    stopAtPercent: 95,
    dailyLimit: usd(40),
    hourlyBrake: usd(20),
    delayMinutes: 5,
    installedAt: at('2026-10-01T00:00'),
    enforce: true,
    onBlind: 'page',
    unknownAfterMinutes: 15,
    graceMinutes: 30,
    now,
    calibration: 1,
    ...over,
  };
}

/** The state after a quiet read an hour before noon, or of another moment. */
export function quiet(now = NOON - 3_600_000, over: Partial<DecideInput> = {}): DecisionState {
  return decide(input({ now, assessment: known(now), ...over })).next;
}

export const cents = (amount: number): NanoUsd => nanoUsd(amount * 10_000_000);
export { ZERO };
