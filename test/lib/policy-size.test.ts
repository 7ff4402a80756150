import { Stack } from 'aws-cdk-lib';
import { switchDocument } from '../../core/enforcement/switch-document';
import { COSTLY_ACTIONS } from '../../core/enforcement/costly-actions';
import { sha256 } from '../../lambda/digest';
import { policyCharacters } from '../../lib/policy-size';
import { BASE_IDS, resolved, withModels } from '../helpers/library-models';
import { stackOf } from '../helpers/stack';

const ACCOUNT = '111122223333';

const modelsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `maker.small-model-${String(at).padStart(2, '0')}-v1:0`);

const degraded = (smallModels: readonly string[], partition = 'aws-us-gov') =>
  switchDocument('degraded', { partition, account: ACCOUNT, smallModels }, sha256);

/** In the partition with the longest name, as the environment's own code measures it. */
const synthesize = (smallModels: readonly string[]) =>
  stackOf({ ...withModels(smallModels.map((id) => resolved(id))), region: 'us-gov-west-1' });

describe('trap 40: a managed policy holds 6,144 characters', () => {
  // One id of the right length brings the version to any size.
  const filled = (size: number) => {
    const some = modelsOf(30);
    const empty = JSON.stringify(degraded([...some, ''])).length;
    return [...some, 'm'.repeat(size - empty)];
  };

  test('the list of what costs fits with room to spare', () => {
    expect(policyCharacters([...COSTLY_ACTIONS])).toBeLessThan(3_000);
  });

  test.each([
    ['just below', 6_143],
    ['at', 6_144],
  ])('%s the limit it synthesizes', (_where, size) => {
    expect(JSON.stringify(degraded(filled(size)))).toHaveLength(size);
    expect(() => synthesize(filled(size))).not.toThrow();
  });

  test('one character above it does not, and the key of the config to shorten is named', () => {
    expect(() => synthesize(filled(6_145))).toThrow(
      expect.objectContaining({
        code: 'POLICY_TOO_LARGE',
        message: expect.stringMatching(
          /^the switch for degraded would have 6145 characters, IAM takes 6144: .*fewer in models\.small of the config/,
        ),
      }),
    );
  });

  test('the sixty longest ids of the price library fit', () => {
    expect(JSON.stringify(degraded(BASE_IDS.slice(0, 60))).length).toBeGreaterThan(5_000);
    expect(() => synthesize(BASE_IDS.slice(0, 60))).not.toThrow();
  });

  test('white space does not count, and a reference counts as the most that it can stand for', () => {
    expect(policyCharacters({ a: 'b c' })).toBe('{"a":"bc"}'.length);
    expect(policyCharacters({ a: { 'Fn::GetAtt': ['X', 'Arn'] } })).toBe(120 + '{"a":""}'.length);
    const joined = (part: unknown) => policyCharacters({ a: { 'Fn::Join': ['', ['arn:', part]] } });
    const around = '{"a":"arn:"}'.length;
    expect(joined({ Ref: 'AWS::Partition' })).toBe(around + 'aws-us-gov'.length);
    expect(joined({ Ref: 'AWS::AccountId' })).toBe(around + ACCOUNT.length);
    expect(joined({ 'Fn::GetAtt': ['X', 'Arn'] })).toBe(around + 120);
  });

  test('where the partition is only known at the deployment, as much room is kept as it can need', () => {
    const stack = new Stack(undefined, 'Anywhere');
    const scope = { partition: stack.partition, account: stack.account, smallModels: modelsOf(1) };
    const document: unknown = stack.resolve(switchDocument('degraded', scope, sha256));
    expect(policyCharacters(document)).toBe(JSON.stringify(degraded(modelsOf(1))).length);
  });
});
