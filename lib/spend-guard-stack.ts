import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type EnvironmentConfig, stackName } from '../config';
import { ENVIRONMENT_TAG } from '../core/tags';
import { SpendGuard } from './spend-guard';

export interface SpendGuardStackProps {
  readonly environment: EnvironmentConfig;
}

/** The guard of one environment, in a stack of its own. */
export class SpendGuardStack extends Stack {
  constructor(scope: Construct, { environment }: SpendGuardStackProps) {
    super(scope, stackName(environment.name), {
      description: `Guards what ${environment.name} spends on Amazon Bedrock`,
      env: { region: environment.region, ...(environment.account ? { account: environment.account } : {}) },
      terminationProtection: environment.class === 'production',
    });
    Tags.of(this).add(ENVIRONMENT_TAG, environment.name);
    new SpendGuard(this, 'Default', { environment });
  }
}
