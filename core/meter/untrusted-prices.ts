import { HOUR_MS, utcDay } from '../calendar';
import { metricIdOf } from './series';
import type { MeterFinding, Series, UsageResolution } from './types';

/** By model as the configuration names it: ms since the epoch, from when on its list price is not trusted. */
export type ExtendedAccess = Readonly<Record<string, number>>;

/**
 * Models that were used after a higher price may have begun, which no list has: what they are counted at is a lower bound. Their
 * use before that date is priced as it was.
 */
export function untrustedPrices(
  { classes }: UsageResolution,
  series: readonly Series[],
  dates: ExtendedAccess,
): readonly MeterFinding[] {
  const used = new Map<string, number>();
  for (const { id, points } of series) {
    const kind = classes[metricIdOf(id) ?? ''];
    if (kind?.kind !== 'ours') continue;
    const { modelId } = kind.model;
    const from = dates[modelId];
    // A point is the sum of the hour that begins at its time.
    if (from !== undefined && points.some(({ at, value }) => value > 0 && at + HOUR_MS > from)) used.set(modelId, from);
  }
  return [...used].map(([modelId, from]) => ({
    kind: 'untrustedPrice',
    understates: true,
    text: `${modelId}: in extended access since ${utcDay(from)}, its list price may be too low; put its price into prices of the config`,
  }));
}

/** What the catalogue said at the deployment beside what Bedrock says since: the earlier counts. @param own models that the config prices itself */
export function datesOf(read: ExtendedAccess, deployed: ExtendedAccess, own: readonly string[]): ExtendedAccess {
  const ids = [...new Set([...Object.keys(read), ...Object.keys(deployed)])].filter((id) => !own.includes(id));
  return Object.fromEntries(
    ids.map((id) => [id, Math.min(read[id] ?? Number.POSITIVE_INFINITY, deployed[id] ?? Number.POSITIVE_INFINITY)]),
  );
}

export function sameDates(a: ExtendedAccess, b: ExtendedAccess): boolean {
  const ids = Object.keys(a);
  return ids.length === Object.keys(b).length && ids.every((id) => a[id] === b[id]);
}
