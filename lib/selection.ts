import type { EnvironmentConfig } from '../config';
import { GuardError } from '../core/errors';

/**
 * The environments that `--context env=…` names: one, several by comma, or all where it is absent.
 * @throws GuardError CONTEXT_INVALID on an unknown name, or none
 */
export function selectedEnvironments(
  all: readonly EnvironmentConfig[],
  context: unknown,
): readonly EnvironmentConfig[] {
  if (context === undefined) return all;
  const known = all.map(({ name }) => name).join(', ');
  const shown = typeof context === 'string' ? context : JSON.stringify(context);
  const names = typeof context === 'string' ? context.split(',').map((name) => name.trim()) : [];
  if (names.length === 0 || names.some((name) => name === '')) {
    throw new GuardError('CONTEXT_INVALID', `--context env=${shown}: name one or more of ${known}, such as env=dev`);
  }
  return [...new Set(names)].map((name) => {
    const environment = all.find((one) => one.name === name);
    if (environment) return environment;
    throw new GuardError('CONTEXT_INVALID', `--context env=${shown}: no environment '${name}'; known: ${known}`);
  });
}
