import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StepRecord, VerifiedRecord } from '../../../core/verify/record';
import type { StepId } from '../../../core/verify/steps';
import type { Journal } from '../../../core/verify/journal';
import { CliWorld } from '../world';

const FOLDERS: string[] = [];

/** A terminal in a folder of its own; dev is the environment. */
export class VerifyWorld extends CliWorld {
  readonly folder = folder();
  readonly out = path.join(this.folder, 'verified.json');
  readonly journalFile = path.join(this.folder, 'spend-guard.verify.journal.json');

  constructor() {
    super();
    // Nobody ends it.
    this.stopAsked = () => new Promise(() => {});
  }

  verified(...args: string[]) {
    return this.run('verify', '--env', 'dev', '--out', this.out, ...args);
  }

  get record(): VerifiedRecord {
    return JSON.parse(readFileSync(this.out, 'utf8')) as VerifiedRecord;
  }

  step(id: StepId): StepRecord {
    const found = this.record.steps.find(({ step }) => step === id);
    if (!found) throw new Error(`${id} was not run`);
    return found;
  }

  get journal(): Journal | undefined {
    return existsSync(this.journalFile) ? (JSON.parse(readFileSync(this.journalFile, 'utf8')) as Journal) : undefined;
  }

  writeJournal(text: string): void {
    writeFileSync(this.journalFile, text);
  }

  loseJournal(): void {
    rmSync(this.journalFile, { force: true });
  }
}

export const NOTHING_LEFT = { role: 0, policy: 0, profile: 0, budget: 0 };

export function removeFolders(): void {
  for (const one of FOLDERS.splice(0)) rmSync(one, { recursive: true, force: true });
}

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'spend-guard-verify-'));
  FOLDERS.push(made);
  return made;
}
