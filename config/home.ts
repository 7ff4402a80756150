import { symlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * What differs between this repository and the package that apps install, where home.packaged.ts stands in this file's place.
 * Here the config is the shipped one, and the process compiles TypeScript as it loads it.
 */
const ROOT = path.resolve(__dirname, '..');

/** The one file that a user edits, from the project's folder. */
export const SHIPPED_CONFIG = 'config/budget-tiers.ts';

/** The config of whoever names none, as {@link placeOf} takes it. */
export function usualConfig(): string {
  return SHIPPED_CONFIG;
}

/** Where somebody else's app has its config, or would have it. */
export interface AppPlace {
  readonly folder: string;
  /** That of the app's package.json: the same, or above. */
  readonly root: string;
  /** Names of the configs that are there. */
  readonly configs: readonly string[];
}

/** Undefined where the shipped config is the one that people edit. */
export function appPlace(): AppPlace | undefined {
  return undefined;
}

/** An organisation's limits by account: copied, or edited where it is. */
export const SHIPPED_ORGANIZATION = 'config/organization-example.ts';

export const ORGANIZATION_FIX = `it must be TypeScript that exports its config by default, as ${SHIPPED_ORGANIZATION} does`;

/** As {@link usualConfig}, of the organisation. */
export function usualOrganization(): string {
  return SHIPPED_ORGANIZATION;
}

/** A config file's absolute path. */
export function placeOf(file: string): string {
  return path.resolve(ROOT, file);
}

/** What a file exports. */
export function load(file: string): unknown {
  return require(file);
}

export const FIX = `it must be TypeScript that exports its config by default, as ${SHIPPED_CONFIG} does`;

export function noSuchFile(file: string): string {
  return `--context config=${file}: no such file; the shipped one is ${SHIPPED_CONFIG}`;
}

/** What the compiler says of a file that is no program. */
export interface Mistake {
  readonly file: string;
  readonly line: string;
  readonly text: string;
}

/** As esbuild words it, which compiles TypeScript here. */
export function mistakeIn(message: string): Mistake | undefined {
  const [, file, line, text] = /^(.+?):(\d+):\d+: ERROR: (.+)$/m.exec(message) ?? [];
  return file === undefined || line === undefined || text === undefined ? undefined : { file, line, text };
}

/** Lets a config of elsewhere import what the usual one does. */
export function linkImports(folder: string): void {
  symlinkSync(path.join(ROOT, 'config/schema.ts'), path.join(folder, 'schema.ts'));
}

/** What deploys an environment. */
export function deployCommand(environment: string): string {
  return `npx cdk deploy --context env=${environment}`;
}
