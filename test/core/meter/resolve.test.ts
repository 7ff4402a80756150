import { dearestOf, resolveUsage, type ResolveInput } from '../../../core/meter/resolve';
import { DEAREST, MODEL, PRICE } from '../../helpers/meter-world';

const input: ResolveInput = {
  environment: 'dev',
  identity: 'profile',
  models: [{ ...MODEL, metricIds: ['abc123', 'us.amazon.nova-lite-v1:0'] }],
  profiles: [
    { id: 'abc123', environment: 'dev', modelIds: [MODEL.modelId] },
    { id: 'ours2', environment: 'dev', modelIds: [MODEL.modelId] },
    { id: 'ours3', environment: 'dev', modelIds: ['x.unknown'] },
    { id: 'theirs', environment: 'staging', modelIds: [MODEL.modelId] },
    { id: 'untagged', modelIds: [MODEL.modelId] },
  ],
  earlier: { deleted: MODEL.modelId },
  seen: [],
  prices: [PRICE],
};
const classOf = (id: string, over: Partial<ResolveInput> = {}) => {
  const found = resolveUsage({ ...input, ...over, seen: [id] }).classes[id];
  return found?.kind === 'foreign' ? `foreign: ${found.owner}` : found?.kind;
};

describe('trap 39: ids are resolved before anything is counted', () => {
  test.each([
    ['abc123', 'ours', 'ours'],
    ['arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123', 'ours', 'ours'],
    ['ours2', 'ours', 'ours'],
    ['ours3', 'unattributed', 'unattributed'],
    ['deleted', 'ours', 'ours'],
    ['theirs', 'foreign: staging', 'ours'],
    ['untagged', 'foreign: a profile without an environment tag', 'ours'],
    ['whose', undefined, 'unattributed'],
    ['us.amazon.nova-lite-v1:0', 'unguarded', 'ours'],
    // A price is of the exact id: the global profile is another price.
    ['global.amazon.nova-lite-v1:0', 'unguarded', 'unattributed'],
    ['anthropic.claude-x', 'unguarded', 'unattributed'],
  ])('%s: in a shared account %s, in one of its own %s', (id, shared, own) => {
    expect(classOf(id)).toBe(shared);
    expect(classOf(id, { identity: 'direct' })).toBe(own);
  });
  test('a profile whose tag was removed by hand is still ours by its id', () => {
    expect(classOf('abc123', { profiles: [{ id: 'abc123', modelIds: [] }] })).toBe('ours');
  });
});

test('trap 16: the dearest is per component, and no price at all is an error', () => {
  const noCache = { ...DEAREST, cacheRead: 'unsupported', cacheWrite: 'unsupported' } as const;
  expect(dearestOf([PRICE, noCache])).toEqual({ ...DEAREST, cacheRead: DEAREST.input, cacheWrite: DEAREST.input });
  expect(() => dearestOf([])).toThrow(RangeError);
});
