import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** What is mutated of a room of `core/`, and which tests have to notice. */
export interface Room {
  readonly name: string;
  /** Beside `index.ts`, `ports.ts` and files that hold types alone, which are never mutated. */
  readonly files: string;
  /** Folders and files from the root. */
  readonly tests: readonly string[];
}

export const GOAL_PERCENT = 85;

/** Hundreds of generated cases, which shrink when they fail: too long once a mutant. What a mutant breaks is stated by example. */
export const LONG_TESTS = /(property|contention|metering)\.test\.ts$/;

export const ROOMS: readonly Room[] = [
  {
    name: 'decision',
    files: 'core/decision/*.ts',
    tests: ['test/core/decision', 'test/core/report/meter-line.test.ts'],
  },
  { name: 'stop-lines', files: 'core/stop-lines/*.ts', tests: ['test/core/stop-lines', 'test/core/decision'] },
  { name: 'meter', files: 'core/meter/*.ts', tests: ['test/core/meter'] },
  { name: 'enforcement', files: 'core/enforcement/*.ts', tests: ['test/core/enforcement'] },
  { name: 'ledger', files: 'core/ledger/*.ts', tests: ['test/core/ledger'] },
  {
    // The files that compute or bound money and tokens.
    name: 'in-path',
    files: 'core/in-path/{amount,input-costs,limit,unbilled,usage,whole-answer}.ts',
    tests: ['test/core/in-path'],
  },
];

/** The rooms that are named, all where none is. @throws Error that lists the rooms there are */
export function roomsNamed(names: readonly string[]): readonly Room[] {
  const unknown = names.filter((name) => !ROOMS.some((room) => room.name === name));
  if (unknown.length > 0) {
    throw new Error(`no room '${unknown.join("', '")}': the rooms are ${ROOMS.map(({ name }) => name).join(', ')}`);
  }
  return ROOMS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** The test files of a room, from the root. */
export function testFiles(room: Room, root: string): readonly string[] {
  return room.tests
    .flatMap((place) => filesUnder(place, root))
    .filter((file) => file.endsWith('.test.ts') && !LONG_TESTS.test(file));
}

/** Every file of a folder, or the file itself; from the root, in one order. */
export function filesUnder(place: string, root: string): readonly string[] {
  if (statSync(path.join(root, place)).isFile()) return [place];
  return readdirSync(path.join(root, place), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .toSorted();
}
