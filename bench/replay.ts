import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { guardAt } from '../config/files';
import { loadGuard } from '../config/load';
import { HOUR_MS, MINUTE_MS } from '../core/calendar';
import { median, milliseconds, ROOT, type Result } from './measure';

const ROUNDS = 3;
const MONTH_MINUTES = 31 * 24 * 60;
const YEAR_HOURS = 365 * 24;
const MODELS = 20;

/** `spend-guard simulate --usage`, inside the process: reading the file, pricing, deciding; and the memory of the whole process. */
export function benchReplay(): readonly Result[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-replay-'));
  try {
    const month = path.join(folder, 'month.csv');
    writeUsage(month, MONTH_MINUTES, MINUTE_MS, 1);
    const year = path.join(folder, 'year.csv');
    writeUsage(year, YEAR_HOURS, HOUR_MS, MODELS);
    return [
      ...measured('a month of one environment at steps of a minute', month, 1, undefined),
      ...measured(`a year of usage by the hour, ${MODELS} rows an hour`, year, 5, 300),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The models of the configuration in turn: more rows an hour of one model are as many rows to price. */
function writeUsage(file: string, count: number, stepMs: number, rowsAStep: number): void {
  const models = loadGuard(guardAt().input, 0).environments[0]?.models.map(({ id }) => id) ?? [];
  const start = Date.parse('2026-01-01T00:00:00Z');
  const rows = Array.from({ length: count * rowsAStep }, (_, at) => {
    const time = new Date(start + Math.floor(at / rowsAStep) * stepMs).toISOString();
    return `${time},${models[at % models.length]},${1000 + (at % 7)},${100 + (at % 3)}`;
  });
  writeFileSync(file, `time,model,inputTokens,outputTokens\n${rows.join('\n')}\n`);
}

const CHILD = `
  const { performance } = require('node:perf_hooks');
  const { readUsage } = require('./cli/usage/read');
  const { covered } = require('./cli/usage/covered');
  const { ModelNames } = require('./cli/usage/model-names');
  const { Times } = require('./cli/usage/times');
  const { replayed } = require('./cli/replayed');
  const { guardAt } = require('./config/files');
  const { loadGuard } = require('./config/load');
  const [environment] = loadGuard(guardAt().input, 0).environments;
  const begin = performance.now();
  const options = { said: { times: new Times(undefined) }, names: new ModelNames(), progress: () => undefined };
  readUsage(process.argv[1], options).then(({ table }) => {
    const result = replayed(environment, covered(table, environment));
    if (result.spent <= 0) throw new Error('nothing was spent');
    console.log(JSON.stringify({ ms: performance.now() - begin, mb: process.resourceUsage().maxRSS / 1024 }));
  });
`;

function measured(what: string, file: string, goalSeconds: number, goalMb: number | undefined): readonly Result[] {
  const runs = Array.from({ length: ROUNDS }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', 'tsx/cjs', '-e', CHILD, file], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the replay ended with ${status}\n${stderr}`);
    return JSON.parse(stdout) as { readonly ms: number; readonly mb: number };
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
