import fc from 'fast-check';
import { environmentNameProblems } from '../../config/resource-names';

const textOf = (name: string) => environmentNameProblems(name).map(({ path, text }) => `${path}: ${text}`);

test.each(['a', 'A', 'dev', 'a-b', 'team-2-Test', 'account', 'accounts', 'x'.repeat(23), 'x'.repeat(24)])(
  "'%s' is a name",
  (name) => {
    expect(textOf(name)).toEqual([]);
  },
);

test('one that is a character too long: who refuses it, by how much, and what to do', () => {
  expect(textOf('x'.repeat(25))).toEqual([
    `environments.${'x'.repeat(25)}: is no name for an environment: Bedrock's inference profile would be called 'spend-guard-${'x'.repeat(25)}-xxxxxxxxxxxxxxxxxx-00000000', 65 characters of at most 64; rename it: a letter, then at most 23 letters, digits or single hyphens, and no hyphen at the end`,
  ]);
});

const PROFILE = "Bedrock's inference profile";
const STACK = "CloudFormation's stack";
const GROUP = "EventBridge Scheduler's schedule group";
const BUDGET = "AWS Budgets' budget";
const DASHBOARD = "CloudWatch's dashboard";
const POLICY = "IAM's policy";
const ALL = [PROFILE, STACK, GROUP, BUDGET, DASHBOARD, POLICY];
const refusing = (name: string) =>
  ALL.filter((resource) => textOf(name).join().includes(`${resource} would be called`));

/** The longest that each takes: the first of a pair is at its limit, the second above. */
test.each([
  [PROFILE, 64 - 'spend-guard--xxxxxxxxxxxxxxxxxx-00000000'.length],
  [STACK, 128 - 'SpendGuard-'.length],
  [GROUP, 64 - 'SpendGuard-'.length],
  [BUDGET, 100 - 'spend-guard-_account-ap-northeast-1-00000000'.length],
  [DASHBOARD, 255 - 'SpendGuard--ap-northeast-1'.length],
  [POLICY, 128 - 'spend-guard-switch-'.length],
])('%s takes at most %i characters of it', (resource, most) => {
  expect(refusing('x'.repeat(most - 1))).not.toContain(resource);
  expect(refusing('x'.repeat(most))).not.toContain(resource);
  expect(refusing('x'.repeat(most + 1))).toContain(resource);
});

test.each([
  ['a--b', [PROFILE]],
  ['a-', [PROFILE]],
  ['-a', [PROFILE]],
  ['a-_b', [PROFILE, STACK]],
  ['a_b', [STACK]],
  ['a.b', [PROFILE, STACK, DASHBOARD]],
  ['a b', [STACK, GROUP, DASHBOARD, POLICY]],
  ['a*', ALL.filter((one) => one !== BUDGET)],
  ['a?', ALL.filter((one) => one !== BUDGET)],
  ['a:b', ALL],
  ['a\\b', ALL],
  ['a/action/b', ALL],
  ['a+b', [PROFILE, STACK, GROUP, DASHBOARD]],
  ['é', ALL.filter((one) => one !== BUDGET)],
  ['', [PROFILE]],
])("'%s' is refused by %j", (name, resources) => {
  expect(refusing(name)).toEqual(resources);
  expect(textOf(name)).toHaveLength(1);
});

test.each(['1', '1a', '_a'])("'%s' does not begin with a letter: the guard's own rule", (name) => {
  expect(textOf(name).join()).toContain('is no name for an environment: it must begin with a letter');
});

test('what the fix says is what is taken', () => {
  const near = fc.oneof(fc.stringMatching(/^[\w .:*?-]{0,30}$/), fc.stringMatching(/^[A-Za-z0-9-]{1,26}$/));
  fc.assert(
    fc.property(near, (name) => {
      expect(environmentNameProblems(name).length === 0).toBe(/^(?=.{1,24}$)[A-Za-z](-?[A-Za-z0-9])*$/.test(name));
    }),
    { numRuns: 3_000 },
  );
});
