import { HOUR_MS } from '../../core/calendar';
import { ServiceError } from '../../core/errors';
import type { CallUsage } from '../../core/health';
import { BEDROCK, type SeriesId } from '../../core/meter';
import { pauseAfter, WAITS } from '../../core/verify';
import type { Verification } from './context';

/** Longer than any answer of one token takes. */
const CALL_MS = 60_000;

/** One call of one token through a profile, again while Bedrock does not know the new profile yet. @throws ServiceError */
export async function callProfile(v: Verification, profileArn: string): Promise<CallUsage> {
  const { verify, pace } = v.services;
  const began = v.now();
  for (;;) {
    try {
      const usage = await verify.caller.callOnce(profileArn, pace.timeout(CALL_MS));
      v.use(usage);
      return usage;
    } catch (error) {
      const isNew = error instanceof ServiceError && error.refusal === 'notFound';
      if (!isNew || v.now() - began > WAITS.ready) throw error;
      await v.sleep(pauseAfter(v.now() - began));
    }
  }
}

/** The opaque part of a profile's ARN, which ModelId is expected to hold. */
export function idOf(profileArn: string): string {
  return profileArn.slice(profileArn.lastIndexOf('/') + 1);
}

export function seriesOf(v: Verification, metric: string, modelId: string): SeriesId {
  return { namespace: BEDROCK, region: v.environment.region, metric, dimensions: { ModelId: modelId } };
}

/**
 * What each series holds since the start of the hour that `from` is in.
 * @returns undefined: CloudWatch did not answer in full, which is no zero
 * @throws ServiceError where it refuses
 */
export async function sums(
  v: Verification,
  series: readonly SeriesId[],
  from: number,
): Promise<readonly number[] | undefined> {
  const start = Math.floor(from / HOUR_MS) * HOUR_MS;
  const end = (Math.floor(v.now() / HOUR_MS) + 1) * HOUR_MS;
  v.use({ seriesAsked: series.length });
  const answer = await passing(() => v.services.verify.metrics.hourly(v.environment.region, series, start, end));
  if (answer === undefined || answer.kind === 'incomplete') return undefined;
  return answer.series.map(({ points }) => points.reduce((sum, { value }) => sum + value, 0));
}

/** What a service cannot say for now is asked again by the next look. @throws ServiceError on a refusal that stays */
export async function passing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServiceError && ['throttled', 'timedOut', 'unavailable'].includes(error.refusal)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Looks until a look says that it is enough, or the wait is over.
 * @param from when what is waited for began
 * @returns how long it was waited
 */
export async function looking(
  v: Verification,
  from: number,
  waitMs: number,
  look: () => Promise<boolean>,
): Promise<number> {
  for (;;) {
    if ((await look()) || v.now() - from >= waitMs) return v.now() - from;
    await v.sleep(pauseAfter(v.now() - from));
  }
}
