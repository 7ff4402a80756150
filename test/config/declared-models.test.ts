import { load, problemsOf } from './loaded-models';

describe('declared models', () => {
  const declared = {
    id: 'us.vendor.new-model-v1:0',
    route: { profileOf: 'vendor.new-model-v1:0' },
    prices: { inputUsd: 1, outputUsd: 5, cacheReadUsd: 0.1, cacheWrite5mUsd: 1.25, cacheWrite1hUsd: 2 },
    why: 'AWS price page, 2026-11-28',
  };
  const small = [{ id: declared.id }];

  test('stand whole in the config, and cost what it says', () => {
    const [model] = load({ small, top: { declaredModels: [declared] } }).models;
    expect(model).toMatchObject({
      id: declared.id,
      route: { via: 'crossRegion', modelId: 'vendor.new-model-v1:0', destinationRegions: 'unknown' },
      price: { input: 1_000_000, output: 5_000_000, cacheRead: 100_000, cacheWrite: 2_000_000 },
      priceSource: 'declared in the config: AWS price page, 2026-11-28',
    });
  });

  test('on demand, without a cache', () => {
    const prices = {
      ...declared.prices,
      cacheReadUsd: 'unsupported',
      cacheWrite5mUsd: 'unsupported',
      cacheWrite1hUsd: 'unsupported',
    };
    const own = { ...declared, id: 'vendor.new-model-v1:0', route: 'onDemand', prices };
    const [model] = load({ small: [{ id: own.id }], top: { declaredModels: [own] } }).models;
    expect(model).toMatchObject({
      route: { via: 'onDemand', modelId: own.id },
      price: { cacheRead: 'unsupported', cacheWrite: 'unsupported' },
    });
  });

  test('an id that every object inherits has a price of its own and no quota', () => {
    const own = { ...declared, id: 'constructor', route: 'onDemand' };
    const { models } = load({ small: [{ id: own.id }], top: { declaredModels: [own] } });
    const [named] = load({ small, top: { declaredModels: [declared] } }).models;
    expect(models).toEqual([
      expect.objectContaining({ id: own.id, price: named!.price, priceSource: named!.priceSource }),
    ]);
    expect(models[0]!.quota).toEqual(named!.quota);
  });

  test.each<[string, readonly unknown[], RegExp]>([
    [
      'a price of 0',
      [{ ...declared, prices: { ...declared.prices, inputUsd: 0 } }],
      /declaredModels\[0\]\.prices\.inputUsd: must be more than 0, got 0/,
    ],
    [
      'a negative price',
      [{ ...declared, prices: { ...declared.prices, cacheReadUsd: -1 } }],
      /declaredModels\[0\]\.prices\.cacheReadUsd: .*got -1/,
    ],
    [
      'a missing component',
      [{ ...declared, prices: { ...declared.prices, cacheWrite1hUsd: undefined } }],
      /declaredModels\[0\]\.prices\.cacheWrite1hUsd: .*got nothing/,
    ],
    ['no reason', [{ ...declared, why: '' }], /declaredModels\[0\]\.why: /],
    ['no route', [{ ...declared, route: 'somehow' }], /declaredModels\[0\]\.route: .*'onDemand'.*got 'somehow'/],
    [
      'two of one id',
      [declared, declared],
      /declaredModels\[1\]\.id: repeats declaredModels\[0\], got 'us\.vendor\.new-model-v1:0'/,
    ],
    [
      'one that nothing uses',
      [declared, { ...declared, id: 'vendor.other' }],
      /declaredModels\[1\]\.id: is not a model of any environment, got 'vendor\.other'/,
    ],
  ])('%s is refused', (_, declaredModels, expected) => {
    expect(problemsOf({ small, top: { declaredModels } })).toContainEqual(expect.stringMatching(expected));
  });

  test('two ids that make the same name of a resource are refused', () => {
    const twin = { ...declared, id: 'us.vendor.new-model-v10' };
    const change = { small: [...small, { id: twin.id }], top: { declaredModels: [declared, twin] } };
    expect(problemsOf(change)).toContainEqual(
      expect.stringMatching(/small\[1\]\.id: differs from 'us\.vendor\.new-model-v1:0' in punctuation only/),
    );
  });

  test('all mistakes come at once', () => {
    const bad = { ...declared, prices: { ...declared.prices, inputUsd: 0 }, why: '' };
    const problems = problemsOf({
      small: [...small, { id: 'amazon.nova-lit-v1:0' }],
      top: { declaredModels: [bad, bad] },
    });
    for (const place of [
      'declaredModels[0].prices.inputUsd',
      'declaredModels[0].why',
      'declaredModels[1].id',
      'small[1].id',
    ]) {
      expect(problems).toContainEqual(expect.stringContaining(place));
    }
  });
});
