import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isOwnTmpdir } from './own-tmpdir';

/**
 * What costs a second to make and is the same for every test file of a run: the first that asks makes it, and leaves it in the run's
 * own folder, which goes with the run. Outside of a run each makes its own.
 * @param what with {@link key} its name
 * @param key all that it is made of, which JSON can hold
 * @param make something that JSON can hold
 */
export function onceARun<T>(what: string, key: unknown, make: () => T, parent = tmpdir()): T {
  if (!isOwnTmpdir(parent)) return make();
  const file = `${placeOf(what, key, parent)}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  const made = make();
  // Two workers may make it at once; nobody reads half of it.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(made));
  renameSync(draft, file);
  return made;
}

/**
 * The same for a folder, which nobody changes afterwards.
 * @param fill it is empty, and moved when it is full
 */
export function folderOnceARun(what: string, key: unknown, fill: (folder: string) => void, parent = tmpdir()): string {
  const folder = placeOf(what, key, parent);
  if (isOwnTmpdir(parent) && existsSync(folder)) return folder;
  const draft = mkdtempSync(`${folder}.`);
  fill(draft);
  if (!isOwnTmpdir(parent)) return draft;
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    // Another worker was faster: its folder is in use already.
    rmSync(draft, { recursive: true });
  }
  return folder;
}

function placeOf(what: string, key: unknown, parent: string): string {
  const folder = path.join(parent, 'once-a-run');
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${what}-${createHash('sha256').update(JSON.stringify(key)).digest('hex')}`);
}
