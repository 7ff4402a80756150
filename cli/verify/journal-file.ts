import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import {
  begin,
  type Begun,
  EMPTY_JOURNAL,
  ended,
  isEmpty,
  type Journal,
  KINDS,
  type Planned,
  planned,
  removed,
  STEP_IDS,
} from '../../core/verify';
import { UsageError } from '../errors';

const NAME = 'spend-guard.verify.journal.json';

const shape = z.object({
  schemaVersion: z.literal(1),
  resources: z.array(
    z.object({
      runId: z.string(),
      step: z.enum(STEP_IDS),
      kind: z.enum(KINDS),
      name: z.string(),
      region: z.string(),
      account: z.string(),
      arn: z.string().exactOptional(),
      waits: z.literal(true).exactOptional(),
    }),
  ),
  begun: z.array(
    z.object({
      step: z.enum(STEP_IDS),
      runId: z.string(),
      environment: z.string(),
      account: z.string(),
      at: z.number(),
    }),
  ),
});

/** The journal beside the record. What it says is on the disk before the call that it is about is made. */
export class JournalFile {
  private readonly file: string;
  private journal: Journal;

  /** @param out the record's file @throws UsageError where there is one that cannot be read */
  constructor(out: string) {
    this.file = path.join(path.dirname(out), NAME);
    this.journal = read(this.file);
  }

  get content(): Journal {
    return this.journal;
  }

  planned(resource: Planned): void {
    this.write(planned(this.journal, resource));
  }

  removed(resource: Planned): void {
    this.write(removed(this.journal, resource));
  }

  begin(begun: Begun): void {
    this.write(begin(this.journal, begun));
  }

  ended(begun: Begun): void {
    this.write(ended(this.journal, begun));
  }

  begun(step: Begun['step'], environment: string, account: string): Begun | undefined {
    return this.journal.begun.find(
      (one) => one.step === step && one.environment === environment && one.account === account,
    );
  }

  /** Whether it can be written, before anything is made. @throws UsageError */
  check(): void {
    this.write(this.journal);
  }

  /** Nothing that is made is known to nobody: a journal that cannot be written ends the run. @throws UsageError */
  private write(journal: Journal): void {
    const beside = `${this.file}.new`;
    try {
      const handle = openSync(beside, 'w', 0o600);
      writeSync(handle, `${JSON.stringify(journal, null, 2)}\n`);
      fsyncSync(handle);
      closeSync(handle);
      renameSync(beside, this.file);
      // An empty one says nothing.
      if (isEmpty(journal)) rmSync(this.file);
    } catch (error) {
      const { code = 'error' } = error as { code?: string };
      throw new UsageError(`${this.file}: cannot be written (${code}); name an --out in a folder that takes files`);
    }
    this.journal = journal;
  }
}

function read(file: string): Journal {
  if (!existsSync(file)) return EMPTY_JOURNAL;
  const wrong = `${file}: no journal of this version; where it is none of yours, move it away and run verify --clean, which finds the rest by its tag`;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UsageError(wrong);
  }
  const parsed = shape.safeParse(content);
  if (!parsed.success) throw new UsageError(wrong);
  return parsed.data;
}
