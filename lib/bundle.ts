import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { SETTINGS_FILE, type Settings } from '../core/settings';

const ROOT = path.resolve(__dirname, '..');
const SOURCES = path.join(ROOT, 'lambda');
const OUTPUT = path.join(ROOT, 'build', 'lambda');

/**
 * `mainFields` takes the ES modules of the AWS SDK, which tree-shake: 340 KB instead of 575. Target node20 although the
 * functions run on a later Node: the local AWS runs them on the developer's.
 */
const OPTIONS = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** The folder of a feature's bundle, for `lambda.Code.fromAsset`. Bundles first whatever has changed. */
export function functionBundle(feature: string): string {
  const entry = path.join(SOURCES, feature, 'function.ts');
  if (!existsSync(entry)) throw new Error(`no function '${feature}': ${path.relative(ROOT, entry)} does not exist`);
  const folder = path.join(OUTPUT, feature);
  const stamp = path.join(OUTPUT, `${feature}.inputs.json`);
  if (!isFresh(folder, stamp)) bundle(entry, folder, stamp);
  return folder;
}

/**
 * A feature's bundle with settings beside it, in a folder of its own for each content of the two: environments and processes
 * that synthesize at once never share one that differs. Nothing of the place or the time is in it.
 */
export function functionWithSettings(feature: string, settings: Settings): string {
  const code = path.join(functionBundle(feature), 'index.js');
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
  const hash = sha256(`${sha256(readFileSync(code))}\n${text}`).slice(0, 16);
  const folder = path.join(OUTPUT, `${feature}-${hash}`);
  if (existsSync(folder)) return folder;
  const temporary = mkdtempSync(path.join(OUTPUT, '.settings-'));
  try {
    linkOrCopy(code, path.join(temporary, 'index.js'));
    writeFileSync(path.join(temporary, SETTINGS_FILE), text);
    renameSync(temporary, folder);
  } catch (error) {
    // Another process was faster, with the same content.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** The features that have a function: every folder of `lambda/` with a `function.ts`. */
export function functionFeatures(): readonly string[] {
  return readdirSync(SOURCES)
    .filter((name) => existsSync(path.join(SOURCES, name, 'function.ts')))
    .sort();
}

/** Content hashes by file, relative to the project, and of the options: what the bundle was made from. */
type Inputs = Readonly<Record<string, string>>;

function isFresh(folder: string, stamp: string): boolean {
  if (!existsSync(stamp) || !existsSync(path.join(folder, 'index.js'))) return false;
  const inputs = JSON.parse(readFileSync(stamp, 'utf8')) as Inputs;
  return Object.entries(inputs).every(([file, hash]) => hash === (file === 'options' ? optionsHash() : fileHash(file)));
}

function bundle(entry: string, folder: string, stamp: string): void {
  // Loaded only when something changed: esbuild's start-up is a good part of a short synth.
  const esbuild = require('esbuild') as typeof import('esbuild');
  const result = esbuild.buildSync({
    ...OPTIONS,
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: path.join(folder, 'index.js'),
    metafile: true,
    write: false,
  });
  const code = result.outputFiles[0];
  if (!code) throw new Error(`esbuild made nothing of ${entry}`);
  // Packages are covered by the lock file: hashing some thousand of their files would cost more than bundling.
  const own = Object.keys(result.metafile.inputs).filter((file) => !file.includes('node_modules'));
  const inputs: Inputs = Object.fromEntries([
    ['options', optionsHash()],
    ...[...own, 'package-lock.json'].sort().map((file) => [file, sha256(readFileSync(path.join(ROOT, file)))]),
  ]);
  mkdirSync(folder, { recursive: true });
  const outdated = new RegExp(`^${path.basename(folder)}-[0-9a-f]{16}$`);
  for (const name of readdirSync(OUTPUT).filter((one) => outdated.test(one))) {
    rmSync(path.join(OUTPUT, name), { recursive: true, force: true });
  }
  writeWhole(path.join(folder, 'index.js'), code.contents);
  writeWhole(stamp, JSON.stringify(inputs, null, 2));
}

/** A bundle is replaced by rename, never written into: a link keeps what it was made of, and takes no room. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
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
  return sha256(JSON.stringify(OPTIONS));
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
