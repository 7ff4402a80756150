import {
  resolveUsage,
  type Remembered,
  type TaggedProfile,
  metricIdOf,
  type Series,
  type SeriesId,
  type UsageResolution,
  type ApplicationProfile,
  type ApplicationProfilesPort,
  type SeriesAnswer,
  type UsageMetricsPort,
} from '../core/meter';
import { keepingLast } from '../core/kept';
import type { KnownSeries } from '../core/decision';
import type { MeterSettings } from './meter-settings';

/** Whose the canary's tokens are: the guard's own, never the environment's. */
const CANARY_OWNER = "the guard's canary";

export interface ResolvedIds {
  readonly usage: UsageResolution;
  /** Profiles of this deployment, of earlier ones, and whose the others are by their tags: what {@link KnownSeries} keeps. */
  readonly profiles: KnownSeries['profiles'];
}

/** Whose every id in the series is, before anything is priced (trap 39). @throws ServiceError where profiles cannot be read */
export async function resolveIds(
  port: ApplicationProfilesPort,
  settings: MeterSettings,
  series: readonly SeriesId[],
  stored: KnownSeries | undefined,
): Promise<ResolvedIds> {
  const seen = idsIn(settings, series);
  const listed = await Promise.all(settings.METER_REGIONS.map((region) => port.list(region)));
  const others = usedOfOthers(settings, listed.flat(), seen);
  // Tags are asked for where an id is used and its owner is not known from the deployment.
  const environments = await Promise.all(others.map(({ arn }) => port.environmentOf(arn)));
  return resolved(settings, seen, others, environments, stored?.profiles);
}

const idsIn = keepingLast((_settings: MeterSettings, series: readonly SeriesId[]) => [
  ...new Set(series.flatMap((id) => metricIdOf(id) ?? [])),
]);

/** Profiles that are used and not of this deployment. */
const usedOfOthers = keepingLast(
  (
    { MODELS, CANARY_PROFILE_ID }: MeterSettings,
    listed: readonly ApplicationProfile[],
    seen: readonly string[],
  ): readonly ApplicationProfile[] => {
    const lastPart = (id: string) => id.slice(id.lastIndexOf('/') + 1);
    const used = new Set(seen.map(lastPart));
    const deployed = new Set([...MODELS.flatMap(({ metricIds }) => metricIds), CANARY_PROFILE_ID].map(lastPart));
    return listed.filter(({ id }) => used.has(id) && !deployed.has(id));
  },
);

const resolved = keepingLast(
  (
    settings: MeterSettings,
    seen: readonly string[],
    others: readonly ApplicationProfile[],
    environments: readonly (string | undefined)[],
    stored: KnownSeries['profiles'] | undefined,
  ): ResolvedIds => {
    const profiles = others.map(({ id, modelIds }, at): TaggedProfile => {
      const environment = environments[at];
      return { id, modelIds, ...(environment === undefined ? {} : { environment }) };
    });
    const known = { ...stored, ...deployedProfiles(settings) };
    const isGuards = ([, what]: readonly [string, string]) => what === CANARY_OWNER;
    const entries = Object.entries(known);
    const usage = resolveUsage({
      environment: settings.ENVIRONMENT,
      metering: settings.METERING,
      models: settings.MODELS,
      profiles,
      earlier: Object.fromEntries(entries.filter((one) => !isGuards(one)).map(([id, what]) => [id, remembered(what)])),
      guardOwn: Object.fromEntries(entries.filter(isGuards)),
      seen,
      prices: settings.PRICES,
      dearest: settings.DEAREST,
    });
    const byTag = profiles.flatMap((profile) => {
      const what = toRemember(profile, known[profile.id], settings);
      return what === undefined ? [] : [[profile.id, what] as const];
    });
    return { usage, profiles: { ...known, ...Object.fromEntries(byTag) } };
  },
);

/** Marks what is kept of a profile; without a mark it is of a deployment, and the model's id. */
const OWNER = 'environment/';
const BASE = 'foundation-model/';

function remembered(what: string): Remembered {
  if (what.startsWith(OWNER)) return { kind: 'foreign', owner: what.slice(OWNER.length) };
  if (what.startsWith(BASE)) return { kind: 'base', modelId: what.slice(BASE.length) };
  return { kind: 'model', id: what };
}

/** Of a profile that is not of this deployment: whose it is by its tag, or the model behind what counts here. */
function toRemember(
  { environment, modelIds: [modelId = ''] }: TaggedProfile,
  known: string | undefined,
  { ENVIRONMENT, METERING }: MeterSettings,
): string | undefined {
  if (environment !== undefined && environment !== ENVIRONMENT) return `${OWNER}${environment}`;
  const isOwn = environment === ENVIRONMENT;
  // What a deployment has left says more than the tag; a tag that was taken away says less than the one it was.
  if (known !== undefined && !(isOwn && known.startsWith(OWNER))) return known;
  return isOwn || METERING === 'account' ? `${BASE}${modelId}` : undefined;
}

/** Whether a series may count here: it has an id, and is neither somebody else's nor nobody's. */
export function mayCount(id: SeriesId, { classes }: UsageResolution): boolean {
  const metricId = metricIdOf(id);
  const kind = metricId === undefined ? undefined : classes[metricId]?.kind;
  return metricId !== undefined && kind !== 'foreign' && kind !== 'unguarded';
}

/** Sums by hour over [from, to), of all Regions. A Region that is incomplete makes the whole answer so. @throws ServiceError */
export async function readHourly(
  usage: Pick<UsageMetricsPort, 'hourly'>,
  regions: readonly string[],
  wanted: readonly SeriesId[],
  from: number,
  to: number,
): Promise<SeriesAnswer> {
  const answers = await Promise.all(
    regions.map(async (region) => {
      const own = byRegion(wanted).get(region);
      return own === undefined ? NOTHING_SHOWN : usage.hourly(region, own, from, to);
    }),
  );
  const series: Series[] = [];
  for (const answer of answers) {
    if (answer.kind === 'incomplete') return answer;
    series.push(...answer.series);
  }
  return { kind: 'complete', series };
}

const byRegion = keepingLast((wanted: readonly SeriesId[]): ReadonlyMap<string, readonly SeriesId[]> => {
  const regions = [...new Set(wanted.map(({ region }) => region))];
  return new Map(regions.map((region) => [region, wanted.filter((id) => id.region === region)]));
});

const NOTHING_SHOWN = { kind: 'complete', series: [] } as const;

/** Those of this deployment, so that the next one still knows them when they are gone. */
function deployedProfiles({ MODELS, CANARY_PROFILE_ID }: MeterSettings): KnownSeries['profiles'] {
  const opaque = MODELS.flatMap(({ metricIds, id: model }) =>
    metricIds.filter((id) => !id.includes('.')).map((id) => [id, model] as const),
  );
  const canary = CANARY_PROFILE_ID === '' ? [] : [[CANARY_PROFILE_ID, CANARY_OWNER] as const];
  return Object.fromEntries([...opaque, ...canary]);
}

/** Whether there is nothing new to keep. */
export function sameProfiles(a: KnownSeries['profiles'], b: KnownSeries['profiles']): boolean {
  const ids = Object.keys(a);
  return ids.length === Object.keys(b).length && ids.every((id) => a[id] === b[id]);
}
