import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../../local/python';

const ENTRY = ['-r', './bin/on-node.js', '-r', 'tsx/cjs', 'local/run.ts'];
const folders: string[] = [];
/** Shows the runaway while the other tests run: it mostly waits for the meter. */
let shown: Run;

beforeAll(() => {
  shown = launch(['run', '--silent', 'local', '--', '--exit'], { command: 'npm', before: [] });
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  /** Its own, in which everything temporary is. */
  readonly folder: string;
  /** Both streams until now. */
  output(): string;
  /** Resolves once this has been printed. */
  printed(text: RegExp): Promise<void>;
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

interface LaunchOptions {
  readonly root?: string;
  readonly command?: string;
  /** Arguments before. */
  readonly before?: readonly string[];
  /** In a process group of its own. */
  readonly detached?: boolean;
}

function launch(
  args: readonly string[] = [],
  { root = ROOT, command = process.execPath, before = ENTRY, detached = false }: LaunchOptions = {},
): Run {
  const folder = mkdtempSync(path.join(tmpdir(), 'launcher-'));
  folders.push(folder);
  // What tsx has compiled before: only the time would differ without it.
  const cache = `tsx-${process.getuid?.()}`;
  if (existsSync(path.join(tmpdir(), cache))) symlinkSync(path.join(tmpdir(), cache), path.join(folder, cache));
  const env = { ...process.env, TMPDIR: folder };
  const child = spawn(command, [...before, ...args], { cwd: root, env, detached });
  let output = '';
  const hear = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  return {
    child,
    folder,
    ended,
    output: () => output,
    async printed(text) {
      while (!text.test(output)) {
        if (child.exitCode !== null) throw new Error(`ended without ${text}:\n${output}`);
        await sleep(20);
      }
    },
  };
}

/** Folders in the run's own, tsx's cache apart, and processes that name it. */
function left({ folder }: Run): string[] {
  return [...readdirSync(folder).filter((name) => !name.startsWith('tsx-')), ...processesNaming(folder)];
}

function processesNaming(folder: string): string[] {
  const { stdout } = spawnSync('ps', ['axww', '-o', 'pid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(folder));
}

/** Those that end by themselves when their parent is gone look for it twice a second. */
async function nothingLeft(run: Run): Promise<void> {
  for (let tries = 0; left(run).length > 0 && tries < 300; tries++) await sleep(100);
  expect(left(run)).toEqual([]);
}

/** Of the first ten seconds, in which it starts, bootstraps and deploys. */
function randomMoments(count: number) {
  return Array.from({ length: count }, () => {
    const afterMs = Math.round(Math.random() * 10_000);
    return [`${afterMs} ms after it began`, /^/, 250 + afterMs] as const;
  });
}

describe('Ctrl-C leaves no process and no temporary folder', () => {
  test.each([
    ['while the emulator starts', /^/, 250],
    ['as soon as it has started', /emulator started/, 0],
    ['while it bootstraps', /emulator started/, 1_000],
    ['at the beginning of the deploy', /cdk bootstrap/, 0],
    ['during synth', /cdk bootstrap/, 1_500],
    ['while CloudFormation makes the stack', /cdk bootstrap/, 6_500],
    ['during the runaway', /call 1: answered/, 0],
    ...randomMoments(2),
  ] as const)('%s', async (_moment, text, afterMs) => {
    const run = launch();
    // Before that Node itself is not ready, and would end without a word, as it should.
    await run.printed(text);
    await sleep(afterMs);
    run.child.kill('SIGINT');
    expect([130, 'SIGINT']).toContain(await run.ended);
    await nothingLeft(run);
  });

  test('pressed in a terminal, where npm and all that it started in the foreground get it', async () => {
    const run = launch(['run', '--silent', 'local'], { command: 'npm', before: [], detached: true });
    await run.printed(/cdk bootstrap/);
    process.kill(-(run.child.pid ?? Number.NaN), 'SIGINT');
    await run.ended;
    await nothingLeft(run);
    expect(run.output()).toContain('SIGINT: ending the local AWS');
  });

  test('while .venv is prepared, which the next run completes', async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'project-'));
    try {
      for (const name of readdirSync(ROOT)) {
        if (name === '.venv' || name === '.git') continue;
        if (name === 'local') cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true });
        else symlinkSync(path.join(ROOT, name), path.join(root, name));
      }
      const run = launch([], { root });
      await run.printed(/installing local\/requirements.txt/);
      await sleep(500);
      run.child.kill('SIGINT');
      expect(await run.ended).toBe(130);
      await nothingLeft(run);
      expect(processesNaming(root)).toEqual([]);

      const again = launch([], { root });
      await again.printed(/emulator started/);
      again.child.kill('SIGINT');
      expect(await again.ended).toBe(130);
      await nothingLeft(again);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('it ends by itself', () => {
  test('when its parent is killed', async () => {
    const run = launch(['-c', `"${process.execPath}" ${ENTRY.join(' ')} & wait`], { command: 'sh', before: [] });
    await run.printed(/cdk bootstrap/);
    run.child.kill('SIGKILL');
    await nothingLeft(run);
    expect(run.output()).toContain('the parent process is gone: ending the local AWS');
  });

  test('and all that it started ends with it when it is killed outright', async () => {
    const run = launch();
    await run.printed(/cdk bootstrap/);
    await sleep(1_000);
    run.child.kill('SIGKILL');
    await run.ended;
    await nothingLeft(run);
    // Nor does anything that still ran make it anew.
    await sleep(3_000);
    await nothingLeft(run);
  });

  test('after the longest time that it may stay up', async () => {
    const run = launch(['--hours', '0.001']);
    expect(await run.ended).toBe(0);
    expect(run.output()).toContain('0.001 h are over: ending the local AWS');
    await nothingLeft(run);
  });

  test('when nobody reads what it says', async () => {
    const run = launch();
    await run.printed(/emulator started/);
    run.child.stdout?.destroy();
    expect(await run.ended).toBe(143);
    await nothingLeft(run);
  });
});

describe('bad input: one line', () => {
  test('a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const run = launch(['--port', String(port)]);
    expect(await run.ended).toBe(1);
    expect(run.output()).toMatch(/^port \d+ of 127.0.0.1 is in use by another program: .*\n$/);
    server.close();
    await nothingLeft(run);
  });

  test.each([
    [['--port', '80'], /^--port: 1024 to 65535, got '80'\n$/],
    [['--hours', '5'], /^--hours: above 0 and at most 4, got '5'\n$/],
    [['--nosuch'], /^Unknown option '--nosuch'/],
  ])('%j', async (args, line) => {
    const run = launch(args);
    expect(await run.ended).toBe(2);
    expect(run.output()).toMatch(line);
  });
});

test('two that begin at the same moment have a port each', async () => {
  const runs = [launch(), launch()];
  await Promise.all(runs.map((run) => run.printed(/http:\/\/localhost:\d+/)));
  const ports = runs.map((run) => /localhost:(\d+)/.exec(run.output())?.[1]);
  expect(new Set(ports).size).toBe(2);
  for (const run of runs) run.child.kill('SIGINT');
  for (const run of runs) expect([130, 'SIGINT']).toContain(await run.ended);
  for (const run of runs) await nothingLeft(run);
});

test('npm run local -- --exit: deployed, ran away, stopped, resumed, and gone', async () => {
  const exitCode = await shown.ended;
  if (exitCode !== 0) throw new Error(`it ended with ${exitCode}:\n${shown.output()}`);
  const lines = [
    /emulator started/,
    /cdk bootstrap: \d/,
    /cdk deploy -c env=dev: \d/,
    /export AWS_ENDPOINT_URL=http:\/\/localhost:\d+/,
    /call 1: answered/,
    /meter: \$\d+\.\d\d this month, open/,
    /meter: \$[5-9]\.\d\d this month, stopped: .*runaway brake/,
    /mail to ti@dadosfera.ai: \[meter\] dev stopped/,
    /AccessDenied\n.*explicit deny/,
    /dev is now open: override by /,
    /call after the resume: answered/,
  ];
  for (const line of lines) expect(shown.output()).toMatch(line);
  await nothingLeft(shown);
});
