import './on-node.js';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadGuard, guardAt, ConfigError } from '../config';
import { ESTIMATES_METADATA, estimates } from '../core/estimates';
import { GuardError } from '../core/errors';
import type { ClientConfig } from '../core/in-path';
import {
  clientConfig,
  clientConfigFile,
  countBillable,
  SpendGuardConfig,
  SpendGuardStack,
  synthNotes,
  selectedEnvironments,
} from '../lib';

// The CDK CLI puts an app's standard output into the template: everything said to people goes to standard error.
const say = (line: string) => process.stderr.write(`${line}\n`);

function main(): void {
  const app = new App();
  const { input, file } = guardAt(app.node.tryGetContext('config'));
  const config = loadGuard(input, Date.now(), file);
  const checked = SpendGuardConfig.ofChecked(config);
  const environments = selectedEnvironments(config.environments, app.node.tryGetContext('env'));
  const clientConfigs: [environment: string, content: ClientConfig][] = [];
  for (const environment of environments) {
    const stack = new SpendGuardStack(app, { config: checked, environmentName: environment.name });
    stack.node.addMetadata(ESTIMATES_METADATA, estimates(countBillable(stack), environment.meter.overshoot));
    clientConfigs.push([environment.name, clientConfig(stack, environment)]);
    for (const line of synthNotes(stack, environment, config.notices)) say(line);
  }
  const { directory } = app.synth();
  for (const [environment, content] of clientConfigs) {
    writeFileSync(path.join(directory, clientConfigFile(environment)), `${JSON.stringify(content, null, 2)}\n`);
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof GuardError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
