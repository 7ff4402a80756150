import { execFile } from 'node:child_process';
import { childEnvironment, type Emulator } from '../../../local/emulator';
import { ROOT } from '../../../local/python';

export interface Said {
  readonly exitCode: number;
  readonly output: string;
}

/** `spend-guard` as people run it: a process of its own, with the administrator's credentials and the machine's clock. */
export function spendGuard(aws: Emulator, config: string, ...args: readonly string[]): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      ['bin/spend-guard.js', ...args, '--config', config],
      { cwd: ROOT, env: { ...childEnvironment(aws), TMPDIR: aws.work.inside('tmp') } },
      (error, stdout, stderr) => {
        const exitCode = child.exitCode;
        if (exitCode === null) reject(error ?? new Error('ended by a signal'));
        else resolve({ exitCode, output: stdout + stderr });
      },
    );
  });
}
