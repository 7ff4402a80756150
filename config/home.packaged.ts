import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { createJiti } from 'jiti';
import { GuardError } from '../core/errors';
import type { AppPlace, Mistake } from './home';

/** The package in somebody's app: the config is the app's, in TypeScript or JavaScript, of either kind of module. */
const CONFIG = {
  name: 'spend-guard.config',
  option: '--config',
  fix: 'write one with npx spend-guard init, or name another file with --config',
};
const ORGANIZATION = {
  name: 'spend-guard.organization',
  option: '--organization',
  fix: 'write one, or name another file with --organization',
};
const ENDINGS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'];

/** Nothing but what the compiler writes where its source is there too. */
const COMPILED: Readonly<Record<string, string>> = { js: 'ts', mjs: 'mts', cjs: 'cts' };

export const SHIPPED_CONFIG = `${CONFIG.name}.ts`;
export const SHIPPED_ORGANIZATION = `${ORGANIZATION.name}.ts`;

/**
 * The app's config, from the working directory: there or above, as far as the first folder with a package.json.
 * @throws GuardError CONTEXT_INVALID where there is none, or where there are two and nobody can tell which is meant
 */
export function usualConfig(): string {
  return usual(CONFIG);
}

/** As {@link usualConfig}, of the organisation. @throws GuardError CONTEXT_INVALID */
export function usualOrganization(): string {
  return usual(ORGANIZATION);
}

function usual({ name, option, fix }: typeof CONFIG): string {
  const here = process.cwd();
  const folders = foldersUpTo(here);
  for (const folder of folders) {
    const there = endingsIn(folder, name);
    const [file, second] = there
      .filter((ending) => !there.includes(COMPILED[ending] ?? ''))
      .map((ending) => path.join(folder, `${name}.${ending}`));
    if (file === undefined) continue;
    if (second === undefined) return path.relative(here, file);
    throw new GuardError(
      'CONTEXT_INVALID',
      `${path.basename(file)} and ${path.basename(second)} are both in ${folder}: keep one, or name one with ${option}`,
    );
  }
  throw new GuardError(
    'CONTEXT_INVALID',
    `no ${name}.${ENDINGS.join(', .')} in ${here}${folders.length > 1 ? ` nor above, up to ${folders.at(-1)}` : ''}: ${fix}`,
  );
}

/**
 * The folder whose config {@link usualConfig} finds; where there is none, that of the nearest package.json.
 * @throws GuardError CONTEXT_INVALID where there is no package.json either
 */
export function appPlace(): AppPlace {
  const { name } = CONFIG;
  const here = process.cwd();
  const folders = foldersUpTo(here);
  const root = folders.at(-1) ?? here;
  const folder = folders.find((one) => endingsIn(one, name).length > 0) ?? root;
  if (folder === root && !existsSync(path.join(root, 'package.json'))) {
    throw new GuardError(
      'CONTEXT_INVALID',
      `no package.json in ${here} nor above: go to the folder of your CDK app; npx cdk init app makes one`,
    );
  }
  return { folder, root, configs: endingsIn(folder, name).map((ending) => `${name}.${ending}`) };
}

function endingsIn(folder: string, name: string): readonly string[] {
  return ENDINGS.filter((ending) => existsSync(path.join(folder, `${name}.${ending}`)));
}

function foldersUpTo(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  if (parent === folder || existsSync(path.join(folder, 'package.json'))) return [folder];
  return [folder, ...foldersUpTo(parent)];
}

/** The simulator's own configs are code of the package. */
export function placeOf(file: string): string {
  if (!file.startsWith('simulator/')) return path.resolve(file);
  return path.join(__dirname, `${file.replace(/\.ts$/, '').replaceAll('/', '.')}.js`);
}

export function load(file: string): unknown {
  if (path.dirname(file) === __dirname) return require(file);
  const jiti = require('jiti') as { readonly createJiti: typeof createJiti };
  // Of what it compiles it keeps nothing: it would keep it in node_modules.
  return jiti.createJiti(file, { fsCache: false, interopDefault: false })(file);
}

export const ORGANIZATION_FIX = 'it must be TypeScript or JavaScript that exports its config by default';

export const FIX =
  'it must be TypeScript or JavaScript that exports its config by default, as export default defineGuard({ … })';

export function noSuchFile(file: string): string {
  return `${path.relative(process.cwd(), file) || file}: no such file in ${process.cwd()}; npx spend-guard init writes a config`;
}

/** As jiti words it, which compiles with Babel. */
export function mistakeIn(message: string): Mistake | undefined {
  const [, text, file, line] = /^ParseError: (.+?)\s*\n (.+):(\d+):\d+$/m.exec(message) ?? [];
  return file === undefined || line === undefined || text === undefined ? undefined : { file, line, text };
}

export function linkImports(folder: string): void {
  const nearest = foldersAbove(process.cwd()).find((one) => existsSync(path.join(one, 'node_modules')));
  if (nearest !== undefined) symlinkSync(path.join(nearest, 'node_modules'), path.join(folder, 'node_modules'));
}

function foldersAbove(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}

/** Which stack an environment is in the app alone knows. */
export function deployCommand(): string {
  return 'npx cdk deploy';
}
