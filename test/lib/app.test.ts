import { loadGuard } from '../../config/load';
import shipped from '../../config/budget-tiers';
import { selectedEnvironments } from '../../lib/selection';
import { runApp } from '../helpers/run-app';

test('one environment, with its notes on standard error and nothing on standard output', () => {
  const { status, stdout, stderr, stacks } = runApp({ env: 'dev' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  expect(stacks).toEqual(['SpendGuard-dev']);
  expect(stderr).toContain('dev: $50.00 a month, nonProduction, us-east-1; budgets action at 95%, by itself');
  expect(stderr).toContain('meta.codellama-34b-instruct-v1:0');
  expect(stderr).not.toContain('staging');
});

test('what it says itself the CDK CLI does not say again; estimates and the file of the plugin are in the assembly', () => {
  const { metadata, written } = runApp({ env: 'dev' });
  expect(metadata).toContain('spend-guard:estimates');
  expect(metadata).not.toContain('aws:cdk:info');
  expect(written).toContain('spend-guard-client.dev.json');
});

test('an unknown environment: one clear line, exit 1, no stack trace', () => {
  const { status, stderr, stacks } = runApp({ env: 'qa' });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe("--context env=qa: no environment 'qa'; known: dev, staging, prod");
  expect(stacks).toEqual([]);
});

describe('--context env', () => {
  const { environments } = loadGuard(shipped, 0);
  const selected = (context: unknown) => selectedEnvironments(environments, context).map(({ name }) => name);

  test.each([
    [undefined, ['dev', 'staging', 'prod']],
    ['prod', ['prod']],
    ['dev,prod', ['dev', 'prod']],
    [' dev , dev ', ['dev']],
  ])('%p selects %p', (context, expected) => {
    expect(selected(context)).toEqual(expected);
  });

  test.each([
    ['', /name one or more of dev, staging, prod/],
    ['dev,', /name one or more/],
    ['Dev', /no environment 'Dev'/],
    [7, /name one or more/],
  ])('%p is refused', (context, message) => {
    expect(() => selected(context)).toThrow(message);
  });
});
