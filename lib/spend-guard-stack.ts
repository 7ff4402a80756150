import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stackName } from '../config';
import { ENVIRONMENT_TAG } from '../core/tags';
import { SpendGuard } from './spend-guard';
import type { SpendGuardConfig } from './spend-guard-config';

/** The Region, the account and the rest are the environment's, unless they are given. */
export interface SpendGuardStackProps extends StackProps {
  readonly config: SpendGuardConfig;
  /** One of the config. */
  readonly environmentName: string;
}

/** The guard of one environment, in a stack of its own. */
export class SpendGuardStack extends Stack {
  readonly guard: SpendGuard;

  constructor(scope: Construct, { config, environmentName, ...given }: SpendGuardStackProps) {
    const environment = config._environment(environmentName);
    super(scope, stackName(environmentName), {
      description: `Guards what ${environmentName} spends on Amazon Bedrock`,
      env: { region: environment.region, ...(environment.account ? { account: environment.account } : {}) },
      terminationProtection: environment.class === 'production',
      ...given,
    });
    Tags.of(this).add(ENVIRONMENT_TAG, environmentName);
    this.guard = new SpendGuard(this, 'Default', config.props(environmentName));
  }
}
