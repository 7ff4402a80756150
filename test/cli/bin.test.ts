import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const bin = path.join(ROOT, 'bin/spend-guard.js');
const run = (args: readonly string[], cwd = ROOT) =>
  spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8' });

test('npm can call it: plain JavaScript that Node runs by itself, from any folder', () => {
  expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  const { status, stdout, stderr } = run(['--help'], '/');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: spend-guard /);
});

test('--help loads neither the SDK, nor the CDK, nor a schema: it stays fast whatever is added', () => {
  const list = `
    process.on('exit', () => {
      const packages = Object.keys(require.cache).flatMap((file) => /node_modules.((?:@[^/]+.)?[^/]+)/.exec(file)?.[1] ?? []);
      process.stderr.write([...new Set(packages)].sort().join(' '));
    });
    process.argv.splice(1, 0, 'spend-guard');
    process.argv[2] = '--help';
    require(${JSON.stringify(bin)});
  `;
  const { stderr, stdout } = spawnSync(process.execPath, ['-e', list], { cwd: ROOT, encoding: 'utf8' });
  expect(stdout).toContain('Usage: spend-guard');
  expect(stderr.split(' ').filter((name) => name !== 'tsx' && name !== 'esbuild')).toEqual([
    '@commander-js/extra-typings',
    'commander',
  ]);
});

test('a pipeline gets the exit code and one line', () => {
  const { status, stdout, stderr } = run(['costs', '--env', 'qa']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
