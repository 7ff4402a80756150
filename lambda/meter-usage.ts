import { resolveUsage, type TaggedProfile } from '../core/meter/resolve';
import { metricIdOf } from '../core/meter/series';
import type { KnownSeries } from '../core/meter/state';
import type { Series, SeriesId, UsageResolution } from '../core/meter/types';
import type { ApplicationProfilesPort } from '../core/ports/application-profiles';
import type { SeriesAnswer, UsageMetricsPort } from '../core/ports/usage-metrics';
import type { MeterSettings } from './meter-settings';

/** Whose the canary's tokens are: the guard's own, never the environment's. */
const CANARY_OWNER = "the guard's canary";

export interface ResolvedIds {
  readonly usage: UsageResolution;
  /** Own profiles of this deployment, of earlier ones, and of those that carry the tag: what {@link KnownSeries} keeps. */
  readonly profiles: KnownSeries['profiles'];
}

/** Whose every id in the series is, before anything is priced (trap 39). @throws ServiceError where profiles cannot be read */
export async function resolveIds(
  port: ApplicationProfilesPort,
  settings: MeterSettings,
  series: readonly SeriesId[],
  stored: KnownSeries | undefined,
): Promise<ResolvedIds> {
  const seen = [...new Set(series.flatMap((id) => metricIdOf(id) ?? []))];
  const profiles = await taggedProfiles(port, settings, seen);
  const remembered = { ...stored?.profiles, ...deployedProfiles(settings) };
  const isGuards = ([, what]: readonly [string, string]) => what === CANARY_OWNER;
  const usage = resolveUsage({
    environment: settings.ENVIRONMENT,
    identity: settings.IDENTITY,
    models: settings.MODELS,
    profiles,
    earlier: Object.fromEntries(Object.entries(remembered).filter((one) => !isGuards(one))),
    guardOwn: Object.fromEntries(Object.entries(remembered).filter(isGuards)),
    seen,
    prices: [settings.DEAREST],
  });
  const own = profiles.filter(({ environment }) => environment === settings.ENVIRONMENT);
  return {
    usage,
    profiles: { ...Object.fromEntries(own.map(({ id, modelIds: [model = ''] }) => [id, model])), ...remembered },
  };
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
      const own = wanted.filter((id) => id.region === region);
      return own.length === 0 ? NOTHING_SHOWN : usage.hourly(region, own, from, to);
    }),
  );
  const series: Series[] = [];
  for (const answer of answers) {
    if (answer.kind === 'incomplete') return answer;
    series.push(...answer.series);
  }
  return { kind: 'complete', series };
}

const NOTHING_SHOWN = { kind: 'complete', series: [] } as const;

/** Those of this deployment, so that the next one still knows them when they are gone. */
function deployedProfiles({ MODELS, CANARY_PROFILE_ID }: MeterSettings): KnownSeries['profiles'] {
  const opaque = MODELS.flatMap(({ metricIds, modelId }) =>
    metricIds.filter((id) => !id.includes('.')).map((id) => [id, modelId] as const),
  );
  const canary = CANARY_PROFILE_ID === '' ? [] : [[CANARY_PROFILE_ID, CANARY_OWNER] as const];
  return Object.fromEntries([...opaque, ...canary]);
}

/** Tags are asked for where an id is used and its owner is not known from the deployment. */
async function taggedProfiles(
  port: ApplicationProfilesPort,
  { METER_REGIONS, MODELS, CANARY_PROFILE_ID }: MeterSettings,
  seen: readonly string[],
): Promise<readonly TaggedProfile[]> {
  const lastPart = (id: string) => id.slice(id.lastIndexOf('/') + 1);
  const used = new Set(seen.map(lastPart));
  const deployed = new Set([...MODELS.flatMap(({ metricIds }) => metricIds), CANARY_PROFILE_ID].map(lastPart));
  const listed = (await Promise.all(METER_REGIONS.map((region) => port.list(region)))).flat();
  return Promise.all(
    listed
      .filter(({ id }) => used.has(id) && !deployed.has(id))
      .map(async ({ id, arn, modelIds }) => {
        const environment = await port.environmentOf(arn);
        return { id, modelIds, ...(environment === undefined ? {} : { environment }) };
      }),
  );
}
