import { existsSync } from 'node:fs';
import path from 'node:path';
import { GuardError, messageInOneLine } from '../core/errors';
import { SHIPPED_CONFIG } from './problems';
import type { GuardInput } from './schema';

const ROOT = path.resolve(__dirname, '..');

export interface GuardFile {
  readonly input: GuardInput;
  /** As it was named. */
  readonly file: string;
}

/**
 * The configuration in a TypeScript file that exports it by default, such as `config/budget-tiers.ts`.
 * @param file from the project's folder, or absolute; undefined for the shipped one
 * @throws GuardError CONTEXT_INVALID where there is no such file, it cannot be loaded, or it exports none
 */
export function guardAt(file: unknown = SHIPPED_CONFIG): GuardFile {
  if (typeof file !== 'string' || !existsSync(path.resolve(ROOT, file))) {
    throw new GuardError(
      'CONTEXT_INVALID',
      `--context config=${String(file)}: no such file; the shipped one is ${SHIPPED_CONFIG}`,
    );
  }
  const { default: input } = loaded(file);
  if (input === undefined) {
    throw new GuardError(
      'CONTEXT_INVALID',
      `${file}: it has no default export; write export default defineGuard({ … })`,
    );
  }
  return { input, file };
}

function loaded(file: string): { readonly default?: GuardInput } {
  try {
    return require(path.resolve(ROOT, file)) as { default?: GuardInput };
  } catch (cause) {
    throw new GuardError(
      'CONTEXT_INVALID',
      `${file}: it cannot be loaded (${messageInOneLine(cause)}); it must be TypeScript that exports its configuration by default, as ${SHIPPED_CONFIG} does`,
      { cause },
    );
  }
}
