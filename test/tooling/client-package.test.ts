import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildClientPackage } from '../../scripts/client-package';
import { bedrockServer, converseReply } from '../helpers/bedrock-server';
import { CONFIG, SMALL } from '../helpers/guarded-client';

const ROOT = path.resolve(__dirname, '../..');
const NAME = 'bedrock-spend-guard-client';

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

/** An application that has installed what `npm pack` makes and what the package declares, and nothing else. */
let app: string;
let loaded: readonly string[];
let manifest: Manifest;
beforeAll(async () => {
  app = mkdtempSync(path.join(tmpdir(), 'client-package-'));
  const built = path.join(app, 'built');
  loaded = await buildClientPackage(built);
  execFileSync('npm', ['pack', '--loglevel=error', '--pack-destination', app, built]);
  execFileSync('tar', ['xzf', path.join(app, `${NAME}-0.1.0.tgz`), '-C', app]);
  manifest = manifestOf(path.join(app, 'package'));
  const modules = path.join(app, 'node_modules');
  mkdirSync(modules);
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  for (const name of [...declared, '@types/node']) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
  }
  symlinkSync(path.join(app, 'package'), path.join(modules, NAME));
}, 60_000);
afterAll(() => rmSync(app, { recursive: true, force: true }));

/** What a script of the application prints, or why it failed. */
function printed(script: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { cwd: app }, (error, out) => resolve(error?.message ?? out));
  });
}

describe('the package of the SDK plugin', () => {
  test('declares every package that it loads, and no other', () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect(declared.sort()).toEqual(loaded);
    expect(loaded.filter((name) => /cdk|constructs/.test(name))).toEqual([]);
  });

  test('its oldest versions are the ones that it was tested with', () => {
    const own = manifestOf(ROOT);
    for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      expect([name, range]).toEqual([name, `^${own.dependencies[name]}`]);
    }
    expect(manifest.version).toBe(own.version);
  });

  test('guards a client in one line, in an application of its own', async () => {
    const server = await bedrockServer(() => converseReply({ input: 10, output: 20 }, 'from the package'));
    const script = path.join(app, 'app.mjs');
    writeFileSync(
      script,
      `import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
       import { spendGuard } from '${NAME}';
       const ledger = { reserve: async (amount) => ({ kind: 'reserved', reservation: { id: '1', period: '2026-11', amount } }),
         settle: async (_, spent) => console.log('spent', spent), close: async () => {} };
       const guard = spendGuard({ config: ${JSON.stringify(CONFIG)} }, { ledger,
         rateLimit: { admit: async () => ({ kind: 'admitted' }) },
         status: { read: async () => ({ desired: 'open', asOf: Date.now(), month: '2026-11', spentAtLeast: 0, limit: 1e10 }) } });
       const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
       const client = guard.applyTo(new BedrockRuntimeClient({ region: 'us-east-1', endpoint: '${server.endpoint}', credentials }));
       const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
       const { output } = await client.send(new ConverseCommand({ modelId: '${SMALL}', messages }));
       console.log(output.message.content[0].text);
       client.destroy();`,
    );
    const stdout = await printed(script);
    await server.stop();
    expect(stdout).toBe(`spent ${10 * 1_000 + 20 * 4_000}\nfrom the package\n`);
  });

  test('a process with nothing else to do stays alive while its call waits for room', async () => {
    const server = await bedrockServer(() => converseReply({ input: 10, output: 20 }, 'after a while'));
    const script = path.join(app, 'waits.cjs');
    writeFileSync(
      script,
      `const { BedrockRuntimeClient, ConverseCommand } = require('@aws-sdk/client-bedrock-runtime');
       const { spendGuard } = require('${NAME}');
       let asked = 0;
       const reservation = (amount) => ({ kind: 'reserved', reservation: { id: '1', period: '2026-11', amount } });
       const refused = { kind: 'refused', soft: true, retryAfterSeconds: 1, remaining: 0 };
       const ledger = { reserve: async (amount) => (asked++ < 3 ? refused : reservation(amount)), settle: async () => {}, close: async () => {} };
       const guard = spendGuard({ config: ${JSON.stringify(CONFIG)} }, { ledger,
         rateLimit: { admit: async () => ({ kind: 'admitted' }) },
         status: { read: async () => ({ desired: 'open', asOf: Date.now(), month: '2026-11', spentAtLeast: 0, limit: 1e10 }) } });
       const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
       const client = guard.applyTo(new BedrockRuntimeClient({ region: 'us-east-1', endpoint: '${server.endpoint}', credentials }));
       const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
       client.send(new ConverseCommand({ modelId: '${SMALL}', messages })).then(({ output }) => {
         console.log(output.message.content[0].text);
         client.destroy();
       });`,
    );
    const stdout = await printed(script);
    await server.stop();
    expect(stdout).toBe('after a while\n');
  });

  test('its types hold for callers, and say what is wrong', () => {
    const program = (body: string) => {
      writeFileSync(path.join(app, 'typed.ts'), `import { GuardedBedrock, spendGuard } from '${NAME}';\n${body}\n`);
      const flags = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--module',
        'node20',
        '--target',
        'es2022',
        '--types',
        'node',
      ];
      const { status, stdout } = spawnSync(path.join(ROOT, 'node_modules/.bin/tsc'), [...flags, 'typed.ts'], {
        cwd: app,
      });
      return { status, text: String(stdout) };
    };
    const source = "{ config: {} }, { earlyExit: { drainMs: 5 }, onEvent: ({ name }) => name === 'settled' }";
    expect(program(`export const guard = spendGuard(${source});`)).toMatchObject({ status: 0, text: '' });
    expect(
      program(`export const asked = new GuardedBedrock({ config: {} }).converse({ tier: 'auto', messages: [] });`),
    ).toMatchObject({ status: 0, text: '' });
    const wrong = program(`spendGuard({ config: {} }, { tier: 'huge' });`);
    expect(wrong.status).not.toBe(0);
    expect(wrong.text).toContain('huge');
  });
});
