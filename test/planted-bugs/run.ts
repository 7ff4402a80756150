import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AREAS } from './areas';
import type { PlantedBug } from './bugs';

const ROOT = path.resolve(__dirname, '../..');
/** What the tests below read. */
const COPIED = [
  'client',
  'config',
  'core',
  'lambda',
  'simulator',
  'test',
  'jest.config.js',
  'package.json',
  'tsconfig.json',
];
const RUNS = '250';
/** A bug may make a tick call itself for ever: that is red too. */
const LONGEST_MS = 90_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Plants each bug in a copy of the sources, and fails unless the tests there turn red; and green without any. */
function main(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'planted-bugs-'));
  try {
    for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    const asked = process.argv.slice(2);
    for (const { area, tests, bugs: all } of AREAS) {
      const bugs = all.filter(
        ({ name }) => asked.length === 0 || asked.some((part) => area === part || name.includes(part)),
      );
      if (bugs.length === 0) continue;
      if (!isGreen(folder, tests)) throw new Error(`${area}: the tests are red without any bug`);
      say(`${area}: green without a bug`);
      const survived = bugs.filter((bug) => !isSeen(folder, tests, bug));
      say(`${bugs.length - survived.length} of ${bugs.length} planted bugs were seen`);
      if (survived.length > 0) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isSeen(folder: string, tests: readonly string[], { name, file, from, to }: PlantedBug): boolean {
  const place = path.join(folder, file);
  const source = readFileSync(place, 'utf8');
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`${name}: ${file} has ${parts.length - 1} times: ${from}`);
  writeFileSync(place, parts.join(to));
  try {
    const seen = !isGreen(folder, tests);
    say(`${seen ? 'seen     ' : 'SURVIVED '} ${name}`);
    return seen;
  } finally {
    writeFileSync(place, source);
  }
}

function isGreen(folder: string, tests: readonly string[]): boolean {
  const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  // No set-up that bundles functions: what is tested here runs from source.
  const args = [jest, '--silent', '--ci', '--bail', '--globalSetup=', '--rootDir', folder, ...tests];
  const env = { ...process.env, FAULT_RUNS: RUNS };
  const { status } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8', timeout: LONGEST_MS });
  return status === 0;
}

main();
