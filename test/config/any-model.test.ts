import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { libraryModels, libraryPrice } from '../../config/price-library';
import { ConfigError } from '../../config/problems';
import { regions } from '../../config/regions';
import type { GuardInput } from '../../config/schema';
import type { ResolvedModel } from '../../config/guard-config';
import { picoUsdPerToken } from '../../core/prices';

const NOW = Date.parse('2026-11-28T00:00:00Z');
const HOME = 'us-east-1';
const everyRegion = Object.keys(regions).filter((region) => regions[region]!.missingTypes.length === 0);

interface Change {
  readonly region?: string;
  readonly small: readonly unknown[];
  readonly large?: readonly unknown[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly top?: Readonly<Record<string, unknown>>;
  readonly now?: number;
}

function inputOf({ region = HOME, small, large = [], environment = {}, top = {} }: Change): GuardInput {
  const { dev } = shipped.environments;
  const models = { ...dev!.models, small, large };
  return { environments: { dev: { ...dev, region, models, ...environment } }, ...top } as GuardInput;
}

function load(change: Change) {
  const { environments, notices } = loadGuard(inputOf(change), change.now ?? NOW);
  return { models: environments[0]!.models, notices: notices.map(({ text }) => text) };
}

function problemsOf(change: Change): readonly string[] {
  try {
    load(change);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, text }) => `${path}: ${text}`);
  }
  return [];
}

const one = (change: Omit<Change, 'small'> & { readonly id: string }): ResolvedModel =>
  load({ ...change, small: [{ id: change.id }] }).models[0]!;

describe('any model of the price library', () => {
  const inUs = libraryModels.filter(
    ({ id, scope }) =>
      [undefined, 'us', 'global'].includes(scope) && id !== 'us-gov' && !id.startsWith('meta.codellama'),
  );
  test.each(inUs.map(({ id }) => id))('stands in the config of some US Region: %s', (id) => {
    const works = ['us-east-1', 'us-east-2', 'us-west-2'].filter(
      (region) => problemsOf({ region, small: [{ id }] }).length === 0,
    );
    expect(works).not.toEqual([]);
  });

  const abroad: Readonly<Record<string, string>> = {
    eu: 'eu-central-1',
    apac: 'ap-south-1',
    jp: 'ap-northeast-1',
    au: 'ap-southeast-2',
    ca: 'ca-central-1',
    in: 'ap-south-1',
  };
  const scoped = libraryModels.flatMap(({ id, scope }) => {
    const region = scope === undefined ? undefined : abroad[scope];
    return region === undefined ? [] : [[id, region] as const];
  });
  test.each(scoped)('%s stands in the config of %s', (id, region) => {
    expect(problemsOf({ region, small: [{ id }] })).toEqual([]);
  });

  test('no scope of the library is forgotten by these tests', () => {
    const scopes = new Set(libraryModels.map(({ scope }) => scope));
    expect([...scopes].filter((scope) => scope !== undefined).sort()).toEqual(
      [...Object.keys(abroad), 'us', 'global', 'us-gov'].sort(),
    );
  });

  test.each(everyRegion)('global. is called from %s, at its own price, and lands anywhere', (region) => {
    const model = one({ region, id: 'global.anthropic.claude-opus-5' });
    expect(model).toMatchObject({
      id: 'global.anthropic.claude-opus-5',
      name: 'Claude Opus 5',
      route: {
        via: 'crossRegion',
        modelId: 'anthropic.claude-opus-5',
        profileId: 'global.anthropic.claude-opus-5',
        destinationRegions: 'unknown',
      },
      price: { input: picoUsdPerToken(5), output: picoUsdPerToken(25) },
      lifecycle: { status: 'unknown' },
      soldThroughMarketplace: 'unknown',
    });
    expect(model).not.toHaveProperty('quota');
  });

  test('without a scope it is called as its geography calls it, and never round the world', () => {
    expect(one({ id: 'anthropic.claude-opus-5' }).route).toMatchObject({ profileId: 'us.anthropic.claude-opus-5' });
    expect(one({ region: 'ap-southeast-2', id: 'anthropic.claude-opus-5' }).route).toMatchObject({
      profileId: 'au.anthropic.claude-opus-5',
    });
    expect(problemsOf({ region: 'sa-east-1', small: [{ id: 'anthropic.claude-opus-5' }] })).toEqual([
      expect.stringMatching(/models\.small\[0\]\.id: .*write 'global\.anthropic\.claude-opus-5' instead/),
    ]);
  });

  test('two scopes of one model stand side by side, each at its own price', () => {
    const { models } = load({
      small: [{ id: 'global.anthropic.claude-sonnet-5' }],
      large: [{ id: 'us.anthropic.claude-sonnet-5' }],
    });
    expect(models.map(({ id, price }) => [id, price.input])).toEqual([
      ['global.anthropic.claude-sonnet-5', picoUsdPerToken(2)],
      ['us.anthropic.claude-sonnet-5', picoUsdPerToken('2.2')],
    ]);
  });

  test('what no document gives is said to be unknown, not filled in', () => {
    const { notices } = load({ small: [{ id: 'us.openai.gpt-5.6-sol' }, { id: 'amazon.nova-lite-v1:0' }] });
    expect(notices).toContainEqual(expect.stringMatching(/^lifecycle unknown of us\.openai\.gpt-5\.6-sol: /));
    expect(notices).toContainEqual(expect.stringMatching(/^destination Regions unknown of us\.openai\.gpt-5\.6-sol: /));
  });

  test('a documented quota is not taken for another way of calling', () => {
    expect(one({ id: 'amazon.nova-2-lite-v1:0', region: 'us-east-1' })).not.toHaveProperty('quota');
    expect(one({ id: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' })).toHaveProperty('quota');
    expect(one({ id: 'global.anthropic.claude-haiku-4-5-20251001-v1:0' })).not.toHaveProperty('quota');
  });

  test('a price of the US is not taken for the price of another Region: the config gives it, or there is none', () => {
    const id = 'qwen.qwen3-vl-235b-a22b';
    expect(problemsOf({ region: 'eu-west-1', small: [{ id }] })).toEqual([
      expect.stringMatching(/no list has the price of 'qwen\.qwen3-vl-235b-a22b' in eu-west-1: add .* to prices/),
    ]);
    const price = {
      inputUsdPerMillionTokens: 0.7,
      outputUsdPerMillionTokens: 3,
      cacheReadUsdPerMillionTokens: 'unsupported',
      cacheWriteUsdPerMillionTokens: 'unsupported',
      source: 'price page, 2026-11-28',
    };
    expect(one({ region: 'eu-west-1', id, top: { prices: { [id]: price } } }).price.input).toBe(picoUsdPerToken('0.7'));
  });

  test('a rate of the source Region is not taken from the profile: us. from Canada', () => {
    expect(problemsOf({ region: 'ca-central-1', small: [{ id: 'us.anthropic.claude-opus-5' }] })).toEqual([
      expect.stringMatching(/ca-central-1 has a rate of its own for 'us\.anthropic\.claude-opus-5'/),
    ]);
  });
});

describe('the shipped configuration in another Region', () => {
  test.each(everyRegion)('%s: it loads, or says in one line a model what to write instead', (region) => {
    const environments = Object.fromEntries(
      Object.entries(shipped.environments).map(([name, environment]) => [name, { ...environment, region }]),
    );
    let problems: readonly { path: string; text: string }[] = [];
    try {
      loadGuard({ ...shipped, environments } as GuardInput, NOW);
    } catch (error) {
      problems = (error as ConfigError).problems;
    }
    for (const { path, text } of problems) {
      expect(path).toMatch(/^environments\.\w+\.models\.(small|large)\[\d\]\.id$/);
      const instead = /write '([^']+)'/.exec(text)?.[1];
      expect([text, instead]).toEqual([text, expect.any(String)]);
      expect(problemsOf({ region, small: [{ id: instead }] })).toEqual([]);
    }
  });
});

describe('long contexts', () => {
  const id = 'us.openai.gpt-5.6-sol';

  test('every token counts at the dearer price, which is said, as metrics do not tell', () => {
    const { models, notices } = load({ small: [{ id }] });
    expect(models[0]).toMatchObject({
      price: { input: picoUsdPerToken('8.8'), output: picoUsdPerToken(33), cacheWrite: picoUsdPerToken(11) },
      shortContext: { upToTokens: 200_000, price: { input: picoUsdPerToken('4.4'), output: picoUsdPerToken(22) } },
    });
    expect(notices).toContainEqual(expect.stringMatching(/us\.openai\.gpt-5\.6-sol costs more above 200K tokens/));
  });

  test('unless the config says that no call is so long', () => {
    const { models, notices } = load({ small: [{ id, longContext: 'never' }] });
    expect(models[0]!.price.input).toBe(picoUsdPerToken('4.4'));
    expect(models[0]!.priceSource).toContain('at the price of short contexts');
    expect(notices.filter((text) => text.includes('costs more above'))).toEqual([]);
  });
});

describe('cache prices that the library does not list', () => {
  test('reads count as input, writes at twice the input: never at nothing', () => {
    expect(libraryPrice('us.xai.grok-4.6')).toMatchObject({
      price: { cacheRead: picoUsdPerToken('0.55'), cacheWrite: picoUsdPerToken('4.4') },
    });
    expect(libraryPrice('zai.glm-5')).toMatchObject({
      price: { cacheRead: picoUsdPerToken(1), cacheWrite: picoUsdPerToken(2) },
      source: expect.stringContaining('not listed'),
    });
  });
});

describe('Legacy (trap 50)', () => {
  const llama = 'meta.llama3-1-70b-instruct-v1:0';
  const nova = { id: 'amazon.nova-lite-v1:0' };
  const endOfLife = Date.parse('2027-03-30T00:00:00Z');

  test('an optional one is left out, unless the account still uses it', () => {
    expect(load({ small: [{ id: llama, optional: true }, nova] }).models.map(({ id }) => id)).toEqual([nova.id]);
    const included = load({ small: [{ id: llama, optional: true, legacy: 'include' }, nova] });
    expect(included.models.map(({ id }) => id)).toEqual([llama, nova.id]);
  });

  test('a required one stays until its end of life', () => {
    expect(load({ small: [{ id: llama }], now: endOfLife - 1 }).models).toHaveLength(1);
    expect(problemsOf({ small: [{ id: llama }, nova], now: endOfLife })).toEqual([
      expect.stringMatching(/small\[0\]\.id: 'meta\.llama3-1-70b.*' has ended on 2027-03-30; replacement: /),
    ]);
  });

  test('who operates what was deployed is told of an end, and not kept from it', () => {
    const input = inputOf({ small: [{ id: llama }, nova] });
    const { environments, notices } = loadGuard(input, endOfLife, undefined, 'operate');
    expect(environments[0]!.models.map(({ id }) => id)).toEqual([llama, nova.id]);
    expect(notices).toContainEqual({ environment: 'dev', text: expect.stringMatching(/end of life was 2027-03-30/) });
    expect(() => loadGuard(input, endOfLife)).toThrow(ConfigError);
  });

  test('past its end an optional one is a note, whatever else is said of it', () => {
    const { models, notices } = load({
      small: [{ id: llama, optional: true, legacy: 'include' }, nova],
      now: endOfLife,
    });
    expect(models.map(({ id }) => id)).toEqual([nova.id]);
    expect(notices).toContainEqual(expect.stringMatching(/has ended on 2027-03-30.*left out, as it is optional/));
  });

  test('with a scope written out it is the same model', () => {
    expect(load({ small: [{ id: `us.${llama}`, optional: true }, nova] }).models.map(({ id }) => id)).toEqual([
      nova.id,
    ]);
  });

  test('where nothing is left that is an error', () => {
    expect(problemsOf({ small: [{ id: llama, optional: true }] })).toEqual([
      expect.stringMatching(/^environments\.dev\.models: leaves no model/),
    ]);
  });
});

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

describe('bad input', () => {
  test.each<[string, Change, RegExp]>([
    [
      'a typo names the nearest id',
      { small: [{ id: 'us.anthropic.claude-opus-4-9' }] },
      /got 'us\.anthropic\.claude-opus-4-9'; nearest known: 'us\.anthropic\.claude-opus-4-[678]'/,
    ],
    [
      'a scope that the model does not have',
      { region: 'ap-south-1', small: [{ id: 'apac.anthropic.claude-opus-5' }] },
      /anthropic\.claude-opus-5 is not known with the scope apac, but as: .*global\.anthropic\.claude-opus-5/,
    ],
    [
      'a Region that a profile cannot be called from',
      { region: 'us-east-1', small: [{ id: 'eu.anthropic.claude-opus-5' }] },
      /'eu\.anthropic\.claude-opus-5' cannot be called from us-east-1; write .*'us\.anthropic\.claude-opus-5'/,
    ],
    [
      'a Region that its card does not list',
      { region: 'eu-west-2', small: [{ id: 'eu.amazon.nova-lite-v1:0' }] },
      /cannot be called from eu-west-2, only from eu-central-1/,
    ],
    [
      'global. where prompts may not go everywhere',
      { small: [{ id: 'global.anthropic.claude-opus-5' }], environment: { dataRegions: [HOME] } },
      /may be answered in any Region, and dataRegions allows us-east-1/,
    ],
    [
      'a profile that answers outside',
      { small: [{ id: 'us.amazon.nova-lite-v1:0' }], environment: { dataRegions: [HOME, 'us-east-2'] } },
      /may be answered in us-west-2, and dataRegions allows us-east-1, us-east-2/,
    ],
    [
      'a profile of which nobody knows where',
      { small: [{ id: 'us.anthropic.claude-opus-5' }], environment: { dataRegions: [HOME] } },
      /where 'us\.anthropic\.claude-opus-5' is answered is not known here/,
    ],
    [
      'on demand outside',
      { small: [{ id: 'amazon.nova-lite-v1:0' }], environment: { dataRegions: ['eu-west-1'] } },
      /is answered in us-east-1, and dataRegions allows eu-west-1/,
    ],
    [
      'a dataRegion that is none',
      { small: [{ id: 'amazon.nova-lite-v1:0' }], environment: { dataRegions: [HOME, 'europe'] } },
      /dataRegions\[1\]: must be an AWS Region such as us-east-1, got 'europe'/,
    ],
    [
      'one call under two names',
      { small: [{ id: 'amazon.nova-2-lite-v1:0' }], large: [{ id: 'us.amazon.nova-2-lite-v1:0' }] },
      /large\[0\]\.id: calls 'us\.amazon\.nova-2-lite-v1:0', as 'amazon\.nova-2-lite-v1:0' does already/,
    ],
    [
      'an unknown word for legacy',
      { small: [{ id: 'amazon.nova-lite-v1:0', legacy: 'yes' }] },
      /small\[0\]\.legacy: must be 'include', got 'yes'/,
    ],
  ])('%s', (_, change, expected) => {
    expect(problemsOf(change)).toContainEqual(expect.stringMatching(expected));
  });

  test('within the allowed Regions all is well', () => {
    const environment = { dataRegions: [HOME, 'us-east-2', 'us-west-2'] };
    expect(problemsOf({ small: [{ id: 'us.amazon.nova-lite-v1:0' }], environment })).toEqual([]);
  });
});
