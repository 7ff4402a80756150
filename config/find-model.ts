import { closest } from 'fastest-levenshtein';
import type { Declarations } from './declared';
import type { ModelRoute } from './guard-config';
import { catalogue, findModel, routeFrom, type CatalogueModel } from './models';
import { libraryModel, libraryModels, splitId } from './price-library';
import { shown } from './problems';
import { isCalledFrom, scopesOf } from './scopes';

const MOST_ALTERNATIVES = 3;

/** A model of the configuration, found, with the way it is called from a Region. */
export interface FoundModel {
  readonly id: string;
  readonly name: string;
  readonly route: ModelRoute;
  /** What documents say of it. Absent: nothing that this project has read. */
  readonly facts?: CatalogueModel;
  readonly replaces?: string;
  /** No list has its price as called from here: the configuration must. */
  readonly unpriced?: string;
}

export type Finding =
  | { readonly kind: 'found'; readonly model: FoundModel }
  /** Known, and not to be called from this Region: why, without what to write instead ({@link insteadOf}). */
  | { readonly kind: 'unreachable'; readonly id: string; readonly facts?: CatalogueModel; readonly why: string }
  | { readonly kind: 'unknown'; readonly text: string };

/** By exact id only: an id that is nearly right is another model, with another price (trap 16). */
export function findCallable(id: string, region: string, declared: Declarations): Finding {
  const own = declared.get(id);
  if (own) return { kind: 'found', model: { id, name: own.name, route: own.route } };
  const { scope, baseId } = splitId(id);
  if (scope !== undefined) return scoped(id, scope, baseId, region);
  const asked = findModel(id);
  if (asked) return catalogued(asked, region);
  const listed = libraryModel(id);
  return listed === undefined ? unknownModel(id, declared) : unscoped({ id, name: listed.name }, region);
}

/** Whether an id is known at all, from whatever Region. */
export function isKnownModel(id: string, declared: { has(id: string): boolean }): boolean {
  return declared.has(id) || libraryModel(id) !== undefined || findModel(id) !== undefined || isProfileOf(id);
}

/** What to say of an id that nobody knows. */
export function unknownModel(
  id: string,
  declared: { keys(): Iterable<string> },
): Extract<Finding, { kind: 'unknown' }> {
  const known = [...new Set([...libraryModels, ...catalogue].map((model) => model.id)), ...declared.keys()];
  const { scope, baseId } = splitId(id);
  const scopes = idsOf(baseId);
  const hint =
    scope !== undefined && scopes.length > 0
      ? `${baseId} is not known with the scope ${scope}, but as: ${scopes.join(', ')}`
      : `nearest known: '${closest(id, known)}'`;
  return {
    kind: 'unknown',
    text: `must be a model of the price library or the catalogue, or one of declaredModels, got ${shown(id)}; ${hint}`,
  };
}

/** With its scope written out: called just so, or not at all. */
function scoped(id: string, scope: string, baseId: string, region: string): Finding {
  const facts = findModel(baseId);
  const rows = facts?.crossRegion.filter(({ profileId }) => profileId === id) ?? [];
  const listed = libraryModel(id);
  const name = facts?.name ?? listed?.name;
  if (name === undefined || (listed === undefined && rows.length === 0)) return unknownModel(id, new Map());
  const found = (destinationRegions: readonly string[] | 'unknown', unpriced?: string): Finding => ({
    kind: 'found',
    model: {
      id,
      name,
      route: { via: 'crossRegion', modelId: baseId, profileId: id, destinationRegions },
      ...(facts ? { facts } : {}),
      ...(unpriced === undefined ? {} : { unpriced }),
    },
  });
  const row = rows.find(({ sourceRegions }) => sourceRegions.includes(region));
  if (row) return found(row.destinationRegions);
  const isCalled = isCalledFrom(scope, region);
  if (isCalled === 'atAnotherRate') {
    return found('unknown', `${region} has a rate of its own for '${id}', which no list here has`);
  }
  // Where a card lists the Regions, they are all there are.
  if (isCalled !== false && rows.length === 0) return found('unknown');
  const from = rows.flatMap(({ sourceRegions }) => sourceRegions);
  const where = from.length > 0 ? `, only from ${[...new Set(from)].join(', ')}` : '';
  return unreachable(id, `'${id}' cannot be called from ${region}${where}`, facts);
}

function catalogued(asked: CatalogueModel, region: string): Finding {
  const used = asked.lifecycle.status === 'notOffered' ? findModel(asked.replacement ?? '') : asked;
  if (!used) return { kind: 'unknown', text: `Bedrock does not offer '${asked.id}', and no replacement is known` };
  const replaced = used === asked ? {} : { replaces: asked.id };
  const route = routeFrom(used, region);
  if (route) return { kind: 'found', model: { id: used.id, name: used.name, route, facts: used, ...replaced } };
  return unscoped({ id: used.id, name: used.name, facts: used, ...replaced }, region);
}

/** Through the profile of the Region's geography, or else on demand, at a price that holds there. */
function unscoped(model: Omit<FoundModel, 'route'>, region: string): Finding {
  const { id, facts } = model;
  const profileId = scopesOf(region)
    .map((scope) => `${scope}.${id}`)
    .find(
      (profile) => libraryModel(profile) !== undefined && !facts?.crossRegion.some((row) => row.profileId === profile),
    );
  if (profileId !== undefined) {
    const route = { via: 'crossRegion', modelId: id, profileId, destinationRegions: 'unknown' } as const;
    return { kind: 'found', model: { ...model, route } };
  }
  if (facts && !facts.unpricedRegions?.includes(region)) {
    return unreachable(id, `'${id}' cannot be called from ${region}`, facts);
  }
  // The library's price of an id without a scope is that of the US: up to 20% more has been seen elsewhere.
  const unpriced = facts || !region.startsWith('us-') ? `no list has the price of '${id}' in ${region}` : undefined;
  const route = { via: 'onDemand', modelId: id } as const;
  return { kind: 'found', model: { ...model, route, ...(unpriced === undefined ? {} : { unpriced }) } };
}

function unreachable(id: string, why: string, facts: CatalogueModel | undefined): Finding {
  return { kind: 'unreachable', id, why, ...(facts ? { facts } : {}) };
}

/**
 * What to write in a Region in place of an id, in words: the same model in another way, or else others.
 * @param taken ids that the environment has already
 */
export function insteadOf(id: string, region: string, taken: readonly string[]): string {
  const { baseId } = splitId(id);
  const same = idsOf(baseId).filter((one) => one !== id && splitId(one).scope !== undefined && isPriced(one, region));
  const others = same.length > 0 ? same : alternatives(id, region, taken);
  const write = others.length > 0 ? `write ${others.map((one) => `'${one}'`).join(' or ')} instead, ` : '';
  return `${write}declare it in declaredModels, or mark it optional`;
}

/** Active models that documents know, those of the same vendor first; then what is called from everywhere. */
function alternatives(id: string, region: string, taken: readonly string[]): readonly string[] {
  const { vendor } = splitId(id);
  const documented = catalogue.filter((model) => model.lifecycle.status === 'active').map((model) => model.id);
  const global = libraryModels.filter(({ scope }) => scope === 'global').map((model) => model.id);
  const ids = [...documented, ...global].filter((one) => one !== id && !taken.includes(one) && isPriced(one, region));
  const own = ids.filter((one) => splitId(one).vendor === vendor);
  return [...own, ...ids.filter((one) => !own.includes(one))].slice(0, MOST_ALTERNATIVES);
}

function isPriced(id: string, region: string): boolean {
  const finding = findCallable(id, region, new Map());
  return finding.kind === 'found' && finding.model.unpriced === undefined;
}

function idsOf(baseId: string): readonly string[] {
  const listed = libraryModels.filter((model) => model.baseId === baseId).map(({ id }) => id);
  const rows = findModel(baseId)?.crossRegion.map(({ profileId }) => profileId) ?? [];
  return [...new Set([...listed, ...rows])].sort();
}

function isProfileOf(id: string): boolean {
  return catalogue.some(({ crossRegion }) => crossRegion.some(({ profileId }) => profileId === id));
}
