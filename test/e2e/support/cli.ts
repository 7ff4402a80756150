import { execFile } from 'node:child_process';
import { childEnvironment, type Credentials, type Emulator } from '../../../local/emulator';
import { ROOT } from '../../../local/python';

export interface Said {
  readonly exitCode: number;
  /** What it printed, and then what it said beside it. */
  readonly output: string;
  readonly stdout: string;
}

/** `spend-guard` as people run it: a process of its own, with the administrator's credentials and the machine's clock. */
export function spendGuard(aws: Emulator, config: string, ...args: readonly string[]): Promise<Said> {
  return spendGuardAt(aws, Date.now(), config, ...args);
}

/** The same by another clock. @param now milliseconds since the epoch */
export function spendGuardAt(aws: Emulator, now: number, config: string, ...args: readonly string[]): Promise<Said> {
  return run(aws, now, [...args, '--config', config]);
}

/** `spend-guard organization`, under whose credentials it is. @param file the organisation's */
export function spendGuardOf(aws: Emulator, by: Credentials, file: string, ...args: readonly string[]): Promise<Said> {
  const { accessKeyId, secretAccessKey, sessionToken } = by;
  return run(aws, Date.now(), ['organization', ...args, '--organization', file], {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
  });
}

function run(aws: Emulator, now: number, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Said> {
  const env = {
    ...childEnvironment(aws),
    TMPDIR: aws.work.inside('tmp'),
    CLOCK_SHIFT_MS: String(now - Date.now()),
    ...more,
  };
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      ['-r', './test/e2e/support/clock.js', 'bin/spend-guard.js', ...args],
      { cwd: ROOT, env },
      (error, stdout, stderr) => {
        const exitCode = child.exitCode;
        if (exitCode === null) reject(error ?? new Error('ended by a signal'));
        else resolve({ exitCode, output: stdout + stderr, stdout });
      },
    );
  });
}
