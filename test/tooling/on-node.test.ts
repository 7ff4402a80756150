import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { CONFIG } from '../helpers/guarded-client';

const ROOT = path.resolve(__dirname, '../..');
const AS_NODE = path.join(ROOT, 'test/fixtures/as-node.js');
const SILENCED = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
const THE_WARNING = 'NodeVersionSupportWarning';
const output = mkdtempSync(path.join(tmpdir(), 'on-node-'));
afterAll(() => rmSync(output, { recursive: true }));

const TSX = ['node', '-r', 'tsx/cjs'];
const DOCTOR = ['node', 'bin/spend-guard.js', 'doctor', '--env', 'dev'];
const SYNTH = ['npm', 'run', '--silent', 'synth', '--', '--output', output];
const CLIENT = `const { BedrockRuntimeClient } = require('@aws-sdk/client-bedrock-runtime');
  require('./client').spendGuard({ config: ${JSON.stringify(CONFIG)} }).applyTo(new BedrockRuntimeClient({ region: 'us-east-1' }));`;

/** A program, on a Node that calls itself so, where AWS is but answers nothing; as a user starts it, who has set nothing. */
function run([command = '', ...args]: readonly string[], version: string, env: NodeJS.ProcessEnv = {}) {
  const { [SILENCED]: _, ...own } = process.env;
  const aws = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1', AWS_EC2_METADATA_DISABLED: 'true' };
  const node = { AS_NODE: version, NODE_OPTIONS: `--require ${AS_NODE}`, CDK_DISABLE_VERSION_CHECK: '1' };
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...own, ...aws, ...node, ...env },
  });
  return { status, stdout, stderr };
}

describe('what the SDK says of Node 20', () => {
  test.each([
    ['spend-guard', DOCTOR, 'ECONNREFUSED'],
    // With credentials it asks for the account.
    ['npm run synth', SYNTH, 'Successfully synthesized'],
  ])(
    '%s keeps to itself',
    (_, command, reached) => {
      const { stdout, stderr } = run(command, 'v20.20.2');
      expect(stdout + stderr).toContain(reached);
      expect(stdout + stderr).not.toContain(THE_WARNING);
    },
    60_000,
  );

  test('spend-guard shows to whoever asks', () => {
    expect(run(DOCTOR, 'v20.20.2', { [SILENCED]: 'false' }).stderr).toContain(THE_WARNING);
  });

  test('the plugin leaves to the application that loads it', () => {
    expect(run([...TSX, '-e', CLIENT], 'v20.20.2').stderr).toContain(THE_WARNING);
  });

  test('is said of no Node that the functions run on', () => {
    expect(run(DOCTOR, 'v24.0.0', { [SILENCED]: 'false' }).stderr).not.toContain(THE_WARNING);
  });
});

describe('a Node that is too old', () => {
  const { engines } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };

  test.each([
    ['spend-guard', ['node', 'bin/spend-guard.js', '--help']],
    ['npm start', [...TSX, 'bin/simulate.ts', '--help']],
    ['npm run cdk', ['npm', 'run', '--silent', 'cdk', '--', '--version']],
    ['the app, whoever synthesizes it', [...TSX, 'bin/spend-guard-app.ts']],
  ])('%s: one line says which is needed', (_, command) => {
    const said = `Node v18.20.8 is too old: this needs ${engines.node}; see https://nodejs.org/en/download\n`;
    expect(run(command, 'v18.20.8')).toEqual({ status: 1, stdout: '', stderr: said });
  });

  test.each([
    ['v9.11.2', 1],
    ['v19.9.0', 1],
    ['v20.0.0', 0],
    ['v26.0.0', 0],
  ])('%s: exit code %i', (version, status) => {
    expect(run(['node', 'bin/spend-guard.js', '--help'], version)).toHaveProperty('status', status);
  });

  test.each(['bin/on-node.js', 'bin/spend-guard.js'])(
    '%s is read by it: nothing in it is newer than Node 10',
    (file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      const lowered = (target: string) => transformSync(text, { target, platform: 'node' }).code;
      expect(lowered('node10')).toBe(lowered('esnext'));
    },
  );
});
