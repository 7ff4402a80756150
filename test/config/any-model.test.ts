import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { libraryModels } from '../../config/price-library';
import { ConfigError } from '../../config/problems';
import type { GuardInput } from '../../config/schema';
import { picoUsdPerToken } from '../../core/prices';
import { everyRegion, NOW, problemsOf, one, load } from './loaded-models';

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
