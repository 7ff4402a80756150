import { spawn } from 'node:child_process';
import path from 'node:path';
import { EXIT_CODES } from '../../cli/exit-codes';
import { freePort } from '../../local/ports';
import { quick } from './quick-left';
import { CliWorld } from './world';

const ROOT = path.resolve(__dirname, '../..');
const BIN = path.join(ROOT, 'bin/spend-guard.js');

/** Of nobody there: a machine with other work may not even hear so in time. */
const AWAY = /^spend-guard: (no server at \S+: start spend-guard serve, or see --url|\S+ did not answer in time)\n$/;

describe('the program', () => {
  interface Ended {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }
  const run = (args: readonly string[], stdin = '', script?: string) =>
    new Promise<Ended>((resolve) => {
      const child = spawn(process.execPath, script === undefined ? [BIN, ...args] : ['-e', script, ...args]);
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (part) => (stdout += part));
      child.stderr.on('data', (part) => (stderr += part));
      child.on('close', (status) => resolve({ status, stdout, stderr }));
      child.stdin.end(stdin);
    });

  test('loads Node, two files and nothing else: no compiler, no SDK, no commands', async () => {
    const script = `
      process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache))));
      process.argv.splice(1, 0, 'spend-guard');
      require(${JSON.stringify(BIN)});
    `;
    const { stdout, stderr } = await run(['left', '--url', `http://127.0.0.1:${await freePort()}`], '', script);
    expect(stdout).toMatch(AWAY);
    const loaded = (JSON.parse(stderr) as string[]).map((file) => path.relative(ROOT, file));
    expect(loaded.sort()).toEqual(
      ['bin/on-node.js', 'bin/spend-guard.js', 'cli/quick/left-text.js', 'cli/quick/left.js', 'package.json'].sort(),
    );
  });

  test('one line, and the exit code', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const away = expect.stringMatching(AWAY);
    expect(await run(['left', `--url=${url}`])).toEqual({ status: 1, stdout: away, stderr: '' });
    const { status, stdout, stderr } = await run(['left', '--url', url, '--json']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: away });
    expect(JSON.parse(stdout)).toEqual({
      ...{ schemaVersion: 1, command: 'left', exitCode: 1 },
      error: { code: expect.stringMatching(/^SERVER_(AWAY|SLOW)$/), message: stderr.trimEnd() },
    });
  });

  test('bad input ends with 2, by its own words and by those of the whole program', async () => {
    expect(await run(['left', '--url', 'nope'])).toEqual({
      status: 2,
      stdout: '',
      stderr: '--url nope: must be an http or https address, such as http://127.0.0.1:8787\n',
    });
    const { status, stdout, stderr } = await run(['left', '--nope']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('--url, --claude-code');
  });

  test.each([[[]], [['--json']], [['--url', 'x']], [['--url=x', '--claude-code']]])(
    '%j is answered at once',
    (args) => {
      expect(quick.parse(args)).toBeDefined();
    },
  );

  test.each([[['--help']], [['--url']], [['dev']], [['--jsonn']]])('%j is for the whole program', (args) => {
    expect(quick.parse(args)).toBeUndefined();
  });

  test("its exit codes are the command line's", () => {
    expect(EXIT_CODES).toMatchObject(quick.EXIT);
  });
});

test('as a command of the whole program it says and returns the same', async () => {
  const { exitCode, stdout, stderr } = await new CliWorld().run(
    'left',
    '--url',
    `http://127.0.0.1:${await freePort()}`,
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(stdout).toMatch(AWAY);
  expect(await new CliWorld().run('left', '--url', 'nope')).toMatchObject({ exitCode: 2 });
});
