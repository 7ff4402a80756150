import { utcDay, utcMonth, type UtcDay } from '../calendar';
import type { Reading } from '../reading';
import {
  burnsOf,
  type CacheBurn,
  type CacheUse,
  missesOf,
  ratioText,
  unjudged,
  drift,
  type ComparedDay,
  OTHERS,
  type DayComparison,
  type NamedModel,
  type KnownAssessment,
  type UncountedUsage,
} from '../meter';
import { timesUpTo, asPercent, formatUsd, nanoUsd, ZERO, type NanoUsd } from '../money';
import type { MeterState, StoredCalibration } from '../decision';
import { type CrossedThreshold, type Order, activeOverride, overrideEnd, type DesiredState } from '../stop-lines';

/** The meter in the daily report; amounts are integer nano-dollars, times ISO in UTC. */
export interface MeterReport {
  /** What is denied at present; absent where the meter's state could not be read or is not there. */
  readonly denies?: DesiredState;
  /** What it has decided, where that is more than it denies: in a dry run, or until the denial is confirmed. */
  readonly decides?: Exclude<DesiredState, 'open'>;
  /** Lines are reached and wait for a person until then; absent: none does. */
  readonly graceUntil?: string;
  /** Lines that its figures have reached; absent where they are unknown, and in reports of before it was told. */
  readonly crossed?: readonly CrossedThreshold[];
  readonly figures: MeterFigures | Unavailable;
  readonly order: OrderInForce | { readonly kind: 'none' } | Unavailable;
  /** What the stop decision multiplies the figures by; none is 1. */
  readonly calibration:
    | { readonly kind: 'known'; readonly factor: number; readonly asOf: string }
    | { readonly kind: 'none' }
    | Unavailable;
  readonly comparison: MeterComparison;
}

interface Unavailable {
  readonly kind: 'unavailable';
  readonly why: string;
}

/** Of the last read that was complete. */
export interface MeterFigures {
  readonly kind: 'known';
  readonly asOf: string;
  readonly monthToDate: NanoUsd;
  readonly percentOfLimit: number;
  /** What the stop decision counts; absent where it is the same. */
  readonly calibrated?: NanoUsd;
  /** Absent where the last read is of another day. */
  readonly today?: NanoUsd;
  /** Real spend may be higher: see the findings, and what has no price. */
  readonly lowerBound: boolean;
  /** Ids in CloudWatch that are counted at the dearest rate, since no price is known: real spend may be higher. */
  readonly unattributed: readonly string[];
  /** Models that are used and counted at their list price although the configuration does not name them. */
  readonly unconfigured: readonly string[];
  /** By owner, largest first; never counted here. */
  readonly foreign: readonly OwnedTokens[];
  /** Tokens of models that were called without a profile; never counted here. */
  readonly unguarded: number;
  readonly findings: readonly string[];
  /** Models whose prompt cache costs more than it saves; absent or none: none does. */
  readonly cacheBurn?: readonly CacheBurn[];
}

export interface OwnedTokens {
  readonly owner: string;
  readonly tokens: number;
}

export type OrderInForce =
  | {
      readonly kind: 'override';
      readonly by: string;
      readonly reason: string;
      readonly since: string;
      readonly until: string;
      /** Absent: a plain resume, which leaves the lines as they are. */
      readonly limit?: NanoUsd;
    }
  | { readonly kind: 'stop'; readonly by: string; readonly reason: string; readonly since: string };

/** Whole UTC days at least 48 hours old, meter against bill. */
export interface MeterComparison {
  readonly from: UtcDay;
  readonly to: UtcDay;
  readonly days: readonly ComparedDay[];
  readonly notCompared: readonly { readonly day: UtcDay; readonly why: string }[];
  /** More than 10% and $1 apart on two days or more. */
  readonly drift: readonly { readonly modelId: string; readonly name: string; readonly days: readonly ComparedDay[] }[];
}

export interface MeterReportInput {
  readonly state: Reading<MeterState | undefined>;
  readonly order: Reading<Order | undefined>;
  readonly calibration: Reading<StoredCalibration | undefined>;
  /** That were to be compared, oldest first. */
  readonly days: readonly UtcDay[];
  readonly comparison: DayComparison;
  readonly models: readonly NamedModel[];
  readonly limit: NanoUsd;
  readonly now: number;
}

export function makeMeterReport(input: MeterReportInput): MeterReport {
  const { state, order, calibration } = input;
  const known = state.kind === 'known' ? state.value : undefined;
  const denies = known?.desired;
  const decides = known?.decision.desired;
  const grace = known?.decision.grace;
  return {
    ...(denies && { denies }),
    ...(decides !== undefined && decides !== 'open' && decides !== denies && { decides }),
    ...(grace && { graceUntil: new Date(grace.until).toISOString() }),
    figures: state.kind === 'unavailable' ? state : figuresOf(state.value, input),
    order: order.kind === 'unavailable' ? order : orderInForce(order.value, input.now),
    calibration: calibration.kind === 'unavailable' ? calibration : calibrationOf(calibration.value),
    comparison: comparisonOf(input),
  };
}

/** The figures of an item that an earlier month has left, or a clock that ran ahead, are of no use here. */
function figuresOf(
  state: MeterState | undefined,
  { calibration, limit, now }: MeterReportInput,
): MeterReport['figures'] {
  if (state === undefined) return { kind: 'unavailable', why: 'it has not run yet' };
  const known = state.reading?.known;
  if (known === undefined) {
    return { kind: 'unavailable', why: state.reading?.unknown ?? 'it has not read the month yet' };
  }
  if (known.month !== utcMonth(now)) return { kind: 'unavailable', why: `its last complete read is of ${known.month}` };
  const factor = calibration.kind === 'known' ? (calibration.value?.factor ?? 1) : 1;
  return {
    kind: 'known',
    asOf: new Date(known.asOf).toISOString(),
    monthToDate: known.monthToDate,
    percentOfLimit: asPercent(known.monthToDate, limit),
    ...(factor > 1 && { calibrated: timesUpTo(known.monthToDate, factor) }),
    ...(known.day === utcDay(now) && { today: known.today }),
    lowerBound: known.lowerBound,
    unattributed: [...new Set(known.unattributed.map(({ metricId }) => metricId))],
    unconfigured: unconfigured(known),
    foreign: byOwner(known.foreign),
    unguarded: known.unguarded.reduce((sum, usage) => sum + tokensOf(usage), 0),
    findings: [
      ...known.findings.filter(({ kind }) => kind !== 'unlisted').map(({ text }) => text),
      ...(known.cache === undefined ? [] : cacheFindings(known.cache, limit)),
    ],
    ...cacheBurnOf(known.cache, limit),
  };
}

function cacheBurnOf(cache: CacheUse | undefined, limit: NanoUsd): Pick<MeterFigures, 'cacheBurn'> {
  const burns = cache === undefined ? [] : burnsOf(cache, limit);
  return burns.length === 0 ? {} : { cacheBurn: burns };
}

/** Caches that cost far more than they did, and those that matter and that nobody can judge: said, rather than taken for good. */
function cacheFindings(cache: CacheUse, limit: NanoUsd): readonly string[] {
  const named = ({ modelId, metricId, region }: { modelId: string; metricId: string; region: string }) =>
    `${modelId} (${metricId} in ${region})`;
  return [
    ...missesOf(cache, limit).map(
      (burn) =>
        `${named(burn)}: its prompt cache has ${ratioText(burn.readsPerWrite)} reads a write, ${ratioText(burn.before ?? 0)} earlier this month: up to ${formatUsd(burn.aboveBefore ?? ZERO)} more; likely: ${burn.likelyCause}`,
    ),
    ...unjudged(cache, limit).map((one) => `${named(one)}: whether its prompt cache pays is unknown: ${one.why}`),
  ];
}

function unconfigured({ byModel, unattributed }: KnownAssessment): readonly string[] {
  const without = new Set(unattributed.map(({ region, metricId }) => `${region} ${metricId}`));
  const listed = byModel.filter(
    ({ tier, region, metricId }) => tier === 'unknown' && !without.has(`${region} ${metricId}`),
  );
  return [...new Set(listed.map(({ modelId }) => modelId))];
}

function byOwner(usage: readonly UncountedUsage[]): readonly OwnedTokens[] {
  const owners = new Map<string, number>();
  for (const one of usage) owners.set(one.owner, (owners.get(one.owner) ?? 0) + tokensOf(one));
  return [...owners]
    .map(([owner, tokens]) => ({ owner, tokens }))
    .sort((a, b) => b.tokens - a.tokens || (a.owner < b.owner ? -1 : 1));
}

function tokensOf({ tokens }: UncountedUsage): number {
  return tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite;
}

function orderInForce(order: Order | undefined, now: number): MeterReport['order'] {
  if (order?.kind === 'stop') {
    const { by, reason, since } = order.stop;
    return { kind: 'stop', by, reason, since: new Date(since).toISOString() };
  }
  const override = activeOverride(order?.override, now);
  if (override === undefined) return { kind: 'none' };
  const { by, reason, since, limit } = override;
  return {
    kind: 'override',
    by,
    reason,
    since: new Date(since).toISOString(),
    until: new Date(overrideEnd(override)).toISOString(),
    ...(limit !== undefined && { limit }),
  };
}

function calibrationOf(stored: StoredCalibration | undefined): MeterReport['calibration'] {
  return stored === undefined
    ? { kind: 'none' }
    : { kind: 'known', factor: stored.factor, asOf: new Date(stored.at).toISOString() };
}

function comparisonOf({ days, comparison, models, now }: MeterReportInput): MeterComparison {
  const nameOf = (modelId: string) => models.find((model) => model.modelId === modelId)?.name ?? modelId;
  const [from = utcDay(now), to = from] = [days[0], days.at(-1)];
  return {
    from,
    to,
    ...comparison,
    drift: drift(comparison.days, now).map((found) => ({
      ...found,
      name: found.modelId === OTHERS ? 'other models' : nameOf(found.modelId),
    })),
  };
}

/** Sums of the days that were compared, and how many those are. */
export function comparedTotals({ days }: MeterComparison): {
  readonly days: number;
  readonly meter: NanoUsd;
  readonly bill: NanoUsd;
} {
  const sum = (of: (day: ComparedDay) => NanoUsd) =>
    nanoUsd(
      Math.min(
        days.reduce<number>((total, day) => total + of(day), ZERO),
        Number.MAX_SAFE_INTEGER,
      ),
    );
  return {
    days: new Set(days.map(({ day }) => day)).size,
    meter: sum(({ meter }) => meter),
    bill: sum(({ bill }) => bill),
  };
}
