import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { guardAt, type EnvironmentConfig, type GuardConfig, loadGuard, SHIPPED_CONFIG, usualConfig } from '../config';
import { UsageError } from './errors';

/**
 * The configuration that `--config` names, from the working directory; the usual one without. A model that has ended since it was
 * deployed keeps nobody from looking, stopping or resuming.
 * @throws UsageError where there is no such file, or a folder; ConfigError where it is wrong
 */
export function configuration(file: string | undefined, now: number): GuardConfig {
  if (file === undefined) {
    const usual = guardAt();
    return loadGuard(usual.input, now, usual.file, 'operate');
  }
  return loadGuard(guardAt(existing('--config', file, SHIPPED_CONFIG)).input, now, file, 'operate');
}

/**
 * The absolute path of a file that an option names, from the working directory.
 * @param usual what is read without the option
 * @throws UsageError where there is no such file, or a folder
 */
export function existing(option: string, file: string, usual: string): string {
  const absolute = path.resolve(file);
  if (!existsSync(absolute)) {
    throw new UsageError(`${option} ${file}: no such file; leave it out for ${usual}, or give a file's path`);
  }
  if (statSync(absolute).isDirectory()) {
    const example = path.join(file, path.basename(usual));
    throw new UsageError(`${option} ${file}: it is a folder; name the file in it, such as ${example}`);
  }
  return absolute;
}

/** What a person calls the file that {@link configuration} reads. */
export function configName(file: string | undefined): string {
  return file ?? usualConfig();
}

/**
 * The environments that `--env` names, by comma; all without.
 * @throws UsageError on an unknown name, or none
 */
export function selected(
  all: readonly EnvironmentConfig[],
  option: string | undefined,
): readonly [EnvironmentConfig, ...EnvironmentConfig[]] {
  const known = all.map(({ name }) => name);
  const names = option?.split(',').map((name) => name.trim()) ?? known;
  const environments = [...new Set(names)].map((name) => {
    const environment = all.find((one) => one.name === name);
    if (environment) return environment;
    throw new UsageError(
      `--env ${option}: no environment '${name}'; allowed: ${known.join(', ')}, several by comma; a new one belongs in the config`,
    );
  });
  const [first, ...rest] = environments;
  if (!first) throw new UsageError(`--env ${option}: name one or more of ${known.join(', ')}`);
  return [first, ...rest];
}

/** @throws UsageError unless exactly one environment is named, or there is but one: what acts must not guess where */
export function theOne(all: readonly EnvironmentConfig[], option: string | undefined): EnvironmentConfig {
  const [environment, ...others] = selected(all, option);
  if (others.length === 0) return environment;
  const known = all.map(({ name }) => name).join(', ');
  throw new UsageError(
    `--env ${option ?? '(left out)'}: this command acts on one environment; allowed: one of ${known}, such as --env ${environment.name}`,
  );
}
