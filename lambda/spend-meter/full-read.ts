import { HOUR_MS, monthStart, utcDay, utcMonth, type UtcMonth } from '../../core/calendar';
import { canaryOverdue, canaryWindow } from '../../core/meter/canary';
import { assess } from '../../core/meter/assess';
import { resolveUsage, type TaggedProfile } from '../../core/meter/resolve';
import { metricIdOf, seriesName } from '../../core/meter/series';
import type { KnownSeries, MeterState } from '../../core/meter/state';
import type { Assessment, MeterReading, Series, SeriesId, UsageResolution } from '../../core/meter/types';
import { ServiceError } from '../../core/ports/service-error';
import type { SpendMeterDeps } from './deps';
import type { SpendMeterEnv } from './env';

/** Whose the canary's tokens are: the guard's own, never the environment's. */
const CANARY_OWNER = "the guard's canary";

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
    return { assessment: assess(reading, { identity: env.IDENTITY, classes: {}, dearest: env.DEAREST }, before?.memory, now) };
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
  const seen = [...new Set(series.flatMap((id) => metricIdOf(id) ?? []))];
  const profiles = await taggedProfiles(deps, env, seen);
  const remembered = { ...stored?.profiles, ...deployedProfiles(env) };
  const isGuards = ([, what]: readonly [string, string]) => what === CANARY_OWNER;
  const usage = resolveUsage({
    environment: env.ENVIRONMENT,
    identity: env.IDENTITY,
    models: env.MODELS,
    profiles,
    earlier: Object.fromEntries(Object.entries(remembered).filter((one) => !isGuards(one))),
    guardOwn: Object.fromEntries(Object.entries(remembered).filter(isGuards)),
    seen,
    prices: [env.DEAREST],
  });
  const withUncounted = before?.reading?.known?.day !== utcDay(now);
  const counts = (id: SeriesId) => {
    const metricId = metricIdOf(id);
    const kind = metricId === undefined ? undefined : usage.classes[metricId]?.kind;
    return kind !== 'foreign' && kind !== 'unguarded';
  };
  const wanted = series.filter((id) => metricIdOf(id) !== undefined && (withUncounted || counts(id) || isCanary(id, env)));
  const own = profiles.filter(({ environment }) => environment === env.ENVIRONMENT);
  return {
    usage,
    series,
    wanted,
    withUncounted,
    profiles: { ...Object.fromEntries(own.map(({ id, modelIds: [model = ''] }) => [id, model])), ...remembered },
  };
}

/** Those of this deployment, so that the next one still knows them when they are gone. */
function deployedProfiles({ MODELS, CANARY_PROFILE_ID }: SpendMeterEnv): Readonly<Record<string, string>> {
  const opaque = MODELS.flatMap(({ metricIds, modelId }) =>
    metricIds.filter((id) => !id.includes('.')).map((id) => [id, modelId] as const),
  );
  return Object.fromEntries([...opaque, ...(CANARY_PROFILE_ID === '' ? [] : [[CANARY_PROFILE_ID, CANARY_OWNER] as const])]);
}

/** Tags are asked for where an id is used and its owner is not known from the deployment. */
async function taggedProfiles(
  { profiles }: SpendMeterDeps,
  env: SpendMeterEnv,
  seen: readonly string[],
): Promise<readonly TaggedProfile[]> {
  const lastPart = (id: string) => id.slice(id.lastIndexOf('/') + 1);
  const used = new Set(seen.map(lastPart));
  const deployed = new Set([...env.MODELS.flatMap(({ metricIds }) => metricIds), env.CANARY_PROFILE_ID].map(lastPart));
  const listed = (await Promise.all(env.METER_REGIONS.map((region) => profiles.list(region)))).flat();
  return Promise.all(
    listed
      .filter(({ id }) => used.has(id) && !deployed.has(id))
      .map(async ({ id, arn, modelIds }) => {
        const environment = await profiles.environmentOf(arn);
        return { id, modelIds, ...(environment === undefined ? {} : { environment }) };
      }),
  );
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
  const [canaries, ...answers] = await Promise.all([
    env.CANARY_PROFILE_ID === '' ? [] : state.canaries(canaryWindow(now).from, canaryWindow(now).to),
    ...env.METER_REGIONS.map((region) => {
      const own = wanted.filter((id) => id.region === region);
      return own.length === 0 ? NOTHING_SHOWN : usage.hourly(region, own, from, to);
    }),
  ]);
  const series: Series[] = [];
  for (const answer of answers) {
    if (answer.kind === 'incomplete') return { reading: { kind: 'unknown', why: answer.why }, canary: undefined };
    series.push(...answer.series);
  }
  return {
    reading: { kind: 'complete', readAt: now, month, series },
    canary: canaryOverdue(canaries, series, month, now),
  };
}

const NOTHING_SHOWN = { kind: 'complete', series: [] } as const;

async function keepSeries({ state }: SpendMeterDeps, { stored, month, series }: Shown, resolved: Resolved): Promise<void> {
  const same =
    stored !== undefined &&
    stored.series.length === series.length &&
    Object.keys(stored.profiles).length === Object.keys(resolved.profiles).length;
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
