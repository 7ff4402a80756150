import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../client/config';
import { CONFIG, PROFILE, SMALL } from '../../helpers/guarded-client';
import { CliWorld, NO_CREDENTIALS } from '../world';

const STACK = 'SpendGuard-dev';
const OUTPUTS = { LeasesTableName: 'SpendGuard-dev-Leases-1', ProfileSmall: PROFILE };

let folder: string;
let world: CliWorld;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'client-config-'));
  world = new CliWorld();
  world.stacks = { [STACK]: OUTPUTS };
  synth({
    ...CONFIG,
    leasesTable: { stack: STACK, output: 'LeasesTableName' },
    models: CONFIG.models.map((model) => ({
      ...model,
      profile: model.id === SMALL ? { stack: STACK, output: 'ProfileSmall' } : undefined,
    })),
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

const out = () => path.join(folder, 'out.json');
const run = (...more: string[]) => world.run('client-config', '--env', 'dev', '--app', folder, '--out', out(), ...more);

function synth(content: unknown): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(path.join(folder, 'spend-guard-client.dev.json'), text);
}

describe('client-config', () => {
  test('writes a file that the plugin takes without the outputs', async () => {
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`wrote ${out()}`);
    const config = loadConfig({ config: JSON.parse(readFileSync(out(), 'utf8')) });
    expect(config.leasesTable).toBe('SpendGuard-dev-Leases-1');
    expect(config.models[0]).toMatchObject({ id: SMALL, profile: PROFILE });
    expect(config.models[1]).not.toHaveProperty('profile');
  });

  test('as JSON: the config itself', async () => {
    const { json } = await run('--json');
    expect(json()).toMatchObject({
      schemaVersion: 1,
      environment: 'dev',
      config: { leasesTable: OUTPUTS.LeasesTableName },
    });
  });

  test.each<[string, () => void, number, string]>([
    [
      'nothing was synthesized',
      () => rmSync(path.join(folder, 'spend-guard-client.dev.json')),
      2,
      'run npx cdk synth first',
    ],
    ['no JSON', () => synth('{'), 2, 'is no JSON: run npx cdk synth again'],
    ['another release', () => synth({ ...CONFIG, schemaVersion: 9 }), 2, 'schemaVersion 9, this one reads 1'],
    ['no stack', () => (world.stacks = {}), 1, 'stack SpendGuard-dev is not there'],
    [
      'a stack of before the model was added',
      () => (world.stacks = { [STACK]: { LeasesTableName: 'x' } }),
      1,
      'SpendGuard-dev.ProfileSmall is not among its outputs; deploy what you have synthesized',
    ],
    ['nobody is signed in', () => (world.refusal = NO_CREDENTIALS), 1, 'CredentialsProviderError'],
  ])('%s: one clear line, and no file', async (_, break_, code, line) => {
    break_();
    const { exitCode, stderr } = await run();
    expect(stderr).toContain(line);
    expect(exitCode).not.toBe(0);
    expect(exitCode === 2).toBe(code === 2);
    expect(existsSync(out())).toBe(false);
  });

  test('a folder that is not there', async () => {
    const { exitCode, stderr } = await run('--out', path.join(folder, 'no', 'out.json'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('cannot be written (ENOENT)');
  });
});
