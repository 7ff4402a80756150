import type { ModelPrice, PicoUsd } from '../prices';
import type { MeteredModel, UsageClass, UsageResolution } from './types';

/** An application inference profile of the account, with the environment in its tag. */
export interface TaggedProfile {
  /** The last part of its ARN. */
  readonly id: string;
  readonly environment?: string;
  /** Base model ids behind it. */
  readonly modelIds: readonly string[];
}

export interface ResolveInput {
  readonly environment: string;
  readonly identity: 'profile' | 'direct';
  readonly models: readonly MeteredModel[];
  /** Every application profile of the Region. Where they cannot be listed, the reading is unknown: do not resolve. */
  readonly profiles: readonly TaggedProfile[];
  /** Profile id → base model id, of this environment's profiles seen earlier: one that was deleted by hand still counts. */
  readonly earlier: Readonly<Record<string, string>>;
  /** Profiles of the guard itself, by id, with what they are for: reported, never counted. */
  readonly guardOwn?: Readonly<Record<string, string>>;
  /** Every id in the ModelId or Model dimension. */
  readonly seen: readonly string[];
  /** Of all known models, not only the configured ones. */
  readonly prices: readonly ModelPrice[];
}

/** Whose each id is (trap 39). What cannot be told is left out, and `assess` makes a finding of it. */
export function resolveUsage(input: ResolveInput): UsageResolution {
  const classes = input.seen.flatMap((id) => {
    const found = classOf(id, input);
    return found === undefined ? [] : [[id, found] as const];
  });
  return { identity: input.identity, classes: Object.fromEntries(classes), dearest: dearestOf(input.prices) };
}

/** Per component the dearest; a model without a cache price is charged as input, so that counts. @throws RangeError on none */
export function dearestOf(prices: readonly ModelPrice[]): ModelPrice {
  if (prices.length === 0) throw new RangeError('no price is known, so the dearest is not either');
  const most = (component: keyof ModelPrice) =>
    Math.max(
      ...prices.map((price) => Number(price[component] === 'unsupported' ? price.input : price[component])),
    ) as PicoUsd;
  return { input: most('input'), output: most('output'), cacheRead: most('cacheRead'), cacheWrite: most('cacheWrite') };
}

function classOf(
  seen: string,
  { environment, identity, models, profiles, earlier, guardOwn = {} }: ResolveInput,
): UsageClass | undefined {
  const id = seen.slice(seen.lastIndexOf('/') + 1);
  if (Object.hasOwn(guardOwn, id)) return { kind: 'foreign', owner: guardOwn[id] ?? 'the guard' };
  const exact = models.find(({ metricIds }) => metricIds.includes(id) || metricIds.includes(seen));
  if (!isOpaque(id)) {
    // A system-defined profile or a model itself: nobody's in an account that is shared.
    if (identity === 'profile') return { kind: 'unguarded' };
    return exact === undefined ? { kind: 'unattributed' } : { kind: 'ours', model: exact };
  }
  if (exact !== undefined) return { kind: 'ours', model: exact };
  const profile = profiles.find((one) => one.id === id);
  const counts = identity === 'direct' || profile?.environment === environment || Object.hasOwn(earlier, id);
  if (counts) {
    const modelIds = [...(profile?.modelIds ?? []), ...(Object.hasOwn(earlier, id) ? [earlier[id]] : [])];
    const model = models.find(({ modelId }) => modelIds.includes(modelId));
    return model === undefined ? { kind: 'unattributed' } : { kind: 'ours', model };
  }
  return profile && { kind: 'foreign', owner: profile.environment ?? 'a profile without an environment tag' };
}

/** Application profiles have an id without dots; every model id and system-defined profile has its provider before a dot. */
function isOpaque(id: string): boolean {
  return !id.includes('.');
}
