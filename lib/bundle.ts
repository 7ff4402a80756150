import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from '../core/settings';
import { bundled, BUNDLE_OPTIONS } from './bundled';
import { withSettings } from './with-settings';

/*
 * Here functions are bundled when a stack needs them. In the package that apps install they are made already, and
 * bundle.packaged.ts stands in this file's place.
 */

const ROOT = path.resolve(__dirname, '..');
const OUTPUT = path.join(ROOT, 'build', 'lambda');

/** The folder of a feature's bundle, for `lambda.Code.fromAsset`. Bundles first whatever has changed. */
export function functionBundle(feature: string): string {
  const folder = path.join(OUTPUT, feature);
  const stamp = path.join(OUTPUT, `${feature}.inputs.json`);
  if (!isFresh(folder, stamp)) bundle(feature, folder, stamp);
  return folder;
}

/**
 * A feature's bundle with settings beside it.
 * @param _assembly the folder of what is synthesized: the package has no other that it may write to
 */
export function functionWithSettings(feature: string, settings: Settings, _assembly?: string): string {
  return withSettings(functionBundle(feature), settings, OUTPUT);
}

/** Content hashes by file, relative to the project, and of the options: what the bundle was made from. */
type Inputs = Readonly<Record<string, string>>;

function isFresh(folder: string, stamp: string): boolean {
  if (!existsSync(stamp) || !existsSync(path.join(folder, 'index.js'))) return false;
  const inputs = JSON.parse(readFileSync(stamp, 'utf8')) as Inputs;
  return Object.entries(inputs).every(([file, hash]) => hash === (file === 'options' ? optionsHash() : fileHash(file)));
}

function bundle(feature: string, folder: string, stamp: string): void {
  const { code, metafile } = bundled(feature);
  // Packages are covered by the lock file: hashing some thousand of their files would cost more than bundling.
  const own = Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules'));
  const inputs: Inputs = Object.fromEntries([
    ['options', optionsHash()],
    ...[...own, 'package-lock.json'].sort().map((file) => [file, sha256(readFileSync(path.join(ROOT, file)))]),
  ]);
  mkdirSync(folder, { recursive: true });
  const outdated = new RegExp(`^${path.basename(folder)}-[0-9a-f]{16}$`);
  for (const name of readdirSync(OUTPUT).filter((one) => outdated.test(one))) {
    rmSync(path.join(OUTPUT, name), { recursive: true, force: true });
  }
  writeWhole(path.join(folder, 'index.js'), code);
  writeWhole(stamp, JSON.stringify(inputs, null, 2));
}

/** By rename, outside the asset folder: several processes (jest's workers) may bundle at once. */
function writeWhole(file: string, contents: string | Uint8Array): void {
  const temporary = path.join(OUTPUT, `.${path.basename(path.dirname(file))}-${path.basename(file)}.${process.pid}`);
  try {
    writeFileSync(temporary, contents);
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function optionsHash(): string {
  return sha256(JSON.stringify(BUNDLE_OPTIONS));
}

/** Functions share most of their files, and environments all functions: none is read again unless it was written to. */
const hashes = new Map<string, { readonly version: string; readonly hash: string }>();

/** @returns undefined where there is no such file */
function fileHash(file: string): string | undefined {
  const place = path.join(ROOT, file);
  const found = statSync(place, { bigint: true, throwIfNoEntry: false });
  if (!found) return undefined;
  const version = [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
  const known = hashes.get(file);
  if (known?.version === version) return known.hash;
  const hash = sha256(readFileSync(place));
  hashes.set(file, { version, hash });
  return hash;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
