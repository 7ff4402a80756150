import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import cdkJson from '../../cdk.json';
import { SpendGuardStack } from '../../lib/spend-guard-stack';
import { environmentOf } from '../helpers/stack';

test.each([
  ['dev', {}],
  ['prod', {}],
  ['dev', { identity: 'direct', account: '111122223333' }],
  ['dev', { principals: { roles: ['app'], users: ['bot'], groups: ['data'] } }],
])('cdk-nag finds nothing in %s with %p that is not acknowledged with a reason', (name, changes) => {
  const app = new App({ context: cdkJson.context });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new SpendGuardStack(app, { environment: environmentOf(name, changes) });
  expect(() => app.synth()).not.toThrow();
});
