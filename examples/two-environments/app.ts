import { App } from 'aws-cdk-lib';
import { SpendGuardConfig, SpendGuardStack } from 'bedrock-spend-guard';

const app = new App();
const config = SpendGuardConfig.fromFile('spend-guard.config.ts');
// SpendGuard-dev and SpendGuard-prod: `npx cdk deploy SpendGuard-dev` leaves prod alone.
for (const environmentName of config.environmentNames) new SpendGuardStack(app, { config, environmentName });
