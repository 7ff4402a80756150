import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Template } from 'aws-cdk-lib/assertions';
import shipped from '../../../config/budget-tiers';
import { SpendGuard } from '../../../lib/spend-guard';
import { SpendGuardConfig } from '../../../lib/spend-guard-config';
import { SpendGuardStack } from '../../../lib/spend-guard-stack';
import { usd } from '../../../lib/usd';
import { refusal, someApp, someStack } from '../../helpers/app-guard';
import { toldTo } from '../../helpers/stack';

const config = SpendGuardConfig.of(shipped);

test('the environments, in the order of the file', () => {
  expect(config.environmentNames).toEqual(['dev', 'staging', 'prod']);
});

test('the props of one can be read, and carry the whole of it', () => {
  const props = config.props('dev');
  expect(props).toMatchObject({ environmentName: 'dev', owner: 'ti@dadosfera.ai' });
  expect(props.monthlyLimit.dollars).toBe(50);
  const stack = new Stack(someApp(), 'Mine', { env: { region: 'us-east-1' } });
  new SpendGuard(stack, 'Guard', props);
  const told = toldTo(stack, 'switch');
  // Of the environment alone: no prop is of it.
  expect(told['MANAGED_FUNCTIONS']).toContain('deployer-ddf-llm-models-dev');
});

test('roles of the app are stopped beside those of the config', () => {
  const stack = new Stack(someApp(), 'Mine', { env: { region: 'us-east-1' } });
  const guard = new SpendGuard(stack, 'Guard', config.props('dev'));
  guard.hold(new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));
  expect(toldTo(stack, 'switch')['HELD_PRINCIPALS']).toMatch(/"roles":\["Role/);
});

test('a copy of the props with one of them changed would lose the rest: refused', () => {
  const copy = { ...config.props('dev'), monthlyLimit: usd(5) };
  expect(refusal(() => new SpendGuard(someStack(), 'Guard', copy))).toContain(
    'MyApp/Guard: props: must be what SpendGuardConfig.props gives, and not a copy of it: change the config instead',
  );
});

test.each([
  ['no Region', {}, "MyApp/Guard: the stack's env.region: must be known at synth"],
  ['another Region', { region: 'us-west-2' }, "must be us-east-1, as the config of 'dev' says, got us-west-2"],
])('a stack with %s is not where the config says', (_what, env, text) => {
  const stack = new Stack(someApp(), 'MyApp', { env });
  expect(refusal(() => new SpendGuard(stack, 'Guard', config.props('dev')))).toContain(text);
});

test('another account than the config says', () => {
  const dev = { ...shipped.environments['dev']!, account: '444455556666' };
  const other = SpendGuardConfig.of({ environments: { dev } });
  expect(refusal(() => new SpendGuard(someStack(), 'Guard', other.props('dev')))).toContain(
    "MyApp/Guard: the stack's env.account: must be 444455556666, as the config of 'dev' says, got 111122223333",
  );
});

test('an unknown environment, by those that there are', () => {
  expect(refusal(() => config.props('qa'))).toBe("no environment 'qa' in the config; it has dev, staging, prod");
});

test('what is wrong with it has the paths of the file', () => {
  const dev = { ...shipped.environments['dev']!, monthlyLimitUsd: 0 };
  expect(refusal(() => SpendGuardConfig.of({ environments: { dev } }, 'spend-guard.config.ts'))).toContain(
    'spend-guard.config.ts: 1 problem\n  environments.dev.monthlyLimitUsd: must be more than 0, got 0',
  );
});

test('a file, from the folder that the app runs in', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-config-'));
  try {
    const file = path.join(folder, 'spend-guard.config.js');
    writeFileSync(file, `exports.default = ${JSON.stringify(shipped)};`);
    expect(SpendGuardConfig.fromFile(file).environmentNames).toEqual(['dev', 'staging', 'prod']);
    expect(SpendGuardConfig.fromFile(path.relative(process.cwd(), file)).environmentNames).toHaveLength(3);
    expect(refusal(() => SpendGuardConfig.fromFile(path.join(folder, 'none.ts')))).toContain('no such file');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a stack of its own takes what stacks take', () => {
  const props = { config, environmentName: 'prod' };
  const stack = new SpendGuardStack(someApp(), { ...props, terminationProtection: false, description: 'Ours' });
  expect([stack.stackName, stack.region, stack.terminationProtection]).toEqual(['SpendGuard-prod', 'us-east-1', false]);
  expect(Template.fromStack(stack).toJSON()).toMatchObject({ Description: 'Ours' });
  expect(stack.guard.environmentName).toBe('prod');
});
