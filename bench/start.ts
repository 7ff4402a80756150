import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, milliseconds, ROOT, type Result } from './measure';

const ROUNDS = 3;
const COMMAND = ['-r', 'tsx/cjs', 'bin/simulate.ts'];
const BASELINE = `none: node ${COMMAND.join(' ')}, nobody's terminal`;

interface Started {
  /** Until anything can be read, and until all can, in ms. */
  readonly screen: number;
  readonly whole: number;
  readonly lines: number;
}

/** What a newcomer waits for: the first time, when tsx has compiled nothing yet, and again. */
export async function benchStart(): Promise<readonly Result[]> {
  const empty = mkdtempSync(path.join(tmpdir(), 'spend-guard-bench-'));
  const first = await start({ TMPDIR: empty });
  rmSync(empty, { recursive: true });
  const runs: Started[] = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await start());
  const seconds = (what: string, goal: number, samples: readonly number[]): Result => ({
    what,
    unit: 'seconds',
    value: median(samples) / 1000,
    goal,
    baseline: BASELINE,
    raw: milliseconds(samples),
  });
  const of = (key: keyof Started) => runs.map((one) => one[key]);
  return [
    seconds('npm start: the first screen, with nothing compiled', 5, [first.screen]),
    seconds('npm start: all of it, with nothing compiled', 12, [first.whole]),
    seconds('npm start: the first screen', 5, of('screen')),
    seconds('npm start: all of it', 12, of('whole')),
    {
      what: 'npm start: lines',
      unit: 'count',
      value: median(of('lines')),
      goal: 60,
      baseline: BASELINE,
      raw: `${first.lines} with nothing compiled`,
    },
  ];
}

async function start(env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const begin = performance.now();
  const child = spawn(process.execPath, COMMAND, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  let screen: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    screen ??= performance.now() - begin;
    text += data;
  });
  const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (status !== 0 || screen === undefined) throw new Error(`npm start ended with ${status}\n${text}`);
  return { screen, whole: performance.now() - begin, lines: text.trimEnd().split('\n').length };
}
