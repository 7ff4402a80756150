import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { GuardError } from '../../core/errors';
import { checkReportFile } from '../../simulator';
import { UsageError } from '../errors';
import { codeOf } from './file';

/** Before anything is read or played. @throws UsageError where the file could not be written */
export function checkReportPath(file: string): void {
  try {
    checkReportFile(file);
    const isNew = !existsSync(file);
    // Asking the rights is not enough: a full or read-only disk has them.
    closeSync(openSync(file, 'a'));
    if (isNew) rmSync(file);
  } catch (error) {
    if (error instanceof GuardError) throw new UsageError(error.message);
    throw new UsageError(
      `--report ${file}: it cannot be written (${codeOf(error) ?? String(error)}); name a file where you may write`,
    );
  }
}
