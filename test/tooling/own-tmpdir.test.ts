import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { staleTmpdirs } from '../helpers/own-tmpdir';

test('what a test leaves among temporary files is the run’s, an assembly of the CDK too', () => {
  expect(path.basename(tmpdir())).toMatch(/^spend-guard-run-\d+-/);
  expect(path.dirname(new App().synth().directory)).toBe(tmpdir());
});

describe('a process with a folder of its own', () => {
  const run = (parent: string, body: string) =>
    spawnSync(process.execPath, ['-r', 'tsx/cjs', '-e', `const own = require('./test/helpers/own-tmpdir'); ${body}`], {
      cwd: path.resolve(__dirname, '../..'),
      env: { ...process.env, TMPDIR: parent },
      encoding: 'utf8',
    });
  const leave = "own.takeOwnTmpdir(); require('node:fs').writeFileSync(require('node:os').tmpdir() + '/left', 'x');";
  // What the loader of TypeScript keeps is none of ours.
  const left = (parent: string) => readdirSync(parent).filter((name) => !name.startsWith('tsx-'));

  test('removes it with all that is in it', () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'parent-'));
    expect(run(parent, `${leave} own.removeOwnTmpdir();`).stderr).toBe('');
    expect(left(parent)).toEqual([]);
  });

  test('removes nothing that was not given to it', () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'parent-'));
    run(parent, 'own.removeOwnTmpdir();');
    expect(existsSync(parent)).toBe(true);
  });

  test('killed before it could, leaves what the next run finds; what a living one uses is let be', () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'parent-'));
    run(parent, `${leave} process.kill(process.pid, 'SIGKILL');`);
    mkdirSync(path.join(parent, `spend-guard-run-${process.pid}-living`));
    const [killed, ...others] = left(parent).filter((name) => !name.endsWith('-living'));
    expect([killed, others]).toEqual([expect.stringMatching(/^spend-guard-run-/), []]);
    expect(staleTmpdirs(parent).map((folder) => path.basename(folder))).toEqual([killed]);
  });
});
