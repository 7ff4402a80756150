import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stage } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import { functionBundle, functionWithSettings } from '../../lib/bundle';
import { SpendGuardStack } from '../../lib/spend-guard-stack';
import { stackProps } from '../helpers/guard-stack';
import { readAssembly } from '../../simulator/template/assembly';
import { environmentOf, functionOf, stackOf, toldTo } from '../helpers/stack';

const dev = stackOf(environmentOf('dev'));

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
const temporary = () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-shipped-'));
  folders.push(folder);
  return folder;
};

describe('the folder of a function with settings', () => {
  const folder = functionWithSettings('cost-check', { B: '2', A: '1' });

  test('holds the bundle and the settings, and nothing else', () => {
    expect(readdirSync(folder).sort()).toEqual(['index.js', 'settings.json']);
    const bundle = path.join(functionBundle('cost-check'), 'index.js');
    expect(readFileSync(path.join(folder, 'index.js')).equals(readFileSync(bundle))).toBe(true);
    expect(readFileSync(path.join(folder, 'settings.json'), 'utf8')).toBe('{\n  "A": "1",\n  "B": "2"\n}\n');
  });

  test('is the same for the same content, in whatever order, and another for another', () => {
    expect(functionWithSettings('cost-check', { A: '1', B: '2' })).toBe(folder);
    expect(functionWithSettings('cost-check', { A: '1', B: '3' })).not.toBe(folder);
    expect(functionWithSettings('spend-meter', { A: '1', B: '2' })).not.toBe(folder);
  });
});

test('two synths in two places make the same assets; another limit makes others', () => {
  const keys = (changes: Readonly<Record<string, unknown>>) => {
    const app = new App({ outdir: temporary(), context: cdkJson.context });
    const stack = new SpendGuardStack(app, stackProps(environmentOf('dev', changes)));
    return ['spend-meter', 'cost-check', 'health-check'].map((feature) =>
      path.basename(functionOf(stack, feature).asset),
    );
  };
  const shipped = keys({});
  expect(keys({})).toEqual(shipped);
  const [meter, report, health] = keys({ monthlyLimitUsd: 51 });
  expect([meter === shipped[0], report === shipped[1], health === shipped[2]]).toEqual([false, false, true]);
});

test('the simulator reads the same from the assembly as the function from its code', () => {
  Stage.of(dev)!.synth();
  const [found] = readAssembly(Stage.of(dev)!.outdir);
  for (const feature of ['spend-meter', 'cost-check', 'health-check']) {
    const { variables } = found!.functions.find((one) => one.feature === feature)!;
    const told = toldTo(dev, feature);
    expect(Object.keys(variables).sort()).toEqual(Object.keys(told).sort());
    expect(variables['MODELS']).toBe(told['MODELS']);
    expect(JSON.parse(variables['PROFILE_IDS']!)).toEqual(
      Object.fromEntries(
        Object.keys(JSON.parse(told['PROFILE_IDS']!) as object).map((key) => [key, expect.any(String)]),
      ),
    );
  }
});

describe('the code that is deployed, loaded by Node as Lambda does', () => {
  const load = (asset: string, variables: Readonly<Record<string, string>>) => {
    const script = `try { require(${JSON.stringify(path.join(asset, 'index.js'))}); console.log('loaded') } catch (error) { console.log(error.code, error.message) }`;
    const env = { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', ...variables };
    return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env, cwd: tmpdir() }).stdout.trim();
  };
  const copyOf = (asset: string) => {
    const copy = temporary();
    cpSync(asset, copy, { recursive: true });
    return copy;
  };

  test.each(['spend-meter', 'cost-check', 'health-check', 'auto-stop'])(
    '%s starts with what the stack gives it',
    (feature) => {
      const { asset, variables } = functionOf(dev, feature);
      expect(load(asset, variables)).toBe('loaded');
    },
  );

  test.each<[string, (folder: string) => void, RegExp]>([
    ['no file', (folder) => rmSync(path.join(folder, 'settings.json')), /settings\.json cannot be read \(ENOENT\)/],
    [
      'half a file',
      (folder) => writeFileSync(path.join(folder, 'settings.json'), '{"A":'),
      /settings\.json is no JSON/,
    ],
    ['a list', (folder) => writeFileSync(path.join(folder, 'settings.json'), '[]'), /holds no names and values/],
    [
      'a number',
      (folder) => writeFileSync(path.join(folder, 'settings.json'), '{"A":1}'),
      /values that are no text: A/,
    ],
    ['nothing in it', (folder) => writeFileSync(path.join(folder, 'settings.json'), '{}'), /MODELS .*PRICES/],
    [
      'a name that is a variable too',
      (folder) => writeFileSync(path.join(folder, 'settings.json'), '{"STATE_TABLE_NAME":"other"}'),
      /both have STATE_TABLE_NAME/,
    ],
  ])('%s: ENVIRONMENT_INVALID, which says so and what to do', (_what, spoil, says) => {
    const { asset, variables } = functionOf(dev, 'spend-meter');
    const folder = copyOf(asset);
    spoil(folder);
    const said = load(folder, variables);
    expect(said).toMatch(/^ENVIRONMENT_INVALID .*deploy .*again$/);
    expect(said).toMatch(says);
  });
});
