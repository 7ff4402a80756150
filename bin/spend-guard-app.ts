import './on-node.js';
import { App } from 'aws-cdk-lib';
import { loadGuard, guardAt, ConfigError } from '../config';
import { GuardError } from '../core/errors';
import { NOTES_ARE_SAID, selectedEnvironments, SpendGuardConfig, SpendGuardStack, synthNotes } from '../lib';
import { organizationOf } from './organization-app';

// The CDK CLI puts an app's standard output into the template: everything said to people goes to standard error.
const say = (line: string) => process.stderr.write(`${line}\n`);

function main(): void {
  const app = new App();
  const organization: unknown = app.node.tryGetContext('organization');
  if (organization === undefined) environmentsOf(app);
  else organizationOf(app, organization, say);
}

/** A stack for each environment of the config. */
function environmentsOf(app: App): void {
  app.node.setContext(NOTES_ARE_SAID, true);
  const { input, file } = guardAt(app.node.tryGetContext('config'));
  const config = loadGuard(input, Date.now(), file);
  const checked = SpendGuardConfig._ofChecked(config);
  const environments = selectedEnvironments(config.environments, app.node.tryGetContext('env'));
  for (const environment of environments) {
    const stack = new SpendGuardStack(app, { config: checked, environmentName: environment.name });
    for (const line of synthNotes(stack, environment, config.notices)) say(line);
  }
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof GuardError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
