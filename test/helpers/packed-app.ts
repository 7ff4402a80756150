import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { folderOnceARun } from './once-a-run';

const ROOT = path.resolve(__dirname, '../..');

/** A package as its script packs it, by the script. */
const PACKED = { guard: 'guard-package', client: 'client-package' } as const;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Somebody else's app, outside of this repository. It has what `npm pack` makes, as npm would extract it, what that declares, and
 * the types of Node; nothing else can be found from where the package lies.
 */
export interface PackedApp {
  readonly folder: string;
  /** Where the guard is installed. */
  readonly guard: string;
  write(files: Readonly<Record<string, string>>): void;
  /** Node on a file of the app. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Said;
  /** `npx spend-guard`: the program that npm would link. */
  spendGuard(args: readonly string[], env?: Readonly<Record<string, string>>): Said;
  /** What the compiler says, in strict mode; it writes JavaScript beside the sources. */
  compile(files: readonly string[], ...flags: readonly string[]): string;
  /** Runs an app as the CDK CLI does. @returns what it said, and the folder of what was synthesized */
  synth(file: string, options?: SynthOptions): Said & { readonly assembly: string };
  /** The same beside what else runs. */
  synthAside(file: string, assembly: string): Promise<{ readonly status: number | null }>;
  remove(): void;
}

export interface SynthOptions {
  readonly context?: Readonly<Record<string, unknown>>;
  readonly assembly?: string;
}

export interface AppOptions {
  /** @default - the guard alone */
  readonly packages?: readonly (keyof typeof PACKED)[];
  /** Of its package.json. */
  readonly type?: 'module' | 'commonjs';
  /** Further packages that the app has, of those of this project. */
  readonly has?: readonly string[];
}

export function packedApp({ packages = ['guard'], type = 'commonjs', has = [] }: AppOptions = {}): PackedApp {
  const folder = mkdtempSync(path.join(tmpdir(), 'packed-app-'));
  const modules = path.join(folder, 'node_modules');
  mkdirSync(path.join(modules, '.bin'), { recursive: true });
  const declared = packages.flatMap((one) => install(modules, tarballOf(one)));
  for (const name of new Set([...declared, ...has, '@types/node', 'undici-types'])) linkPackage(modules, name);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'app', private: true, type }));
  const node: PackedApp['node'] = (args, env = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return { status, stdout, stderr };
  };
  return {
    folder,
    guard: path.join(modules, 'bedrock-spend-guard'),
    node,
    spendGuard: (args, env) => node([path.join(modules, '.bin', 'spend-guard'), ...args], env),
    write(files) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), text);
      }
    },
    compile(files, ...flags) {
      const strict = ['--strict', '--skipLibCheck', '--target', 'es2022', '--types', 'node', '--esModuleInterop'];
      const { status, stdout } = spawnSync(
        path.join(ROOT, 'node_modules/.bin/tsc'),
        [...strict, ...(flags.length > 0 ? flags : ['--module', 'node20']), ...files],
        { cwd: folder, encoding: 'utf8' },
      );
      return status === 0 || stdout !== '' ? stdout : `tsc ended with ${String(status)}`;
    },
    synth(file, { context = {}, assembly = path.join(folder, 'cdk.out') } = {}) {
      const said = node([file], { CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify(context) });
      return { ...said, assembly };
    },
    synthAside(file, assembly) {
      const env = { ...process.env, CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: '{}' };
      const child = spawn(process.execPath, [file], { cwd: folder, env, stdio: 'ignore' });
      return new Promise((resolve, reject) => {
        child.once('error', reject).once('close', (status) => resolve({ status }));
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Packed once in a run. */
export function tarballOf(which: keyof typeof PACKED): string {
  const folder = folderOnceARun(`packed-${which}`, {}, (empty) => {
    const script = path.join('scripts', `${PACKED[which]}.ts`);
    execFileSync(process.execPath, ['-r', 'tsx/cjs', script, empty], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`${PACKED[which]} packed nothing`);
  return path.join(folder, tarball);
}

/** @returns the packages that it declares */
function install(modules: string, tarball: string): readonly string[] {
  const unpacked = mkdtempSync(path.join(modules, '.unpacked-'));
  execFileSync('tar', ['xzf', tarball, '-C', unpacked, '--strip-components=1']);
  const manifest = JSON.parse(readFileSync(path.join(unpacked, 'package.json'), 'utf8')) as Manifest & {
    readonly bin?: Readonly<Record<string, string>>;
  };
  const folder = path.join(modules, manifest.name);
  execFileSync('mv', [unpacked, folder]);
  for (const [name, file] of Object.entries(manifest.bin ?? {})) {
    symlinkSync(path.join('..', manifest.name, file), path.join(modules, '.bin', name));
  }
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
}

/** What it needs itself is found from where it really lies. */
function linkPackage(modules: string, name: string): void {
  mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
}
