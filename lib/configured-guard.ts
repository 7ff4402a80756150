import type * as iam from 'aws-cdk-lib/aws-iam';
import type { EnvironmentConfig, Notice } from '../config';
import { NANO_PER_USD } from '../core/money';
import type { SpendGuardProps } from './spend-guard-props';
import { Usd } from './usd';

/** Found in a copy too, which is no `ConfiguredGuard` any more: what was changed in it would be lost. */
export const CONFIGURED = Symbol.for('bedrock-spend-guard.configured');

/** Props that carry an environment of a configuration whole, checked. The rest is there to be read. */
export class ConfiguredGuard implements SpendGuardProps {
  readonly [CONFIGURED] = true;
  readonly monthlyLimit: Usd;
  readonly owner: string;
  readonly models: string[];
  /** Those that the configuration names are in it. */
  readonly principals: iam.IGrantable[] = [];
  readonly environmentName: string;

  constructor(
    readonly environment: EnvironmentConfig,
    /** What a deployer should know although nothing is wrong. */
    readonly notices: readonly Notice[],
  ) {
    this.monthlyLimit = Usd.of(environment.limit / NANO_PER_USD);
    this.owner = environment.owner;
    this.models = environment.models.map(({ id }) => id);
    this.environmentName = environment.name;
  }
}
