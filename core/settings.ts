import { GuardError } from './errors';

/** Beside a function's code: what was known at synth. Lambda takes 4 KB of variables, and sixty models need more. */
export const SETTINGS_FILE = 'settings.json';

/** By name, as a variable would be. */
export type Settings = Readonly<Record<string, string>>;

/** @throws GuardError ENVIRONMENT_INVALID on what is no file of settings */
export function parseSettings(text: string): Settings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw settingsInvalid('is no JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw settingsInvalid('holds no names and values');
  const wrong = Object.entries(value).flatMap(([name, one]) => (typeof one === 'string' ? [] : [name]));
  if (wrong.length > 0) throw settingsInvalid(`has values that are no text: ${wrong.join(', ')}`);
  return value as Settings;
}

/**
 * Variables and settings as one. A name in both is refused: nobody could say which of two deployments it is of.
 * @throws GuardError ENVIRONMENT_INVALID
 */
export function mergeSettings<Value extends string | undefined>(
  variables: Readonly<Record<string, Value>>,
  settings: Settings,
): Readonly<Record<string, Value | string>> {
  const both = Object.keys(settings).filter((name) => variables[name] !== undefined);
  if (both.length > 0) throw settingsInvalid(`and the variables both have ${both.join(', ')}`);
  return { ...variables, ...settings };
}

export function settingsInvalid(what: string, cause?: unknown): GuardError {
  const message = `${SETTINGS_FILE} ${what}; it is shipped with the code: deploy the stack again`;
  return new GuardError('ENVIRONMENT_INVALID', message, cause === undefined ? {} : { cause });
}
