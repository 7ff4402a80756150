import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { legalTextsOf } from './licences';

/** What the packages that are made here have in common. */
export const ROOT = path.resolve(__dirname, '..');

export interface Built {
  /** The names of the packages that its code loads, with which an application shares its one copy of each. */
  readonly loads: readonly string[];
  /** The names of the packages whose code is in its own. */
  readonly contains: readonly string[];
}

export function builtOf(...metafiles: readonly Metafile[]): Built {
  return { loads: merged(metafiles.map(loadedBy)), contains: merged(metafiles.map(containedIn)) };
}

/** By require, import and import() alike. */
function loadedBy({ outputs }: Metafile): readonly string[] {
  const imports = Object.values(outputs).flatMap((output) => output.imports.filter(({ external }) => external));
  return imports.map((one) => packageOf(one.path)).filter((name) => !isOfNode(name) && !name.startsWith('.'));
}

/** Whatever of which at least one byte is left. */
function containedIn({ outputs }: Metafile): readonly string[] {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => file.split('node_modules/').at(1))
    .filter((inside) => inside !== undefined)
    .map(packageOf);
}

function isOfNode(name: string): boolean {
  return name.startsWith('node:') || (require('node:module') as typeof import('node:module')).isBuiltin(name);
}

/** `@smithy/core/serde` → `@smithy/core` */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function merged(names: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(names.flat())].sort();
}

/** The licences of packages whose code is in another's, in their own words; a text that several have stands once. */
export function licensesOf(names: readonly string[]): string {
  const byText = new Map<string, string[]>();
  for (const name of names) {
    const text = licenseOf(name).trim();
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  return [...byText].map(([text, all]) => `${all.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

/** Where a package ships no text, what its manifest says. */
function licenseOf(name: string): string {
  const folder = path.join(ROOT, 'node_modules', name);
  const { licence } = legalTextsOf(folder);
  if (licence !== undefined) return licence;
  const { license, author, repository, homepage } = manifestOf(folder);
  if (license === undefined) throw new Error(`${name} has neither a licence file nor a licence in its package.json`);
  const by = typeof author === 'string' ? author : author?.name;
  const at = typeof repository === 'string' ? repository : (repository?.url ?? homepage);
  return `Licence: ${license}${by === undefined ? '' : `, by ${by}`}${at === undefined ? '' : ` (${at})`}\n`;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly homepage?: string;
  readonly author?: string | { readonly name?: string };
  readonly repository?: string | { readonly url?: string };
  readonly description: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Types of CommonJS alone would tell an ES module that it gets a default export: see the `.d.mts` beside them. */
export function emitTypes(project: string, folder: string): void {
  const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['--project', project, '--outDir', folder], { stdio: 'inherit' });
}

export interface Packed {
  readonly file: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** As `npm pack` does it, into a folder that exists. */
export function pack(folder: string, destination: string): Packed {
  const args = ['pack', '--json', '--loglevel=error', '--pack-destination', destination, folder];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' })) as {
    readonly filename: string;
    readonly size: number;
    readonly unpackedSize: number;
    readonly files: Packed['files'];
  }[];
  if (!packed) throw new Error(`npm pack made nothing of ${folder}`);
  const file = path.join(destination, packed.filename);
  if (!existsSync(file)) throw new Error(`npm pack said ${packed.filename}, which is not in ${destination}`);
  return { file, packedBytes: packed.size, unpackedBytes: packed.unpackedSize, files: packed.files };
}
