import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config';
import { EnvironmentGuard } from './environment-guard';

/** What a guard is made of. */
export interface SpendGuardProps {
  /** The checked configuration of one environment. */
  readonly environment: EnvironmentConfig;
}

/** Guards what one environment spends on Amazon Bedrock. */
export class SpendGuard extends Construct {
  /** May call the environment's models, and nothing else. */
  readonly invokerRole: iam.IRole;
  /** The guard's alerts and alarms: subscribe people here. */
  readonly alertTopic: sns.ITopic;

  constructor(scope: Construct, id: string, { environment }: SpendGuardProps) {
    super(scope, id);
    const guard = new EnvironmentGuard(this, 'Default', { environment });
    this.invokerRole = guard.invoker.role;
    this.alertTopic = guard.alerts.topic;
  }
}
