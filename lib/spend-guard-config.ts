import path from 'node:path';
import { type EnvironmentConfig, type GuardConfig, guardAt, type GuardInput, loadGuard } from '../config';
import { GuardError } from '../core/errors';
import { ConfiguredGuard } from './configured-guard';
import type { SpendGuardProps } from './spend-guard-props';

/** A config file, checked: what each of its environments makes of a guard. */
export class SpendGuardConfig {
  /**
   * @param file that exports its config by default, from the folder that the app runs in
   * @throws ConfigError that names every problem at once
   */
  static fromFile(file: string): SpendGuardConfig {
    return SpendGuardConfig.of(guardAt(path.resolve(file)).input, file);
  }

  /**
   * @param input what `defineGuard` takes
   * @param file named in errors. @default - none
   * @throws ConfigError that names every problem at once
   */
  static of(input: unknown, file?: string): SpendGuardConfig {
    return SpendGuardConfig._ofChecked(loadGuard(input as GuardInput, Date.now(), file ?? 'SpendGuardConfig.of'));
  }

  /** @internal */
  static _ofChecked(config: GuardConfig): SpendGuardConfig {
    return new SpendGuardConfig(config);
  }

  /** In the order of the file. */
  readonly environmentNames: string[];

  private constructor(private readonly config: GuardConfig) {
    this.environmentNames = config.environments.map(({ name }) => name);
  }

  /**
   * What a guard of one environment is made of, to be handed on whole.
   * @throws GuardError CONTEXT_INVALID where the file has no such environment
   */
  props(environmentName: string): SpendGuardProps {
    const { notices } = this.config;
    const own = notices.filter(({ environment }) => environment === environmentName);
    return new ConfiguredGuard(this._environment(environmentName), own);
  }

  /** @internal */
  _environment(environmentName: string): EnvironmentConfig {
    const found = this.config.environments.find(({ name }) => name === environmentName);
    if (found) return found;
    throw new GuardError(
      'CONTEXT_INVALID',
      `no environment '${environmentName}' in the config; it has ${this.environmentNames.join(', ')}`,
    );
  }
}
