import { picoUsdPerToken, type ModelPrice, type PicoUsd } from '../core/prices';
import type { Declarations } from './declared';
import { findCallable, insteadOf, type FoundModel } from './find-model';
import type { ModelRoute, ResolvedModel } from './guard-config';
import type { CatalogueModel } from './models';
import { contextTokens, libraryPrice, splitId, type ListPrice } from './price-library';
import type { PriceOverride, QuotaOverride } from './model-shapes';
import type { EnvironmentInput } from './schema';

export type Prices = Readonly<Record<string, PriceOverride>>;
export type Quotas = Readonly<Record<string, QuotaOverride>>;

/** What a configuration is read for. */
export type Purpose = 'deploy' | 'operate';

/** What the configuration says of models for all environments, and what it is read for. */
export interface OwnModels {
  readonly prices: Prices;
  readonly quotas: Quotas;
  readonly declared: Declarations;
  readonly purpose: Purpose;
}

/** What became of one entry of a model list. Notices are for the deployer, whatever the outcome. */
export type ModelOutcome =
  | { readonly kind: 'model'; readonly model: ResolvedModel; readonly notices: readonly string[] }
  | { readonly kind: 'skipped'; readonly notices: readonly string[] }
  | { readonly kind: 'problem'; readonly text: string; readonly notices: readonly string[] };

type Entry = EnvironmentInput['models']['small'][number];
type Place = Pick<EnvironmentInput, 'region' | 'dataRegions' | 'models'>;

export function resolveModel(
  entry: Entry,
  tier: 'small' | 'large',
  place: Place,
  own: OwnModels,
  now: number,
): ModelOutcome {
  const finding = findCallable(entry.id, place.region, own.declared);
  if (finding.kind === 'unknown') return { kind: 'problem', text: finding.text, notices: [] };
  const facts = finding.kind === 'found' ? finding.model.facts : finding.facts;
  const replaces = finding.kind === 'found' ? finding.model.replaces : undefined;
  const notices = facts ? lifecycleNotices(facts, replaces, now) : [];
  const without = (text: string): ModelOutcome =>
    entry.optional
      ? { kind: 'skipped', notices: [...notices, `${text}: left out, as it is optional`] }
      : { kind: 'problem', text, notices };

  const taken = [...place.models.small, ...place.models.large].map(({ id }) => id);
  if (facts?.lifecycle.status === 'legacy') {
    const { endOfLife } = facts.lifecycle;
    const hasEnded = Date.parse(endOfLife) <= now;
    if (hasEnded && (entry.optional || own.purpose === 'deploy')) {
      return without(`'${entry.id}' has ended on ${endOfLife}${insteadText(facts)}`);
    }
    if (entry.optional && entry.legacy === undefined) {
      const why = "left out, as it is optional and a new account cannot call it; legacy: 'include' brings it back";
      return { kind: 'skipped', notices: [`${notices.join('; ')}: ${why}`] };
    }
  }
  if (finding.kind === 'unreachable') return without(`${finding.why}; ${insteadOf(finding.id, place.region, taken)}`);
  const elsewhere = answeredElsewhere(finding.model, place);
  if (elsewhere !== undefined) return without(elsewhere);
  const priced = priceOf(finding.model, own, (id) => insteadOf(id, place.region, taken));
  if ('problem' in priced) return without(priced.problem);

  const { model, notice } = resolved(entry, tier, finding.model, priced, own.quotas);
  return { kind: 'model', model, notices: [...notices, ...(notice === undefined ? [] : [notice])] };
}

function resolved(
  entry: Entry,
  tier: 'small' | 'large',
  { id, name, route, facts, replaces }: FoundModel,
  { price, shortContext, source }: ListPrice,
  quotas: Quotas,
): { readonly model: ResolvedModel; readonly notice: string | undefined } {
  // A document's quota is of the ways that it lists, and global. is none of them.
  const own = Object.hasOwn(quotas, id) ? quotas[id] : undefined;
  const quota = own ?? (isDocumented(route, facts) ? facts?.quota : undefined);
  const never = entry.longContext === 'never';
  const context = contextTokens(calledId(route));
  const model: ResolvedModel = {
    id,
    name,
    vendor: splitId(route.modelId).vendor,
    ...(facts ? { provider: facts.provider } : {}),
    tier,
    optional: entry.optional ?? false,
    ...(replaces === undefined ? {} : { replaces }),
    route,
    price: never && shortContext ? shortContext.price : price,
    ...(shortContext && !never ? { shortContext } : {}),
    ...(quota ? { quota } : {}),
    ...(facts?.maxOutput ? { maxOutputTokens: facts.maxOutput.tokens } : {}),
    ...(context === undefined ? {} : { contextTokens: context }),
    ...(facts?.longestAnswer ? { longestAnswerTokens: longestAnswer(facts) } : {}),
    priceSource: never && shortContext ? `${source}; here at the price of short contexts` : source,
    lifecycle: facts?.lifecycle ?? { status: 'unknown' },
    ...(facts?.replacement ? { replacement: facts.replacement } : {}),
    soldThroughMarketplace: facts?.soldThroughMarketplace ?? 'unknown',
  };
  const notice =
    shortContext && !never
      ? `${id} costs more above ${shortContext.upToTokens / 1_000}K tokens of context, which metrics do not tell apart: all of its tokens count at that price; longContext: 'never' counts the lower one`
      : undefined;
  return { model, notice };
}

function longestAnswer({ maxOutput, longestAnswer: found }: CatalogueModel): number {
  return Math.max(maxOutput?.tokens ?? 0, found?.tokens ?? 0);
}

/** The id that a caller names and a price list knows. */
export function calledId(route: ModelRoute): string {
  return route.via === 'crossRegion' ? route.profileId : route.modelId;
}

/** An override that no environment's models use was probably meant for another id: it must not be lost in silence. */
export function unusedPrices(prices: Prices, models: readonly ResolvedModel[]): readonly string[] {
  const called = new Set(models.map(({ route }) => calledId(route)));
  return Object.keys(prices).filter((id) => !called.has(id));
}

/** As for prices. */
export function unusedDeclarations(declared: Declarations, models: readonly ResolvedModel[]): readonly string[] {
  return [...declared.keys()].filter((id) => !models.some((model) => model.id === id));
}

/** As for prices. */
export function unusedQuotas(quotas: Quotas, models: readonly ResolvedModel[]): readonly string[] {
  return Object.keys(quotas).filter((id) => !models.some((model) => model.id === id));
}

/** What no document gives of an environment's models, one line for each thing; quotas stand with the overshoot estimate. */
export function unknownNotices(models: readonly ResolvedModel[]): readonly string[] {
  const named = (what: string, those: readonly ResolvedModel[], so: string) =>
    those.length === 0 ? [] : [`${what} unknown of ${those.map(({ id }) => id).join(', ')}: ${so}`];
  return [
    ...named(
      'lifecycle',
      models.filter(({ lifecycle }) => lifecycle.status === 'unknown'),
      'the hourly health check asks Bedrock',
    ),
    ...named(
      'destination Regions',
      models.filter(({ route }) => route.via === 'crossRegion' && route.destinationRegions === 'unknown'),
      'any Region may answer, through its own profile only',
    ),
  ];
}

function isDocumented(route: ModelRoute, facts: CatalogueModel | undefined): boolean {
  if (facts === undefined) return false;
  return route.via === 'onDemand' || facts.crossRegion.some(({ profileId }) => profileId === route.profileId);
}

/** Why a call might be answered where the configuration does not want it. */
function answeredElsewhere({ id, route }: FoundModel, { region, dataRegions }: Place): string | undefined {
  if (dataRegions === undefined) return undefined;
  const allowed = `dataRegions allows ${dataRegions.join(', ')}`;
  if (route.via === 'onDemand') {
    return dataRegions.includes(region) ? undefined : `'${id}' is answered in ${region}, and ${allowed}`;
  }
  if (splitId(route.profileId).scope === 'global') return `'${id}' may be answered in any Region, and ${allowed}`;
  if (route.destinationRegions === 'unknown') {
    return `where '${id}' is answered is not known here, and ${allowed}; declare it in declaredModels with its destinationRegions`;
  }
  const outside = route.destinationRegions.filter((one) => !dataRegions.includes(one));
  return outside.length === 0 ? undefined : `'${id}' may be answered in ${outside.join(', ')}, and ${allowed}`;
}

function lifecycleNotices(facts: CatalogueModel, replaces: string | undefined, now: number): string[] {
  if (replaces !== undefined)
    return [`Bedrock does not offer ${replaces}; ${facts.id} (${facts.name}) is used instead`];
  if (facts.lifecycle.status !== 'legacy') return [];
  const { endOfLife, extendedAccessFrom } = facts.lifecycle;
  const ended = Date.parse(endOfLife) <= now;
  const extended =
    extendedAccessFrom === undefined
      ? ''
      : `; from ${extendedAccessFrom} on its list price may no longer hold: set it in prices`;
  return [
    `${facts.id} is Legacy and its end of life ${ended ? 'was' : 'is'} ${endOfLife}${extended}${insteadText(facts)}`,
  ];
}

function insteadText({ replacement }: CatalogueModel): string {
  return replacement === undefined ? '' : `; replacement: ${replacement}`;
}

function priceOf(
  { id, route, facts, unpriced }: FoundModel,
  { prices, declared }: OwnModels,
  instead: (id: string) => string,
): ListPrice | { readonly problem: string } {
  const called = calledId(route);
  const override = Object.hasOwn(prices, called) ? prices[called] : undefined;
  if (override) return { price: overridden(override), source: override.source };
  const own = declared.get(id);
  if (own) return own;
  const add = `add '${called}' to prices in the config`;
  if (unpriced !== undefined) return { problem: `${unpriced}: ${add}; or ${instead(id)}` };
  const listed = libraryPrice(called, facts);
  return 'missing' in listed ? { problem: `no price for '${called}' (${listed.missing.join(', ')}): ${add}` } : listed;
}

function overridden(own: PriceOverride): ModelPrice {
  const cache = (value: number | 'unsupported'): PicoUsd | 'unsupported' =>
    value === 'unsupported' ? value : picoUsdPerToken(value);
  return {
    input: picoUsdPerToken(own.inputUsdPerMillionTokens),
    output: picoUsdPerToken(own.outputUsdPerMillionTokens),
    cacheRead: cache(own.cacheReadUsdPerMillionTokens),
    cacheWrite: cache(own.cacheWriteUsdPerMillionTokens),
  };
}
