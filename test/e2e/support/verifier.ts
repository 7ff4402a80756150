import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal } from '../../../core/verify/journal';
import type { VerifiedRecord } from '../../../core/verify/record';
import { childEnvironment, type Credentials, type Emulator } from '../../../local/emulator';
import { ROOT } from '../../../local/python';

export interface VerifySaid {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** With standard error. */
  readonly output: string;
}

/** Somebody who runs `spend-guard verify` with credentials of their own, in a folder of their own. */
export class Verifier {
  readonly folder: string;
  readonly out: string;
  readonly page: string;
  private readonly journalFile: string;

  constructor(
    private readonly aws: Emulator,
    private readonly config: string,
    private readonly credentials?: Credentials,
  ) {
    this.folder = aws.work.inside('verify');
    this.out = path.join(this.folder, 'verified.json');
    this.page = path.join(this.folder, 'verified.md');
    this.journalFile = path.join(this.folder, 'spend-guard.verify.journal.json');
  }

  get record(): VerifiedRecord {
    return JSON.parse(readFileSync(this.out, 'utf8')) as VerifiedRecord;
  }

  get journal(): Journal | undefined {
    return existsSync(this.journalFile) ? (JSON.parse(readFileSync(this.journalFile, 'utf8')) as Journal) : undefined;
  }

  loseJournal(): void {
    rmSync(this.journalFile, { force: true });
  }

  /** As if what was begun had been so long before. */
  aged(ms: number): void {
    const { journal } = this;
    if (!journal) throw new Error('nothing was begun');
    const begun = journal.begun.map((one) => ({ ...one, at: one.at - ms }));
    writeFileSync(this.journalFile, JSON.stringify({ ...journal, begun }));
  }

  async run(...args: readonly string[]): Promise<VerifySaid> {
    const { child, output, stdout } = this.start(args);
    const exitCode = await ended(child);
    return { exitCode, output: output(), stdout: stdout() };
  }

  /** Ends the process at once, as a crash does, as soon as the journal says so. */
  async killedWhen(is: (journal: Journal) => boolean, ...args: readonly string[]): Promise<void> {
    const { child, output } = this.start(args);
    const end = ended(child);
    for (;;) {
      const { journal } = this;
      if (journal && is(journal)) break;
      if (child.exitCode !== null) throw new Error(`it ended by itself: ${output()}`);
      await sleep(2);
    }
    child.kill('SIGKILL');
    await end;
  }

  private start(args: readonly string[]) {
    const { accessKeyId, secretAccessKey, sessionToken } = this.credentials ?? {};
    const all = ['verify', '--env', 'dev', '--out', this.out, '--config', this.config, ...args];
    const child = spawn(process.execPath, ['bin/spend-guard.js', ...all], {
      cwd: ROOT,
      env: {
        ...childEnvironment(this.aws),
        ...(this.credentials
          ? {
              AWS_ACCESS_KEY_ID: accessKeyId,
              AWS_SECRET_ACCESS_KEY: secretAccessKey,
              AWS_SESSION_TOKEN: sessionToken ?? '',
            }
          : {}),
        TMPDIR: this.aws.work.inside('tmp'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    let out = '';
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()));
    return { child, output: () => text, stdout: () => out };
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
}
