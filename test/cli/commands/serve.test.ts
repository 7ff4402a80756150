import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CONFIG, PROFILE, SMALL } from '../../helpers/guarded-client';
import { CliWorld } from '../world';

const STACK = 'SpendGuard-dev';
const OUTPUTS = { LeasesTableName: 'SpendGuard-dev-Leases-1', ProfileSmall: PROFILE };

let folder: string;
let world: CliWorld;
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'serve-'));
  world = new CliWorld();
  world.stacks = { [STACK]: OUTPUTS };
  before = { ...process.env };
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'example';
  write('complete.json', CONFIG);
  write('empty.json', {});
  write('outputs.json', { [STACK]: OUTPUTS });
  write('spend-guard-client.dev.json', {
    ...CONFIG,
    leasesTable: { stack: STACK, output: 'LeasesTableName' },
    models: CONFIG.models.map((model) => ({
      ...model,
      profile: model.id === SMALL ? { stack: STACK, output: 'ProfileSmall' } : undefined,
    })),
  });
});
afterEach(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

const file = (name: string) => path.join(folder, name);
const write = (name: string, content: unknown) =>
  writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content));
const serve = (...more: string[]) => world.run('serve', '--port', '0', ...more);

/** What the server answers while it runs. */
function asking(): { health: unknown } {
  const found: { health: unknown } = { health: undefined };
  world.stopAsked = async (stdout) => {
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(stdout) ?? [];
    found.health = await (await fetch(`${url}/healthz`)).json();
  };
  return found;
}

describe('serve', () => {
  test('listens by a file of client-config, says what to set, and stops when it is told to', async () => {
    const found = asking();
    const { exitCode, stdout } = await serve('--client-config', file('complete.json'));
    expect(exitCode).toBe(0);
    expect(found.health).toMatchObject({ status: 'ready', environment: 'dev' });
    expect(stdout).toMatch(/serving dev on http:\/\/127\.0\.0\.1:\d+/);
    for (const name of ['AWS_ENDPOINT_URL_BEDROCK_RUNTIME', 'ANTHROPIC_BEDROCK_BASE_URL', 'AWS_BEARER_TOKEN_BEDROCK'])
      expect(stdout).toContain(`${name}=`);
    expect(stdout).toContain('stopped serving dev');
  });

  test('by what was synthesized and a file of its outputs', async () => {
    const found = asking();
    const { exitCode } = await serve('--env', 'dev', '--app', folder, '--outputs', file('outputs.json'));
    expect(exitCode).toBe(0);
    expect(found.health).toMatchObject({ environment: 'dev' });
  });

  test('by what was synthesized and the deployed stack', async () => {
    const found = asking();
    const { exitCode } = await serve('--env', 'dev', '--app', folder);
    expect(exitCode).toBe(0);
    expect(found.health).toMatchObject({ environment: 'dev' });
  });

  test.each<[string, () => readonly string[], number, string]>([
    ['an unknown environment', () => ['--env', 'nowhere'], 2, "no environment 'nowhere'; allowed: dev"],
    ['a stack that is not there', () => ['--env', 'prod', '--app', folder], 2, 'no spend-guard-client.prod.json there'],
    ['outputs that lack some', () => ['--env', 'dev', '--app', folder, '--outputs', file('empty.json')], 2, 'lacks'],
    [
      'a file of outputs that is none',
      () => ['--env', 'dev', '--app', folder, '--outputs', file('complete.json')],
      2,
      'not a file of cdk deploy --outputs-file',
    ],
    ['no file', () => ['--client-config', file('none.json')], 2, 'cannot be read (ENOENT)'],
    ['a file of something else', () => ['--client-config', file('outputs.json')], 2, 'is no client config'],
    [
      'a file of another environment',
      () => ['--client-config', file('complete.json'), '--env', 'prod'],
      2,
      'is of dev',
    ],
    [
      'a file without its outputs',
      () => ['--client-config', file('spend-guard-client.dev.json')],
      2,
      'client-config --env dev',
    ],
    [
      'a port that is none',
      () => ['--port', '99999', '--client-config', file('complete.json')],
      2,
      '--port 99999: must be',
    ],
    ['a host of others', () => ['--host', '0.0.0.0', '--client-config', file('complete.json')], 2, '--require-key'],
    [
      'a host that is not here',
      () => ['--host', '192.0.2.1', '--require-key', '--behind-tls', '--client-config', file('complete.json')],
      1,
      '--host 192.0.2.1',
    ],
    [
      'half of TLS',
      () => ['--tls-cert', file('complete.json'), '--client-config', file('complete.json')],
      2,
      'give both',
    ],
    [
      'a certificate that is none',
      () => [
        '--tls-cert',
        file('complete.json'),
        '--tls-key',
        file('complete.json'),
        '--client-config',
        file('complete.json'),
      ],
      2,
      'no certificate and key in PEM',
    ],
    [
      'an upstream that is none',
      () => ['--upstream', 'bedrock', '--client-config', file('complete.json')],
      2,
      '--upstream bedrock',
    ],
  ])('%s is told, with the fix', async (_, args, exitCode, said) => {
    world.stopAsked = async () => {
      throw new Error('it listens');
    };
    const result = await serve(...args());
    expect([result.exitCode, result.stderr]).toEqual([exitCode, expect.stringContaining(said)]);
  });

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.on('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const result = await serve('--client-config', file('complete.json'), '--port', String(port));
    other.close();
    expect([result.exitCode, result.stderr]).toEqual([1, expect.stringContaining(`--port ${port}: another process`)]);
  });

  test('no credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) delete process.env[name];
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: file('none'),
      AWS_CONFIG_FILE: file('none'),
    });
    const result = await serve('--client-config', file('complete.json'));
    expect([result.exitCode, result.stderr]).toEqual([1, expect.stringContaining('there are no AWS credentials')]);
  });
});
