import fc from 'fast-check';
import { uncovered } from '../../../cli/diff/covers';
import { includes } from '../../../cli/diff/patterns';
import type { Statement } from '../../../cli/diff/statements';

const statement = (changes: Partial<Statement> = {}): Statement => ({
  sid: undefined,
  effect: 'Allow',
  actions: ['s3:GetObject'],
  resources: ['arn:aws:s3:::bucket/*'],
  principals: [],
  conditions: {},
  opaque: undefined,
  ...changes,
});

describe('a pattern includes another', () => {
  test.each([
    ['*', 'anything', true],
    ['a', 'a', true],
    ['a', 'b', false],
    ['bedrock:Invoke*', 'bedrock:InvokeModel', true],
    ['bedrock:Invoke*', 'bedrock:Invoke*', true],
    ['bedrock:Invoke*', 'bedrock:InvokeModel*', true],
    ['bedrock:InvokeModel*', 'bedrock:Invoke*', false],
    ['bedrock:InvokeModel', 'bedrock:Invoke*', false],
    ['a?', 'ab', true],
    ['a?', 'a*', false],
    ['a?', 'a', false],
    ['a*', 'a?', true],
    ['arn:${AWS::AccountId}:x/*', 'arn:${AWS::AccountId}:x/y', true],
    ['a.b*', 'axbc', false],
  ])('%s includes %s: %p', (pattern, value, expected) => {
    expect(includes(pattern, value)).toBe(expected);
  });
});

describe('what a statement says beyond others', () => {
  test.each<[string, Statement, readonly Statement[], number]>([
    ['its equal', statement(), [statement()], 0],
    ['a wider action', statement(), [statement({ actions: ['s3:Get*'] })], 0],
    ['an action in other letters', statement({ actions: ['S3:getobject'] }), [statement()], 0],
    ['a narrower action', statement({ actions: ['s3:*'] }), [statement()], 1],
    ['a wider resource', statement(), [statement({ resources: ['*'] })], 0],
    ['another resource', statement({ resources: ['*'] }), [statement()], 1],
    ['no other', statement(), [], 1],
    ['the opposite effect', statement(), [statement({ effect: 'Deny' })], 1],
    ['another principal', statement({ principals: ['*'] }), [statement({ principals: ['AWS a'] })], 1],
    ['anybody', statement({ principals: ['AWS a'] }), [statement({ principals: ['*'] })], 0],
    ['a condition less', statement(), [statement({ conditions: { 'StringEquals k': ['v'] } })], 1],
    ['a condition more', statement({ conditions: { 'StringEquals k': ['v'] } }), [statement()], 0],
    [
      'one value of two',
      statement({ conditions: { 'StringEquals k': ['v'] } }),
      [statement({ conditions: { 'StringEquals k': ['v', 'w'] } })],
      0,
    ],
    [
      'two values of one',
      statement({ conditions: { 'StringEquals k': ['v', 'w'] } }),
      [statement({ conditions: { 'StringEquals k': ['v'] } })],
      1,
    ],
    [
      'fewer values where each excludes',
      statement({ conditions: { 'StringNotEquals k': ['v'] } }),
      [statement({ conditions: { 'StringNotEquals k': ['v', 'w'] } })],
      1,
    ],
    [
      'two statements together',
      statement({ actions: ['a:x', 'a:y'] }),
      [statement({ actions: ['a:x'] }), statement({ actions: ['a:y'] })],
      0,
    ],
  ])('%s', (_, one, others, expected) => {
    expect(uncovered(one, others)).toHaveLength(expected);
  });

  test('a form that is not read is covered by its equal alone', () => {
    const odd = statement({ opaque: '{"NotAction":"x"}' });
    expect(uncovered(odd, [odd])).toEqual([]);
    expect(uncovered(odd, [statement({ actions: ['*'], resources: ['*'] })])).toBe('everything');
  });
});

test('property: a statement never says more than itself, nor than itself with anything added', () => {
  const words = fc.uniqueArray(fc.constantFrom('a:x', 'a:y', 'a:*', 'b:z', '*'), { minLength: 1 });
  fc.assert(
    fc.property(
      words,
      words,
      words,
      fc.constantFrom('Allow' as const, 'Deny' as const),
      (actions, more, resources, effect) => {
        const one = statement({ actions, resources, effect });
        const wider = statement({ actions: [...actions, ...more], resources, effect });
        expect(uncovered(one, [one])).toEqual([]);
        expect(uncovered(one, [wider])).toEqual([]);
        const isMore = more.some((action) => !actions.some((pattern) => includes(pattern, action)));
        expect(uncovered(wider, [one]).length > 0).toBe(isMore);
      },
    ),
  );
});
