const { App } = require('aws-cdk-lib');
const { SpendGuardConfig, SpendGuardStack } = require('bedrock-spend-guard');

// The lines that `npx spend-guard init` prints.
const app = new App();
const config = SpendGuardConfig.fromFile('spend-guard.config.js');
new SpendGuardStack(app, { config, environmentName: 'dev' });
