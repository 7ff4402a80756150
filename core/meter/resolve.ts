import type { ModelPrice, PicoUsd } from '../prices';
import type { MeteredModel, UsageClass, UsageResolution } from './types';
import type { Metering } from '../metering';

/** An application inference profile of the account, with the environment in its tag. */
export interface TaggedProfile {
  /** The last part of its ARN. */
  readonly id: string;
  readonly environment?: string;
  /** Base model ids behind it. */
  readonly modelIds: readonly string[];
}

/** What is known of a profile that was seen earlier: one that was deleted by hand goes on counting as it did. */
export type Remembered =
  /** Of a deployment: its model as the configuration named it then. */
  | { readonly kind: 'model'; readonly id: string }
  /** Counted here by its tag, or for want of one; the scope behind it is not known. */
  | { readonly kind: 'base'; readonly modelId: string }
  | { readonly kind: 'foreign'; readonly owner: string };

/** List prices by exact id, scope included. */
export type PriceList = ReadonlyMap<string, { readonly baseId: string; readonly price: ModelPrice }>;

export interface ResolveInput {
  readonly environment: string;
  readonly metering: Metering;
  readonly models: readonly MeteredModel[];
  /** Every application profile of the Region. Where they cannot be listed, the reading is unknown: do not resolve. */
  readonly profiles: readonly TaggedProfile[];
  /** By profile id. */
  readonly earlier: Readonly<Record<string, Remembered>>;
  /** Profiles of the guard itself, by id, with what they are for: reported, never counted. */
  readonly guardOwn?: Readonly<Record<string, string>>;
  /** Every id in the ModelId or Model dimension. */
  readonly seen: readonly string[];
  readonly prices: PriceList;
  /** Over the price list and all that the configuration prices itself. */
  readonly dearest: ModelPrice;
}

/** Whose each id is (trap 39). What cannot be told is left out, and `assess` makes a finding of it. */
export function resolveUsage(input: ResolveInput): UsageResolution {
  const classes = input.seen.flatMap((id) => {
    const found = classOf(id, input);
    return found === undefined ? [] : [[id, found] as const];
  });
  return { metering: input.metering, classes: Object.fromEntries(classes), dearest: input.dearest };
}

/** Per component the dearest; a model without a cache price is charged as input, so that counts. @throws RangeError on none */
export function dearestOf(prices: readonly ModelPrice[]): ModelPrice {
  if (prices.length === 0) throw new RangeError('no price is known, so the dearest is not either');
  const most = (component: keyof ModelPrice) =>
    Math.max(
      ...prices.map((price) => Number(price[component] === 'unsupported' ? price.input : price[component])),
    ) as PicoUsd;
  const shortLived = prices.map(({ cacheWrite5m }) => cacheWrite5m);
  return {
    input: most('input'),
    output: most('output'),
    cacheRead: most('cacheRead'),
    cacheWrite: most('cacheWrite'),
    // Of one model in several scopes, which all have it or none.
    ...(shortLived.every((one) => one !== undefined) && { cacheWrite5m: Math.max(...shortLived) as PicoUsd }),
  };
}

function classOf(seen: string, input: ResolveInput): UsageClass | undefined {
  const { guardOwn = {} } = input;
  const id = seen.slice(seen.lastIndexOf('/') + 1);
  if (Object.hasOwn(guardOwn, id)) return { kind: 'foreign', owner: guardOwn[id] ?? 'the guard' };
  return isOpaque(id) ? ofProfile(id, seen, input) : ofModel(id, input);
}

/** A system-defined profile or a model itself, called without a profile of anybody's. */
function ofModel(id: string, { metering, models, prices }: ResolveInput): UsageClass {
  if (metering === 'profiles') return { kind: 'unguarded' };
  const listed = prices.get(id);
  return (
    dearestModel(models.filter(({ calledId }) => calledId === id)) ??
    dearestModel(
      models.filter(({ modelId }) => modelId === id),
      listed && [listed.price],
    ) ??
    (listed ? { kind: 'listed', modelId: listed.baseId, price: listed.price } : { kind: 'unattributed' })
  );
}

function ofProfile(id: string, seen: string, input: ResolveInput): UsageClass | undefined {
  const { environment, metering, models, profiles, earlier } = input;
  const own = dearestModel(models.filter(({ metricIds }) => metricIds.includes(id) || metricIds.includes(seen)));
  if (own !== undefined) return own;
  const profile = profiles.find((one) => one.id === id);
  const remembered = Object.hasOwn(earlier, id) ? earlier[id] : undefined;
  // The tag of now before what was once: two environments must not both count what went from one to the other.
  const claimedBy = profile?.environment ?? (remembered?.kind === 'foreign' ? remembered.owner : undefined);
  if (claimedBy !== undefined && claimedBy !== environment) return { kind: 'foreign', owner: claimedBy };
  const isOwn = claimedBy === environment || remembered !== undefined;
  if (!isOwn && metering === 'profiles') {
    return profile && { kind: 'foreign', owner: 'a profile without an environment tag' };
  }
  return modelBehind(remembered, profile, input);
}

/** The model that was deployed behind it; else, as nobody knows the scope, the dearest of its base id. */
function modelBehind(
  remembered: Remembered | undefined,
  profile: TaggedProfile | undefined,
  { models, prices }: ResolveInput,
): UsageClass {
  if (remembered?.kind === 'model') {
    const deployed = dearestModel(models.filter(({ id }) => id === remembered.id));
    if (deployed !== undefined) return deployed;
    const listed = prices.get(remembered.id);
    if (listed) return { kind: 'listed', modelId: listed.baseId, price: listed.price };
  }
  const was =
    remembered?.kind === 'model' ? remembered.id : remembered?.kind === 'base' ? remembered.modelId : undefined;
  const bases = new Set([was, ...(profile?.modelIds ?? [])]);
  const listed = [...prices.values()].filter(({ baseId }) => bases.has(baseId));
  const listPrices = listed.map(({ price }) => price);
  const [first] = listed;
  return (
    dearestModel(
      models.filter(({ modelId }) => bases.has(modelId)),
      listPrices,
    ) ??
    (first === undefined
      ? { kind: 'unattributed' }
      : { kind: 'listed', modelId: first.baseId, price: dearestOf(listPrices) })
  );
}

/** Of several that it may be, at what the dearest of each component costs; with one alone, at its own price. */
function dearestModel(
  candidates: readonly MeteredModel[],
  others: readonly ModelPrice[] = [],
): Extract<UsageClass, { kind: 'ours' }> | undefined {
  const [first] = candidates.toSorted((a, b) => b.price.output - a.price.output);
  const prices = [...candidates.map(({ price }) => price), ...others];
  return first && { kind: 'ours', model: prices.length === 1 ? first : { ...first, price: dearestOf(prices) } };
}

/** Application profiles have an id without dots; every model id and system-defined profile has its provider before a dot. */
function isOpaque(id: string): boolean {
  return !id.includes('.');
}
