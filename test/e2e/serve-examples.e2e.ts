import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../local/ports';
import { CONFIG } from '../helpers/guarded-client';
import { pythonOf } from '../helpers/python';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLES = path.join(ROOT, 'docs/serve');
let bin: string;
beforeAll(() => {
  bin = path.dirname(pythonOf(path.join(__dirname, 'support/linters-requirements.txt')));
});

/** What a linter says of an example, with its exit code. */
function said(program: string, args: readonly string[], file: string) {
  const { status, stdout, stderr } = spawnSync(path.join(bin, program), [...args, file], { encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
}

function changed(file: string, from: string, to: string): string {
  const text = readFileSync(path.join(EXAMPLES, file), 'utf8');
  expect(text).toContain(from);
  const copy = path.join(mkdtempSync(path.join(tmpdir(), 'example-')), file);
  writeFileSync(copy, text.replace(from, to));
  return copy;
}

describe.each([
  ['Dockerfile', 'hadolint', [], 'FROM node:24-bookworm-slim\nARG', 'FROM node\nARG'],
  [
    'compose.yaml',
    'check-jsonschema',
    ['--builtin-schema', 'vendor.compose-spec'],
    'read_only: true',
    'read_olny: true',
  ],
  ['kubernetes.yaml', 'kubernetes-validate', ['--strict'], 'readOnlyRootFilesystem', 'readOnlyRootFileSystem'],
])('docs/serve/%s', (file, linter, args, from, to) => {
  test(`${linter} finds nothing`, () => {
    expect(said(linter, args, path.join(EXAMPLES, file))).toEqual({ status: 0, text: expect.any(String) });
  });

  test(`${linter} finds a mistake`, () => {
    expect(said(linter, args, changed(file, from, to)).status).not.toBe(0);
  });
});

describe('what the image is made of, without a container', () => {
  const dockerfile = readFileSync(path.join(EXAMPLES, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
  const [, bundling = ''] = /RUN (node_modules\S+esbuild .*?) +&&/.exec(dockerfile) ?? [];
  const folder = mkdtempSync(path.join(tmpdir(), 'image-'));
  const bundle = path.join(folder, 'bin/spend-guard.js');
  const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  beforeAll(() => {
    mkdirSync(path.dirname(bundle));
    const [program = '', ...args] = bundling
      .split(/ +/)
      .map((arg) => arg.replace(/^--outfile=.*/, `--outfile=${bundle}`));
    execFileSync(program, args, { cwd: ROOT, stdio: 'ignore' });
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    writeFileSync(path.join(folder, 'client.json'), JSON.stringify(CONFIG));
    writeFileSync(path.join(folder, 'package.json'), readFileSync(path.join(ROOT, 'package.json')));
  });

  test('its program needs no package that is for development only', () => {
    const named = [...readFileSync(bundle, 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name);
    const packages = named
      .filter((name) => !name.startsWith('node:'))
      .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);
    expect(packages).toContain('fastify');
    expect(packages.filter((name) => !(name in dependencies))).toEqual([]);
  });

  test('it serves the client config, is healthy by the command of the image, and ends at SIGTERM', async () => {
    const port = await freePort();
    const [, check = ''] = /HEALTHCHECK [^[]*CMD \["node", "-e", "(.*)"\]/.exec(dockerfile) ?? [];
    const env = { PATH: process.env['PATH'], HOME: folder, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const args = [bundle, 'serve', '--client-config', 'client.json', '--port', String(port)];
    const server = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    try {
      const [greeting] = (await Promise.race([once(server.stdout, 'data'), once(server, 'exit')])) as [unknown];
      expect(String(greeting)).toContain('serving dev');
      expect(spawnSync(process.execPath, ['-e', check.replace('8787', String(port))]).status).toBe(0);
      server.kill('SIGTERM');
      expect(await once(server, 'exit')).toEqual([0, null]);
      expect(spawnSync(process.execPath, ['-e', check.replace('8787', String(port))]).status).toBe(1);
    } finally {
      server.kill('SIGKILL');
    }
  });
});
