import { HOUR_MS, monthStart, previousMonth, utcDay, utcMonth, type UtcMonth } from '../../core/calendar';
import { GuardError, ServiceError } from '../../core/errors';
import { keepingLast } from '../../core/kept';
import {
  type CanaryRecord,
  assess,
  canaryOverdue,
  canaryWindow,
  canarySeries,
  distinct,
  firstSigns,
  whereShown,
  without,
  metricIdOf,
  datesOf,
  untrustedPrices,
  type ExtendedAccess,
  type Assessment,
  type MeterFinding,
  type MeterReading,
  type Series,
  type SeriesId,
  type UsageResolution,
  type SeriesAnswer,
} from '../../core/meter';
import type { KnownSeries, MeterState } from '../../core/decision';
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
 * What is configured, and what was used before, is asked for by name, whether it is listed or not (trap 46).
 */
export async function fullRead(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  before: MeterState | undefined,
  now: number,
): Promise<FullRead> {
  const month = utcMonth(now);
  try {
    const known = await knownSeries(deps, env, month, now);
    const resolved = await resolve(deps, env, known, before, now);
    const [answer, { dates, findings }] = await Promise.all([
      readMonth(deps, env, resolved, month, now),
      readDates(deps, env),
    ]);
    await keepSeries(deps, env, known, resolved, answer.kind === 'complete' ? answer.series : []);
    const reading: MeterReading = answer.kind === 'complete' ? { ...answer, readAt: now, month } : unknown(answer.why);
    const untrusted = answer.kind === 'complete' ? untrustedPrices(resolved.usage, answer.series, dates) : [];
    const assessment = assess(reading, resolved.usage, before?.memory, now, [...findings, ...untrusted]);
    const canary = answer.kind === 'complete' ? canaryOverdue(known.canaryCalls, answer.series, month, now) : undefined;
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

function unknown(why: string): MeterReading {
  return { kind: 'unknown', why };
}

/** From when on which list price is not trusted. An item that cannot be understood is named, and costs no tick. */
async function readDates(
  { state }: SpendMeterDeps,
  { EXTENDED_ACCESS: { from, ownPrice } }: SpendMeterEnv,
): Promise<{ readonly dates: ExtendedAccess; readonly findings: readonly MeterFinding[] }> {
  try {
    return { dates: datesOf(await state.extendedAccess(), from, ownPrice), findings: [] };
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    const text = `whether every list price still holds is not known: ${error.message}`;
    return { dates: datesOf({}, from, ownPrice), findings: [{ kind: 'untrustedPrice', understates: false, text }] };
  }
}

interface Known {
  /** As the table has it; absent in a new month. */
  readonly stored: KnownSeries | undefined;
  /** Of the month before: a new month starts with its ids, as some of them may be listed no more, or not yet again. */
  readonly previous: KnownSeries | undefined;
  readonly month: UtcMonth;
  /** Everything that this month has shown so far, with what ListMetrics shows now. */
  readonly series: readonly SeriesId[];
  /** What the guard's own calls must show, see {@link canaryOverdue}. */
  readonly canaryCalls: readonly CanaryRecord[];
  readonly canarySeries: readonly SeriesId[];
}

/** ListMetrics forgets after two weeks: what it has once shown in the month is read until the month ends. */
async function knownSeries(
  { usage, state }: SpendMeterDeps,
  env: SpendMeterEnv,
  month: UtcMonth,
  now: number,
): Promise<Known> {
  const { from, to } = canaryWindow(now);
  const [stored, previous, canaryCalls, ...lists] = await Promise.all([
    state.series(month),
    state.series(previousMonth(month)),
    env.CANARY_PROFILE_ID === '' ? [] : state.canaries(from, to),
    ...env.METER_REGIONS.map((region) => usage.list(region)),
  ]);
  // A canary that was replaced is judged by its own profile until its last call is.
  const profileIds = [...new Set([env.CANARY_PROFILE_ID, ...canaryCalls.map(({ profileId }) => profileId)])];
  return {
    stored,
    previous,
    month,
    series: shownSoFar(env, stored?.series ?? [], ...lists),
    canaryCalls,
    canarySeries: canarySeriesOf(
      env,
      profileIds.filter((id) => id !== ''),
    ),
  };
}

const shownSoFar = keepingLast((_env: SpendMeterEnv, ...lists: (readonly SeriesId[])[]) => distinct(...lists));
const canarySeriesOf = keepingLast((env: SpendMeterEnv, profileIds: readonly string[]) =>
  canarySeries(profileIds, env.METER_REGIONS),
);

interface Resolved {
  readonly usage: UsageResolution;
  /** Read in this tick. What is never counted is read once a day, for the report. */
  readonly wanted: readonly SeriesId[];
  readonly withUncounted: boolean;
  readonly profiles: Readonly<Record<string, string>>;
}

async function resolve(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  known: Known,
  before: MeterState | undefined,
  now: number,
): Promise<Resolved> {
  const { stored, previous, month, series } = known;
  const named = namedIn(env, series, previous?.series, known.canarySeries);
  const { usage, profiles } = await resolveIds(deps.profiles, env, named.all, {
    month,
    series,
    profiles: rememberedOf(env, previous?.profiles, stored?.profiles),
  });
  const withUncounted = before?.reading?.known?.day !== utcDay(now);
  return {
    usage,
    wanted: wantedOf(env, series, known.canarySeries, named, usage, withUncounted),
    withUncounted,
    profiles,
  };
}

interface Named {
  /** What shows any use of what is configured. */
  readonly signs: readonly SeriesId[];
  /** What last month has shown and this one has not. */
  readonly last: readonly SeriesId[];
  /** Every series whose id must be resolved. */
  readonly all: readonly SeriesId[];
}

const namedIn = keepingLast(
  (
    env: SpendMeterEnv,
    series: readonly SeriesId[],
    before: readonly SeriesId[] | undefined,
    canaries: readonly SeriesId[],
  ): Named => {
    const signs = firstSigns(configuredIds(env), env.METER_REGIONS);
    const last = without(before ?? [], series);
    return { signs, last, all: distinct(series, last, signs, canaries) };
  },
);

const rememberedOf = keepingLast(
  (_env: SpendMeterEnv, ...ofMonths: (KnownSeries['profiles'] | undefined)[]): KnownSeries['profiles'] =>
    Object.assign({}, ...ofMonths) as KnownSeries['profiles'],
);

const wantedOf = keepingLast(
  (
    env: SpendMeterEnv,
    series: readonly SeriesId[],
    canaries: readonly SeriesId[],
    { signs, last }: Named,
    usage: UsageResolution,
    withUncounted: boolean,
  ): readonly SeriesId[] => {
    const isOurs = (id: SeriesId) => usage.classes[metricIdOf(id) ?? ''] !== undefined && mayCount(id, usage);
    const counted = [...series.filter((id) => mayCount(id, usage)), ...last.filter(isOurs)];
    return distinct(
      signs,
      canaries,
      counted,
      whereShown(counted, configuredIds(env)),
      withUncounted ? series.filter((id) => metricIdOf(id) !== undefined) : [],
    );
  },
);

function configuredIds({ MODELS }: SpendMeterEnv): readonly string[] {
  return MODELS.flatMap(({ metricIds }) => metricIds);
}

/** In two steps, both in this tick: what shows a use, and where one shows that was not known of, the rest of it. */
async function readMonth(
  { usage }: SpendMeterDeps,
  env: SpendMeterEnv,
  resolved: Resolved,
  month: UtcMonth,
  now: number,
): Promise<SeriesAnswer> {
  const from = monthStart(month);
  const to = (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
  const { wanted } = resolved;
  const first = await readHourly(usage, env.METER_REGIONS, wanted, from, to);
  if (first.kind === 'incomplete') return first;
  const shown = withPoints(first.series);
  const ids = shown.map(({ id }) => id).filter((id) => mayCount(id, resolved.usage));
  const more = moreOf(env, ids, wanted);
  const second = await readHourly(usage, env.METER_REGIONS, more, from, to);
  if (second.kind === 'incomplete') return second;
  return { kind: 'complete', series: [...shown, ...withPoints(second.series)] };
}

const moreOf = keepingLast((env: SpendMeterEnv, ids: readonly SeriesId[], wanted: readonly SeriesId[]) => {
  const more = without(whereShown(ids, configuredIds(env)), wanted);
  return more;
});

/** What holds nothing says nothing: most of what is asked for by name was never used. */
function withPoints(series: readonly Series[]): readonly Series[] {
  return series.filter(({ points }) => points.length > 0);
}

async function keepSeries(
  { state }: SpendMeterDeps,
  env: SpendMeterEnv,
  { stored, previous, month, series: before }: Known,
  resolved: Resolved,
  read: readonly Series[],
): Promise<void> {
  const ids = read.map(({ id }) => id);
  const { series, profiles } = ofMonth(env, before, ids, resolved.profiles, previous?.profiles, stored?.profiles);
  const same =
    stored !== undefined && stored.series.length === series.length && sameProfiles(stored.profiles, profiles);
  if (!same) await state.saveSeries({ month, series, profiles });
}

/** A month keeps what it has shown itself: of last month's profiles those that are used in it. */
const ofMonth = keepingLast(
  (
    _env: SpendMeterEnv,
    before: readonly SeriesId[],
    read: readonly SeriesId[],
    resolved: KnownSeries['profiles'],
    previous: KnownSeries['profiles'] | undefined,
    stored: KnownSeries['profiles'] | undefined,
  ): Pick<KnownSeries, 'series' | 'profiles'> => {
    const series = distinct(before, read);
    const used = new Set(series.map(metricIdOf));
    const isOld = (id: string) => previous?.[id] !== undefined && stored?.[id] === undefined;
    const profiles = Object.fromEntries(Object.entries(resolved).filter(([id]) => !isOld(id) || used.has(id)));
    return { series, profiles };
  },
);

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
