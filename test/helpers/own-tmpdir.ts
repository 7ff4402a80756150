import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PREFIX = 'spend-guard-run-';

/**
 * Gives this process, and all that it starts, a folder for temporary files of its own: an `App` of the CDK without an output folder
 * makes one there at each synth and removes none.
 * @returns its path
 */
export function takeOwnTmpdir(): string {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), `${PREFIX}${process.pid}-`));
  process.env['TMPDIR'] = folder;
  return folder;
}

/** Removes what {@link takeOwnTmpdir} gave, with all that was left there; nothing where it gave none. */
export function removeOwnTmpdir(): void {
  const folder = tmpdir();
  if (!path.basename(folder).startsWith(`${PREFIX}${process.pid}-`)) return;
  process.env['TMPDIR'] = path.dirname(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Whether a folder is one that {@link takeOwnTmpdir} gave, to this process or to the one that has started it. */
export function isOwnTmpdir(folder: string): boolean {
  return path.basename(folder).startsWith(PREFIX);
}

/** Folders of processes that were killed before they could remove theirs. */
export function staleTmpdirs(parent = realpathSync(tmpdir())): readonly string[] {
  return readdirSync(parent)
    .filter((name) => name.startsWith(PREFIX) && !isAlive(Number.parseInt(name.slice(PREFIX.length), 10)))
    .map((name) => path.join(parent, name));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
