import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { guardAt, loadGuard } from '../config';
import { HOUR_MS, MINUTE_MS } from '../core/calendar';
import { median, milliseconds, ROOT, type Result } from './measure';

const ROUNDS = 3;
const MONTH_MINUTES = 31 * 24 * 60;
const YEAR_HOURS = 365 * 24;
const MODELS = 20;
const MANY_ROWS = 10_000_000;
const MANY_RECORDS = 1_000_000;
const ROWS_A_WRITE = 10_000;

/** `spend-guard simulate --usage`, inside the process: reading the file, pricing, deciding; and the memory of the whole process. */
export async function benchReplay(): Promise<readonly Result[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-replay-'));
  try {
    const month = path.join(folder, 'month.csv');
    await writeUsage(month, MONTH_MINUTES, MINUTE_MS, 1);
    const year = path.join(folder, 'year.csv');
    await writeUsage(year, YEAR_HOURS, HOUR_MS, MODELS);
    return [
      ...measured('a month of one environment at steps of a minute', month, { goalSeconds: 1 }),
      ...measured(`a year of usage by the hour, ${MODELS} rows an hour`, year, { goalSeconds: 5, goalMb: 200 }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The program itself, in all environments, with so many calls that only what is bounded can hold them. */
export async function benchUsage(): Promise<readonly Result[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-usage-'));
  try {
    const file = path.join(folder, 'calls.csv');
    await writeUsage(file, MANY_ROWS, (YEAR_HOURS * HOUR_MS) / MANY_ROWS, 1);
    const document = path.join(folder, 'calls.json');
    await writeDocument(document, MANY_RECORDS);
    const whole = { goalMb: 200, rounds: 1, child: WHOLE_RUN } as const;
    return [
      ...measured('10 million calls of a year', file, { goalSeconds: 180, ...whole }),
      ...measured('a million calls as one JSON array', document, { goalSeconds: 60, ...whole }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The models of the configuration in turn: more rows an hour of one model are as many rows to price. */
async function writeUsage(file: string, count: number, stepMs: number, rowsAStep: number): Promise<void> {
  const models = loadGuard(guardAt().input, 0).environments[0]?.models.map(({ id }) => id) ?? [];
  const start = Date.parse('2026-01-01T00:00:00Z');
  function* lines() {
    yield 'time,model,inputTokens,outputTokens\n';
    for (let from = 0; from < count * rowsAStep; from += ROWS_A_WRITE) {
      const to = Math.min(from + ROWS_A_WRITE, count * rowsAStep);
      yield Array.from({ length: to - from }, (_, index) => {
        const at = from + index;
        const time = new Date(start + Math.floor(Math.floor(at / rowsAStep) * stepMs)).toISOString();
        return `${time},${models[at % models.length]},${1000 + (at % 7)},${100 + (at % 3)}\n`;
      }).join('');
    }
  }
  await pipeline(lines, createWriteStream(file));
}

/** Records of Bedrock's invocation log, in one array. */
async function writeDocument(file: string, count: number): Promise<void> {
  const models = loadGuard(guardAt().input, 0).environments[0]?.models.map(({ id }) => id) ?? [];
  const start = Date.parse('2026-01-01T00:00:00Z');
  const stepMs = (YEAR_HOURS * HOUR_MS) / count;
  function* parts() {
    for (let from = 0; from < count; from += ROWS_A_WRITE) {
      const records = Array.from({ length: Math.min(ROWS_A_WRITE, count - from) }, (_, index) => {
        const at = from + index;
        return JSON.stringify({
          schemaType: 'ModelInvocationLog',
          timestamp: new Date(start + Math.floor(at * stepMs)).toISOString(),
          requestId: `request-${at}`,
          operation: 'Converse',
          modelId: models[at % models.length],
          input: { inputTokenCount: 1000 + (at % 7) },
          output: { outputTokenCount: 100 + (at % 3) },
        });
      });
      yield `${from === 0 ? '[' : ',\n'}${records.join(',\n')}`;
    }
    yield ']\n';
  }
  await pipeline(parts, createWriteStream(file));
}

const CHILD = `
  const { performance } = require('node:perf_hooks');
  const { readUsage } = require('./cli/usage/read');
  const { covered } = require('./cli/usage/covered');
  const { ModelNames } = require('./cli/usage/model-names');
  const { Times } = require('./cli/usage/times');
  const { replayed } = require('./cli/replayed');
  const { guardAt, loadGuard } = require('./config');
  const [environment] = loadGuard(guardAt().input, 0).environments;
  const begin = performance.now();
  const options = { said: { times: new Times(undefined) }, names: new ModelNames(), progress: () => undefined };
  readUsage(process.argv[1], options).then(({ table }) => {
    const { rows, models } = covered(table, environment);
    const result = replayed(environment, rows, models);
    if (result.spent <= 0) throw new Error('nothing was spent');
    console.log(JSON.stringify({ ms: performance.now() - begin, mb: process.resourceUsage().maxRSS / 1024 }));
  });
`;

const WHOLE_RUN = `
  process.on('exit', () => {
    const mb = process.resourceUsage().maxRSS / 1024;
    require('node:fs').writeSync(1, '\\n' + JSON.stringify({ ms: performance.now(), mb }));
  });
  process.argv.splice(1, 1, 'spend-guard', 'simulate', '--usage', process.argv[1]);
  require('./bin/spend-guard.ts');
`;

interface Goals {
  readonly goalSeconds: number;
  readonly goalMb?: number;
  /** @default 3 */
  readonly rounds?: number;
  /** A script that takes the file, and ends its output with a line of what it took. @default - inside the process */
  readonly child?: string;
}

function measured(
  what: string,
  file: string,
  { goalSeconds, goalMb, rounds = ROUNDS, child = CHILD }: Goals,
): readonly Result[] {
  const runs = Array.from({ length: rounds }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', 'tsx/cjs', '-e', child, file], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the replay ended with ${status}\n${stderr}`);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { readonly ms: number; readonly mb: number };
  });
  const times = runs.map(({ ms }) => ms);
  const memory = runs.map(({ mb }) => mb);
  const base = { baseline: 'none: spend-guard simulate --usage' } as const;
  return [
    {
      ...base,
      what: `simulate --usage: ${what}`,
      unit: 'seconds',
      value: median(times) / 1000,
      goal: goalSeconds,
      raw: milliseconds(times),
    },
    ...(goalMb === undefined
      ? []
      : [
          {
            ...base,
            what: `memory of it: ${what}`,
            unit: 'megabytes' as const,
            value: median(memory),
            goal: goalMb,
            raw: memory.map((one) => one.toFixed(0)).join(' '),
          },
        ]),
  ];
}
