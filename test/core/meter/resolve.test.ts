import { dearestOf, resolveUsage, type ResolveInput } from '../../../core/meter/resolve';
import type { MeteredModel } from '../../../core/meter/types';
import { picoUsdPerToken, type ModelPrice } from '../../../core/prices';
import { DEAREST, MODEL, PRICE } from '../../helpers/meter-world';

const price = (usd: number): ModelPrice => ({
  ...PRICE,
  input: picoUsdPerToken(usd),
  output: picoUsdPerToken(5 * usd),
});
const listed = (...entries: readonly (readonly [id: string, baseId: string, usd: number])[]) =>
  new Map(entries.map(([id, baseId, usd]) => [id, { baseId, price: price(usd) }]));

const input: ResolveInput = {
  environment: 'dev',
  metering: 'profiles',
  models: [
    {
      ...MODEL,
      metricIds: ['abc123', 'us.amazon.nova-lite-v1:0', MODEL.modelId],
      calledId: 'us.amazon.nova-lite-v1:0',
    },
  ],
  profiles: [
    { id: 'abc123', environment: 'dev', modelIds: [MODEL.modelId] },
    { id: 'ours2', environment: 'dev', modelIds: [MODEL.modelId] },
    { id: 'ours3', environment: 'dev', modelIds: ['x.unknown'] },
    { id: 'ours4', environment: 'dev', modelIds: ['x.listed'] },
    { id: 'theirs', environment: 'staging', modelIds: [MODEL.modelId] },
    { id: 'untagged', modelIds: [MODEL.modelId] },
    { id: 'moved', environment: 'staging', modelIds: [MODEL.modelId] },
    { id: 'stripped', modelIds: [MODEL.modelId] },
  ],
  earlier: {
    deleted: { kind: 'model', id: MODEL.id },
    byHand: { kind: 'base', modelId: MODEL.modelId },
    neighbours: { kind: 'foreign', owner: 'staging' },
    moved: { kind: 'base', modelId: MODEL.modelId },
    stripped: { kind: 'foreign', owner: 'staging' },
  },
  guardOwn: { canary: "the guard's canary" },
  seen: [],
  prices: listed(['x.listed', 'x.listed', 2], ['us.x.listed', 'x.listed', 3]),
  dearest: DEAREST,
};
const classOf = (id: string, over: Partial<ResolveInput> = {}) => {
  const found = resolveUsage({ ...input, ...over, seen: [id] }).classes[id];
  return found?.kind === 'foreign' ? `foreign: ${found.owner}` : found?.kind;
};
/** What a million input tokens of an id are counted at, in dollars. */
const usdOf = (id: string, over: Partial<ResolveInput> = {}) => {
  const { classes, dearest } = resolveUsage({ ...input, metering: 'account', ...over, seen: [id] });
  const found = classes[id];
  if (found?.kind === 'ours') return found.model.price.input / 1e6;
  if (found?.kind === 'listed') return found.price.input / 1e6;
  return found?.kind === 'unattributed' ? dearest.input / 1e6 : found?.kind;
};

describe('trap 39: ids are resolved before anything is counted', () => {
  test.each([
    ['abc123', 'ours', 'ours'],
    ['arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123', 'ours', 'ours'],
    ['ours2', 'ours', 'ours'],
    ['ours3', 'unattributed', 'unattributed'],
    ['ours4', 'listed', 'listed'],
    ['deleted', 'ours', 'ours'],
    ['byHand', 'ours', 'ours'],
    // Claimed by its tag, or was when it was last there: two guards must not both count it.
    ['theirs', 'foreign: staging', 'foreign: staging'],
    ['moved', 'foreign: staging', 'foreign: staging'],
    ['stripped', 'foreign: staging', 'foreign: staging'],
    ['neighbours', 'foreign: staging', 'foreign: staging'],
    ['canary', "foreign: the guard's canary", "foreign: the guard's canary"],
    ['untagged', 'foreign: a profile without an environment tag', 'ours'],
    ['whose', undefined, 'unattributed'],
    ['us.amazon.nova-lite-v1:0', 'unguarded', 'ours'],
    ['amazon.nova-lite-v1:0', 'unguarded', 'ours'],
    ['us.x.listed', 'unguarded', 'listed'],
    // A price is of the exact id: the global profile is another price, which nobody has.
    ['global.amazon.nova-lite-v1:0', 'unguarded', 'unattributed'],
    ['anthropic.claude-x', 'unguarded', 'unattributed'],
  ])('%s: metering profiles %s, metering the account %s', (id, profiles, account) => {
    expect(classOf(id)).toBe(profiles);
    expect(classOf(id, { metering: 'account' })).toBe(account);
  });
  test('of what nobody can tell there is no entry, rather than one without a class', () => {
    expect(Object.keys(resolveUsage({ ...input, seen: ['abc123', 'whose'] }).classes)).toEqual(['abc123']);
  });
  const arn = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123';
  test.each([
    ['the id, and CloudWatch the ARN', 'abc123', arn],
    ['the ARN, and so does CloudWatch', arn, arn],
    ['the id, and so does CloudWatch', 'abc123', 'abc123'],
  ])('a profile that nobody could list is ours by what the configuration has: %s', (_what, metricId, seen) => {
    expect(classOf(seen, { models: [{ ...MODEL, metricIds: [metricId] }], profiles: [] })).toBe('ours');
  });
  test('a profile whose tag was removed by hand is still ours by its id', () => {
    expect(classOf('abc123', { profiles: [{ id: 'abc123', modelIds: [] }] })).toBe('ours');
  });
  test('a profile that came back from another environment counts again', () => {
    const profiles = [{ id: 'neighbours', environment: 'dev', modelIds: [MODEL.modelId] }];
    expect(classOf('neighbours', { profiles })).toBe('ours');
  });
});

describe('trap 47: each id at its own price, and the dearest that it may be where nobody can tell', () => {
  const scoped = (scope: string, usd: number, metricId: string): MeteredModel => ({
    id: `${scope}.x.model`,
    modelId: 'x.model',
    calledId: `${scope}.x.model`,
    tier: 'large',
    price: price(usd),
    metricIds: [metricId, `${scope}.x.model`, 'x.model'],
  });
  const two: Partial<ResolveInput> = {
    models: [scoped('global', 5, 'ownGlobal'), scoped('us', 6, 'ownUs')],
    prices: listed(
      ['x.model', 'x.model', 4],
      ['eu.x.model', 'x.model', 7],
      ['x.other', 'x.other', 9],
      ['us.x.scoped', 'x.scoped', 3],
      ['eu.x.scoped', 'x.scoped', 2],
    ),
    profiles: [
      { id: 'tagged', environment: 'dev', modelIds: ['x.model'] },
      { id: 'other', environment: 'dev', modelIds: ['x.other'] },
      { id: 'scoped', environment: 'dev', modelIds: ['x.scoped'] },
    ],
    earlier: {
      wasGlobal: { kind: 'model', id: 'global.x.model' },
      wasUs: { kind: 'model', id: 'us.x.model' },
      wasEu: { kind: 'model', id: 'eu.x.model' },
      // As an earlier version of the guard kept it.
      wasBase: { kind: 'model', id: 'x.other' },
      wasScoped: { kind: 'model', id: 'x.scoped' },
      byHand: { kind: 'base', modelId: 'x.model' },
      gone: { kind: 'model', id: 'x.declared-once' },
    },
  };
  test.each([
    ['the own profile of the one scope', 'ownGlobal', 5],
    ['and of the other', 'ownUs', 6],
    ['the system-defined profile of the one', 'global.x.model', 5],
    ['and of the other', 'us.x.model', 6],
    ['one of an earlier deployment, by the model it had', 'wasGlobal', 5],
    ['and of the other', 'wasUs', 6],
    ['one whose model the configuration has dropped, at its list price', 'wasEu', 7],
    ['the base id called by itself: the dearest of what is configured and listed for it', 'x.model', 6],
    ['a profile by its tag alone, behind which any scope may be: the dearest of all', 'tagged', 7],
    ['the same, deleted', 'byHand', 7],
    ['a tagged one of a model that is not configured', 'other', 9],
    ['one that is listed by scope alone, as nobody knows which', 'scoped', 3],
    ['what an earlier version kept', 'wasBase', 9],
    ['the same of one that is listed by scope alone', 'wasScoped', 3],
    ['a scope that is listed and not configured', 'eu.x.model', 7],
    ['a scope that nobody has a price of: the dearest of all models', 'jp.x.model', 10],
    ['a model that was declared once and is no more', 'gone', 10],
  ])('%s: %s', (_what, id, usd) => expect(usdOf(id, two)).toBe(usd));

  test.each([
    ['is dearer than the configured ones', [['x.model', 'x.model', 8]], 8],
    ['is cheaper', [['x.model', 'x.model', 5]], 6],
    ['is not known', [], 6],
  ] as const)('the base id called by itself, whose list price %s', (_what, prices, usd) => {
    expect(usdOf('x.model', { ...two, prices: listed(...prices) })).toBe(usd);
  });

  const modelOf = (id: string, over: Partial<ResolveInput>) => {
    const found = resolveUsage({ ...input, metering: 'account', ...two, ...over, seen: [id] }).classes[id];
    return found?.kind === 'ours' ? found.model : undefined;
  };
  test('one alone is counted as it is configured, without a price for a cache that it has not', () => {
    const noCache = {
      ...scoped('us', 6, 'ownUs'),
      price: { ...price(6), cacheRead: 'unsupported', cacheWrite: 'unsupported' } as const,
    };
    expect(modelOf('ownUs', { models: [noCache] })).toEqual(noCache);
  });
  test.each([
    ['of one model, and listed', [scoped('us', 6, 'ownUs')], 'us.x.model', 7],
    ['of two, and listed', [scoped('global', 5, 'ownGlobal'), scoped('us', 6, 'ownUs')], 'us.x.model', 7],
    ['the dearer first', [scoped('us', 8, 'ownUs'), scoped('global', 5, 'ownGlobal')], 'us.x.model', 8],
  ])('where it may be one of several, it goes by the name of the dearest: %s', (_what, models, id, usd) => {
    expect(modelOf('tagged', { models })).toMatchObject({ id, price: price(usd) });
  });
  test('of two, each dearer in one component, both of the dearer', () => {
    const manyIn = { ...scoped('global', 9, 'ownGlobal'), price: { ...price(9), output: picoUsdPerToken(10) } };
    const manyOut = scoped('us', 6, 'ownUs');
    expect(modelOf('x.model', { models: [manyIn, manyOut], prices: listed() })).toMatchObject({
      id: 'us.x.model',
      price: { ...price(9), output: picoUsdPerToken(30) },
    });
  });
});

test('trap 16: the dearest is per component, and no price at all is an error', () => {
  const noCache = { ...DEAREST, cacheRead: 'unsupported', cacheWrite: 'unsupported' } as const;
  expect(dearestOf([PRICE, noCache])).toEqual({ ...DEAREST, cacheRead: DEAREST.input, cacheWrite: DEAREST.input });
  expect(() => dearestOf([])).toThrow(RangeError);
});

test('the dearest of several scopes of a model keeps its price of 5-minute writes, and of others has none', () => {
  const claude = { ...PRICE, cacheWrite5m: picoUsdPerToken('1.25') };
  const regional = { ...PRICE, cacheWrite5m: picoUsdPerToken('1.375') };
  expect(dearestOf([claude, regional]).cacheWrite5m).toBe(picoUsdPerToken('1.375'));
  expect(dearestOf([claude, PRICE])).not.toHaveProperty('cacheWrite5m');
});
