import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildClientPackage } from '../../scripts/client-package';
import type { Built } from '../../scripts/packaging';
import type { ClientConfig } from '../../core/in-path/config';
import { CONFIG, SMALL } from './guarded-client';

export const ROOT = path.resolve(__dirname, '../..');
export const NAME = 'bedrock-spend-guard-client';

export interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}
export const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

/** An application that has installed what `npm pack` makes and what the package declares, and nothing else. */
export interface ClientApplication {
  readonly folder: string;
  readonly built: Built;
  readonly manifest: Manifest;
  write(file: string, text: string): string;
  /** What a script of the application prints, or why it failed. */
  printed(script: string): Promise<string>;
  /** What the compiler says of programs, in strict mode; nothing where they hold. */
  compiled(programs: readonly string[], ...flags: readonly string[]): string;
  remove(): void;
}

/** @param install the packages' exact versions. @default - those of this project, by links */
export async function clientApplication(install?: Readonly<Record<string, string>>): Promise<ClientApplication> {
  const folder = mkdtempSync(path.join(tmpdir(), 'client-application-'));
  const source = path.join(folder, 'built');
  const built = await buildClientPackage(source);
  execFileSync('npm', ['pack', '--loglevel=error', '--pack-destination', folder, source]);
  const tarball = path.join(folder, `${NAME}-0.1.0.tgz`);
  if (install) {
    const dependencies = { ...install, [NAME]: `file:${tarball}` };
    // What others ask for in ranges must not bring a second version of what is pinned.
    writeFileSync(
      path.join(folder, 'package.json'),
      JSON.stringify({ private: true, dependencies, overrides: install }),
    );
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
  } else {
    link(folder, tarball);
  }
  const manifest = manifestOf(path.join(folder, 'node_modules', NAME));
  return {
    folder,
    built,
    manifest,
    write(file, text) {
      writeFileSync(path.join(folder, file), text);
      return path.join(folder, file);
    },
    printed(script) {
      return new Promise((resolve) => {
        execFile(process.execPath, [script], { cwd: folder }, (error, out) => resolve(error?.message ?? out));
      });
    },
    compiled(programs, ...flags) {
      const strict = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--types', 'node'];
      const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
      const { status, stdout } = spawnSync(tsc, [...strict, ...flags, ...programs], { cwd: folder });
      const said = String(stdout);
      return status === 0 || said !== '' ? said : `tsc ended with ${String(status)}`;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function link(folder: string, tarball: string): void {
  execFileSync('tar', ['xzf', tarball, '-C', folder]);
  const { dependencies, peerDependencies } = manifestOf(path.join(folder, 'package'));
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), '@types/node']) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
  }
  symlinkSync(path.join(folder, 'package'), path.join(modules, NAME));
}

export interface GuardOptions {
  readonly refusals?: number;
  readonly config?: ClientConfig;
}

/** Needs `spendGuard` in scope. It prints what each call cost; only the first `refusals` of its budget's answers say no. */
export function guardOf({ refusals = 0, config = CONFIG }: GuardOptions = {}): string {
  return `let asked = 0;
    const reservation = (amount) => ({ kind: 'reserved', reservation: { id: '1', period: '2026-11', amount } });
    const refused = { kind: 'refused', soft: true, retryAfterSeconds: 1, remaining: 0 };
    const ledger = { reserve: async (amount) => (asked++ < ${refusals} ? refused : reservation(amount)),
      settle: async (_, spent) => console.log('spent', spent), close: async () => {} };
    const guard = spendGuard({ config: ${JSON.stringify(config)} }, { ledger,
      rateLimit: { admit: async () => ({ kind: 'admitted' }) },
      status: { read: async () => ({ desired: 'open', asOf: Date.now(), month: '2026-11', spentAtLeast: 0, limit: 1e10 }) } });`;
}

/** Needs `BedrockRuntimeClient` and `guard` in scope. */
export function clientOf(endpoint: string): string {
  return `const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
    const client = guard.applyTo(new BedrockRuntimeClient({ region: 'us-east-1', endpoint: '${endpoint}', credentials }));`;
}

/** Loads the packages as its kind of module does, makes one call, and prints what it cost and the answer. */
export function callingOnce(kind: 'import' | 'require', endpoint: string, refusals = 0): string {
  const from = (names: string, name: string) =>
    kind === 'import' ? `import { ${names} } from '${name}';` : `const { ${names} } = require('${name}');`;
  return `${from('BedrockRuntimeClient, ConverseCommand', '@aws-sdk/client-bedrock-runtime')}
    ${from('spendGuard', NAME)}
    ${guardOf({ refusals })}
    ${clientOf(endpoint)}
    const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
    client.send(new ConverseCommand({ modelId: '${SMALL}', messages })).then(({ output }) => {
      console.log(output.message.content[0].text);
      client.destroy();
    });`;
}
