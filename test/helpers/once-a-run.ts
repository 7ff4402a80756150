import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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
export function onceARun<T>(what: string, key: unknown, make: () => T): T {
  if (!isOwnTmpdir(tmpdir())) return make();
  const folder = path.join(tmpdir(), 'once-a-run');
  const name = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  const file = path.join(folder, `${what}-${name}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  const made = make();
  mkdirSync(folder, { recursive: true });
  // Two workers may make it at once; nobody reads half of it.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(made));
  renameSync(draft, file);
  return made;
}
