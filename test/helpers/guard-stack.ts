import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import type { EnvironmentConfig } from '../../config/guard-config';
import { SpendGuardStack } from '../../lib/spend-guard-stack';

export function stackOf(environment: EnvironmentConfig): SpendGuardStack {
  return new SpendGuardStack(new App({ context: cdkJson.context }), { environment });
}
