import { closeSync, existsSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appPlace, type InitModule, SHIPPED_CONFIG } from '../../config';
import { messageInOneLine } from '../../core/errors';
import { UsageError } from '../errors';

/** Where the config goes, in which language, and what is there already. */
export interface Place {
  readonly folder: string;
  /** Its name. */
  readonly file: string;
  readonly module: InitModule;
  /** Names of configs that are there. */
  readonly configs: readonly string[];
}

/** @throws UsageError where the config is another file, or nobody can tell what the app is; GuardError where there is none */
export function placeOfApp(): Place {
  const place = appPlace();
  if (place === undefined) {
    throw new UsageError(
      `init: in this repository ${SHIPPED_CONFIG} is the config: edit it, and deploy with npx cdk deploy; init is for an app that has installed the package`,
    );
  }
  const { folder, root, configs } = place;
  const { isTypeScript, isModule } = appIn(root);
  return {
    folder,
    configs,
    file: isTypeScript ? SHIPPED_CONFIG : `${path.parse(SHIPPED_CONFIG).name}.js`,
    module: isTypeScript || isModule ? 'import' : 'require',
  };
}

function appIn(folder: string): { readonly isTypeScript: boolean; readonly isModule: boolean } {
  const file = path.join(folder, 'package.json');
  const isTypeScript = existsSync(path.join(folder, 'tsconfig.json'));
  if (!existsSync(file)) return { isTypeScript, isModule: false };
  try {
    const { type } = JSON.parse(readFileSync(file, 'utf8')) as { readonly type?: unknown };
    return { isTypeScript, isModule: type === 'module' };
  } catch (error) {
    throw new UsageError(
      `${file}: it tells which kind of module the app has, and cannot be read (${messageInOneLine(error)}); correct it`,
    );
  }
}

/** Before anything is asked. @throws UsageError where there is a config */
export function checkFree({ folder, configs }: Place, force: boolean): void {
  const [first] = configs;
  if (first === undefined || force) return;
  throw new UsageError(
    `${configs.join(', ')}: already in ${folder}, and nothing was written; edit it, or --force writes another and keeps a copy beside it`,
  );
}

export interface Written {
  /** Absolute. */
  readonly file: string;
  /** Names of the copies of what was there. */
  readonly copies: readonly string[];
}

/**
 * Writes it whole, or changes nothing. What was there is kept under another name.
 * @throws UsageError where the folder takes no file, or somebody else has written the config meanwhile
 */
export function writeConfig({ folder, file, configs }: Place, text: string): Written {
  const target = path.join(folder, file);
  const unfinished = path.join(folder, `.${file}.unfinished`);
  try {
    if (configs.length === 0) {
      writeNew(target, text);
      return { file: target, copies: [] };
    }
    rmSync(unfinished, { force: true });
    writeNew(unfinished, text);
    const copies = configs.map((one) => keptAside(folder, one));
    renameSync(unfinished, target);
    return { file: target, copies };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'EEXIST') throw new UsageError(`${target}: it is there now, and nothing was written; edit it`);
    throw new UsageError(`${target}: cannot be written (${code}); make ${folder} writable`);
  }
}

/** Never over another file, and never in part. */
function writeNew(file: string, text: string): void {
  const opened = openSync(file, 'wx');
  try {
    writeFileSync(opened, text);
  } catch (error) {
    rmSync(file);
    throw error;
  } finally {
    closeSync(opened);
  }
}

/** @returns its name, which is no config's and nothing else's */
function keptAside(folder: string, config: string): string {
  const names = (function* () {
    yield `${config}.before`;
    for (let count = 2; ; count += 1) yield `${config}.before-${count}`;
  })();
  for (const name of names) {
    if (isThere(path.join(folder, name))) continue;
    renameSync(path.join(folder, config), path.join(folder, name));
    return name;
  }
  throw new Error('the names do not end');
}

/** Also where it is a link that leads nowhere. */
function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
