import { HOUR_MS, monthStart, utcDay, utcMonth, type UtcMonth } from '../../core/calendar';
import { canaryOverdue, canaryWindow } from '../../core/meter/canary';
import { assess } from '../../core/meter/assess';
import { metricIdOf, seriesName } from '../../core/meter/series';
import type { KnownSeries, MeterState } from '../../core/meter/state';
import type { Assessment, MeterReading, SeriesId, UsageResolution } from '../../core/meter/types';
import { ServiceError } from '../../core/ports/service-error';
import { mayCount, readHourly, resolveIds, sameProfiles } from '../meter-usage';
import type { SpendMeterDeps } from './deps';
import type { SpendMeterEnv } from './env';

export interface FullRead {
  readonly assessment: Assessment;
  readonly canaryOverdue?: { readonly since: number };
}

/**
 * The month so far, from CloudWatch alone: no cursor, so that late points and crashes correct themselves. Ids are resolved
 * before anything is priced (trap 39). Whatever cannot be read in full makes the whole reading unknown, never zero (trap 21).
 */
export async function fullRead(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  before: MeterState | undefined,
  now: number,
): Promise<FullRead> {
  const month = utcMonth(now);
  try {
    const known = await knownSeries(deps, env, month);
    const resolved = await resolve(deps, env, known, before, now);
    const { reading, canary } = await readMonth(deps, env, resolved, month, now);
    await keepSeries(deps, known, resolved);
    const assessment = assess(reading, resolved.usage, before?.memory, now);
    return {
      assessment: assessment.kind === 'known' ? withUncounted(assessment, resolved, before) : assessment,
      ...(canary && { canaryOverdue: canary }),
    };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const reading = { kind: 'unknown', why: `${error.errorName} from AWS` } as const;
    return {
      assessment: assess(reading, { metering: env.METERING, classes: {}, dearest: env.DEAREST }, before?.memory, now),
    };
  }
}

interface Shown {
  /** As the table has it; absent in a new month. */
  readonly stored: KnownSeries | undefined;
  readonly month: UtcMonth;
  /** Everything that this month has shown so far, this tick included. */
  readonly series: readonly SeriesId[];
}

/** ListMetrics forgets after two weeks: what it has once shown in the month is read until the month ends. */
async function knownSeries({ usage, state }: SpendMeterDeps, env: SpendMeterEnv, month: UtcMonth): Promise<Shown> {
  const [stored, ...lists] = await Promise.all([
    state.series(month),
    ...env.METER_REGIONS.map((region) => usage.list(region)),
  ]);
  const byName = new Map([...(stored?.series ?? []), ...lists.flat()].map((id) => [seriesName(id), id]));
  return { stored, month, series: [...byName.values()] };
}

interface Resolved {
  readonly usage: UsageResolution;
  readonly series: readonly SeriesId[];
  /** Read in this tick. What is never counted is read once a day, for the report. */
  readonly wanted: readonly SeriesId[];
  readonly withUncounted: boolean;
  readonly profiles: Readonly<Record<string, string>>;
}

async function resolve(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  { stored, series }: Shown,
  before: MeterState | undefined,
  now: number,
): Promise<Resolved> {
  const { usage, profiles } = await resolveIds(deps.profiles, env, series, stored);
  const withUncounted = before?.reading?.known?.day !== utcDay(now);
  const isRead = (id: SeriesId) =>
    mayCount(id, usage) || isCanary(id, env) || (withUncounted && metricIdOf(id) !== undefined);
  return { usage, series, wanted: series.filter(isRead), withUncounted, profiles };
}

async function readMonth(
  { usage, state }: SpendMeterDeps,
  env: SpendMeterEnv,
  { wanted }: Resolved,
  month: UtcMonth,
  now: number,
): Promise<{ readonly reading: MeterReading; readonly canary: { readonly since: number } | undefined }> {
  const from = monthStart(month);
  const to = (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
  const [canaries, answer] = await Promise.all([
    env.CANARY_PROFILE_ID === '' ? [] : state.canaries(canaryWindow(now).from, canaryWindow(now).to),
    readHourly(usage, env.METER_REGIONS, wanted, from, to),
  ]);
  if (answer.kind === 'incomplete') return { reading: { kind: 'unknown', why: answer.why }, canary: undefined };
  return {
    reading: { kind: 'complete', readAt: now, month, series: answer.series },
    canary: canaryOverdue(canaries, answer.series, month, now),
  };
}

async function keepSeries(
  { state }: SpendMeterDeps,
  { stored, month, series }: Shown,
  resolved: Resolved,
): Promise<void> {
  const same =
    stored !== undefined && stored.series.length === series.length && sameProfiles(stored.profiles, resolved.profiles);
  if (!same) await state.saveSeries({ month, series, profiles: resolved.profiles });
}

/** On a tick that did not read what is never counted, the day's first reading of it stands. */
function withUncounted(
  assessment: Extract<Assessment, { kind: 'known' }>,
  { withUncounted: isRead }: Resolved,
  before: MeterState | undefined,
): Assessment {
  const last = before?.reading?.known;
  if (isRead || last === undefined || last.month !== assessment.month) return assessment;
  return { ...assessment, foreign: last.foreign, unguarded: last.unguarded };
}

function isCanary(id: SeriesId, { CANARY_PROFILE_ID }: SpendMeterEnv): boolean {
  return CANARY_PROFILE_ID !== '' && (metricIdOf(id)?.endsWith(CANARY_PROFILE_ID) ?? false);
}
