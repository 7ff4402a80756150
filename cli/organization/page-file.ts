import { closeSync, existsSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors';

/** Before anything is asked or mailed. @throws UsageError where the file could not be written */
export function checkPageFile(file: string): void {
  const folder = path.dirname(path.resolve(file));
  if (!existsSync(folder)) throw new UsageError(`--page ${file}: there is no folder ${folder}; make it first`);
  if (existsSync(file) && !statSync(file).isFile()) {
    throw new UsageError(`--page ${file}: is not a file; name one, such as organization.html`);
  }
  const isNew = !existsSync(file);
  attempted(file, () => closeSync(openSync(file, 'a')));
  if (isNew) rmSync(file);
}

/** @throws UsageError */
export function writePage(file: string, page: string): void {
  attempted(file, () => writeFileSync(file, page));
}

function attempted(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code = 'error' } = error as { code?: string };
    throw new UsageError(`--page ${file}: it cannot be written (${code}); name a file where you may write`);
  }
}
