import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from 'jest';
import { EQUIVALENTS } from './equivalents';
import { isGood, mutantsOf, resultLines, roomResult, type RoomResult, type StrykerReport } from './result';
import { filesUnder, GOAL_PERCENT, type Room, roomsNamed, testFiles } from './rooms';

const ROOT = path.resolve(__dirname, '../..');
const JEST = createRequire(__filename)('../../jest.config.js') as Config;
/** Git ignores it. What earlier runs have found stays here, so that the next one tries only what has changed. */
const WORK = 'build/mutation';
/** What the tests read; nothing else is copied. */
const COPIED = ['client', 'config', 'core', 'lambda', 'lib', 'local', 'simulator', 'test', 'package.json'];

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Mutates the rooms one after the other and fails unless each is at the goal. */
function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      concurrency: { type: 'string', default: '1' },
      // One file of the rooms, such as `rates.ts`, for whoever works on it.
      file: { type: 'string' },
      fresh: { type: 'boolean', default: false },
    },
  });
  const concurrency = Number(values.concurrency);
  if (!(Number.isSafeInteger(concurrency) && concurrency >= 1)) {
    throw new Error(`--concurrency must be a whole number from 1, got '${values.concurrency}'`);
  }
  const results = roomsNamed(positionals).map((room) => {
    const files = values.file === undefined ? room.files : `core/${room.name}/${values.file}`;
    const all = mutantsOf(mutate({ ...room, files }, concurrency, values.fresh));
    const mutants = all.filter(({ file }) => values.file === undefined || file === files);
    const name = values.file === undefined ? room.name : `${room.name}/${values.file}`;
    const result = roomResult(name, mutants, EQUIVALENTS);
    resultLines(result, GOAL_PERCENT).forEach(say);
    return result;
  });
  if (!results.every((result: RoomResult) => isGood(result, GOAL_PERCENT))) process.exitCode = 1;
}

function mutate(room: Room, concurrency: number, fresh: boolean): StrykerReport {
  const folder = path.join(WORK, room.name);
  const file = (name: string) => path.join(folder, name);
  mkdirSync(path.join(ROOT, folder), { recursive: true });
  writeFileSync(path.join(ROOT, file('stryker.json')), JSON.stringify(strykerOptions(room, file, concurrency, fresh)));
  rmSync(path.join(ROOT, file('report.json')), { force: true });
  try {
    const stryker = path.join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js');
    // Its progress goes to stderr: stdout holds the result alone.
    const { status } = spawnSync(process.execPath, [stryker, 'run', file('stryker.json')], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, MUTATION_TESTS: JSON.stringify(testFiles(room, ROOT)) },
    });
    if (status !== 0) throw new Error(`${room.name}: Stryker could not run, it ended with ${String(status)}`);
    return JSON.parse(readFileSync(path.join(ROOT, file('report.json')), 'utf8')) as StrykerReport;
  } finally {
    rmSync(path.join(ROOT, file('sandbox')), { recursive: true, force: true });
  }
}

/** https://stryker-mutator.io/docs/stryker-js/configuration (2026-11). */
function strykerOptions(room: Room, file: (name: string) => string, concurrency: number, fresh: boolean): object {
  // No set-up that bundles functions: what is tested here runs from source.
  const { globalSetup: _bundles, globalTeardown: _removes, maxWorkers: _, ...plain } = JEST;
  return {
    mutate: [room.files, '!**/index.ts', '!**/ports.ts'],
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner'],
    jest: {
      // A promise that a mutant never resolves is told by Jest, sooner than by an end of its process.
      config: { ...plain, testTimeout: 10_000, roots: ['<rootDir>/test/mutation'], testMatch: ['**/room.entry.ts'] },
      enableFindRelatedTests: false,
    },
    coverageAnalysis: 'perTest',
    // The tests run without types as well.
    disableTypeChecks: false,
    checkers: [],
    // On a busy machine a mutant must not count as noticed because it was slow.
    timeoutMS: 10_000,
    concurrency,
    // Each run of Jest's leaves an AsyncLocalStorage behind, which every promise afterwards pays for.
    maxTestRunnerReuse: 50,
    incremental: true,
    incrementalFile: file(`found-${around(room)}.json`),
    force: fresh,
    ignorePatterns: ['/*', ...COPIED.map((name) => `!/${name}`)],
    tempDirName: file('sandbox'),
    cleanTempDir: 'always',
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: file('report.json') },
    logLevel: 'warn',
    allowConsoleColors: false,
  };
}

/** Stryker compares what it mutates with the run before; what else decides is in the name of what that run has found. */
function around(room: Room): string {
  const places = [...testFiles(room, ROOT), ...filesUnder('test/helpers', ROOT), ...filesUnder('core', ROOT)];
  const others = places.filter((place) => !place.startsWith(`core/${room.name}/`));
  const hash = createHash('sha256');
  for (const place of others) hash.update(place).update(readFileSync(path.join(ROOT, place)));
  return hash.digest('hex').slice(0, 16);
}

main();
