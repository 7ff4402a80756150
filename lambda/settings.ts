import { readFileSync } from 'node:fs';
import path from 'node:path';
import { mergeSettings, parseSettings, SETTINGS_FILE, settingsInvalid } from '../core/settings';

/**
 * A function's variables and what was shipped beside its code, read once, at cold start.
 * @param folder of the function's code
 * @throws GuardError ENVIRONMENT_INVALID where the file is missing, broken, or at odds with the variables
 */
export function withSettings(
  variables: Readonly<Record<string, string | undefined>>,
  folder: string,
): Readonly<Record<string, string | undefined>> {
  return mergeSettings(variables, parseSettings(textOf(path.join(folder, SETTINGS_FILE))));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw settingsInvalid(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, error);
  }
}
