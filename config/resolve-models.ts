import { picoUsdPerToken, type ModelPrice, type PicoUsd } from '../core/prices';
import type { ModelRoute, ResolvedModel } from './guard-config';
import { catalogue, findModel, routeFrom, type CatalogueModel } from './models';
import { libraryPrice, splitId } from './price-library';
import type { PriceOverride, QuotaOverride } from './schema';

export type Prices = Readonly<Record<string, PriceOverride>>;
export type Quotas = Readonly<Record<string, QuotaOverride>>;

/** What to say of an id that the catalogue lacks. */
export function unknownModel(id: string): string {
  const known = catalogue.map((model) => model.id).join(', ');
  return `must be a model of config/models.ts, got '${id}'; known: ${known}`;
}

/** What became of one entry of a model list. Notices are for the deployer, whatever the outcome. */
export type ModelOutcome =
  | { readonly kind: 'model'; readonly model: ResolvedModel; readonly notices: readonly string[] }
  | { readonly kind: 'skipped'; readonly notices: readonly string[] }
  | { readonly kind: 'problem'; readonly text: string; readonly notices: readonly string[] };

export function resolveModel(
  entry: { readonly id: string; readonly optional?: boolean | undefined },
  tier: 'small' | 'large',
  region: string,
  { prices, quotas }: { readonly prices: Prices; readonly quotas: Quotas },
  now: number,
): ModelOutcome {
  const asked = findModel(entry.id);
  if (!asked) return { kind: 'problem', text: unknownModel(entry.id), notices: [] };
  const used = asked.lifecycle.status === 'notOffered' ? findModel(asked.replacement ?? '') : asked;
  if (!used)
    return { kind: 'problem', text: `Bedrock does not offer '${asked.id}', and no replacement is known`, notices: [] };

  const notices = lifecycleNotices(asked, used, now);
  const route = routeFrom(used, region);
  if (!route) {
    const text = `'${used.id}' cannot be called from ${region}`;
    return entry.optional
      ? { kind: 'skipped', notices: [...notices, `${text}: left out, as it is optional`] }
      : { kind: 'problem', text: `${text}; choose another model or Region, or mark it optional`, notices };
  }
  const called = calledId(route);
  const priced = priceOf(called, used, prices);
  if ('missing' in priced) {
    return {
      kind: 'problem',
      text: `no price for '${called}' (${priced.missing.join(', ')}): add it to prices in config/budget-tiers.ts`,
      notices,
    };
  }
  const quota = quotas[used.id] ?? used.quota;
  const model: ResolvedModel = {
    id: used.id,
    name: used.name,
    vendor: splitId(used.id).vendor,
    tier,
    optional: entry.optional ?? false,
    ...(used.id === asked.id ? {} : { replaces: asked.id }),
    route,
    price: priced.price,
    ...(quota ? { quota } : {}),
    priceSource: priced.source,
    lifecycle: used.lifecycle,
    ...(used.replacement ? { replacement: used.replacement } : {}),
    soldThroughMarketplace: used.soldThroughMarketplace,
  };
  return { kind: 'model', model, notices };
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
export function unusedQuotas(quotas: Quotas, models: readonly ResolvedModel[]): readonly string[] {
  return Object.keys(quotas).filter((id) => !models.some((model) => model.id === id));
}

function lifecycleNotices(asked: CatalogueModel, used: CatalogueModel, now: number): string[] {
  if (used.id !== asked.id) return [`Bedrock does not offer ${asked.id}; ${used.id} (${used.name}) is used instead`];
  if (used.lifecycle.status !== 'legacy') return [];
  const { endOfLife } = used.lifecycle;
  const ended = Date.parse(endOfLife) <= now;
  const instead = used.replacement ? `; replacement: ${used.replacement}` : '';
  return [`${used.id} is Legacy and its end of life ${ended ? 'was' : 'is'} ${endOfLife}${instead}`];
}

function priceOf(
  calledId: string,
  model: CatalogueModel,
  prices: Prices,
): { readonly price: ModelPrice; readonly source: string } | { readonly missing: readonly string[] } {
  const own = prices[calledId];
  if (!own) return libraryPrice(calledId, model);
  const cache = (value: number | 'unsupported'): PicoUsd | 'unsupported' =>
    value === 'unsupported' ? value : picoUsdPerToken(value);
  return {
    price: {
      input: picoUsdPerToken(own.inputUsdPerMillionTokens),
      output: picoUsdPerToken(own.outputUsdPerMillionTokens),
      cacheRead: cache(own.cacheReadUsdPerMillionTokens),
      cacheWrite: cache(own.cacheWriteUsdPerMillionTokens),
    },
    source: own.source,
  };
}
