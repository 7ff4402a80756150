import { OneClickStack } from '../../lib/one-click-stack';
import { SpendGuardStack } from '../../lib/spend-guard-stack';
import { stackProps } from '../helpers/guard-stack';
import { checked } from '../helpers/checked-app';
import { ALONE, environmentOf, PRINCIPALS } from '../helpers/stack';

test.each([
  ['dev', {}],
  ['prod', {}],
  ['dev', ALONE],
  ['dev', { principals: PRINCIPALS }],
  ['dev', { principals: PRINCIPALS, budgets: { search: { monthlyLimitUsd: 20, roles: ['app'] } } }],
])('cdk-nag finds nothing in %s with %p that is not acknowledged with a reason', (name, changes) => {
  const app = checked();
  new SpendGuardStack(app, stackProps(environmentOf(name, changes)));
  expect(() => app.synth()).not.toThrow();
});

test('nor in the template for one click, whose names are parameters', () => {
  const app = checked();
  new OneClickStack(app, 'OneClick', { region: 'us-east-1', prefix: '', now: Date.parse('2026-11-29') });
  expect(() => app.synth()).not.toThrow();
});
