import { createHash } from 'node:crypto';
import {
  asksForVariety,
  isConverse,
  isStream,
  kindOf,
  type MeteredOperation,
  unbilled,
  WholeAnswer,
} from '../core/in-path';

export interface KeptAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Entry {
  readonly answer: KeptAnswer;
  readonly bytes: number;
  readonly until: number;
}

export interface Question {
  readonly operation: string;
  readonly modelId: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What an answer needs beside its body; the rest is of one request, or of its connection. */
const KEPT_HEADERS = ['content-type', 'x-amzn-bedrock-content-type'];
/** As the plugin's: 64 MB, and none of more than a quarter of it. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_OF_ONE = MOST_BYTES / 4;
const ENTRY_BYTES = 512;

/**
 * Whole answers of Converse and InvokeModel as bytes, by a hash of what was asked, under the plugin's rules: none where the
 * caller wants variety, none that was cut off. It holds no prompt.
 */
export class KeptAnswers {
  /** The first was not given for longest. */
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  constructor(
    private readonly ttlMs: number,
    private readonly now: () => number,
  ) {}

  /** Undefined where its answer is not to be kept, or given to others. */
  nameOf({ operation, modelId, headers, body }: Question): string | undefined {
    if (this.ttlMs === 0 || kindOf(operation) !== 'metered' || isStream(operation as MeteredOperation))
      return undefined;
    const parsed = parsedOf(body);
    if (parsed === undefined || asksForVariety(parsed)) return undefined;
    const hash = createHash('sha256').update(JSON.stringify([operation, modelId, asking(headers), body.length]));
    return hash.update(body).digest('base64');
  }

  find(name: string): KeptAnswer | undefined {
    const found = this.entries.get(name);
    if (!found) return undefined;
    this.drop(name, found);
    if (this.now() > found.until) return undefined;
    this.set(name, found);
    return found.answer;
  }

  /** Keeps it where it is whole. */
  put(name: string, operation: string, headers: Readonly<Record<string, string>>, body: Buffer): void {
    const parsed = parsedOf(body);
    if (parsed === undefined || !new WholeAnswer().add(parsed).whole) return;
    const answer = { headers: kept(operation, headers), body: free(body, parsed) };
    const bytes = answer.body.length + ENTRY_BYTES;
    const before = this.entries.get(name);
    if (before) this.drop(name, before);
    if (bytes > MOST_OF_ONE) return;
    this.set(name, { answer, bytes, until: this.now() + this.ttlMs });
    for (const [oldest, entry] of this.entries) {
      if (this.bytes <= MOST_BYTES) break;
      this.drop(oldest, entry);
    }
  }

  private set(name: string, entry: Entry): void {
    this.entries.set(name, entry);
    this.bytes += entry.bytes;
  }

  private drop(name: string, { bytes }: Entry): void {
    this.entries.delete(name);
    this.bytes -= bytes;
  }
}

/** Headers that are part of the question: a guardrail, a trace, a tier of service, what the answer is to be written in. */
function asking(headers: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amzn-bedrock-') || name === 'accept' || name === 'content-type')
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function kept(operation: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => KEPT_HEADERS.includes(name));
  const counts = ['input', 'output'].map((which) => [`x-amzn-bedrock-${which}-token-count`, '0'] as const);
  return Object.fromEntries(isConverse(operation as MeteredOperation) ? found : [...found, ...counts]);
}

/** Its usage at 0, since nobody is billed for it again. What has a number that JSON in JavaScript would round stays as it is. */
function free(body: Buffer, parsed: object): Buffer {
  return /\d{16}/.test(body.toString('latin1')) ? body : Buffer.from(JSON.stringify(unbilled(parsed)));
}

function parsedOf(body: Buffer): object | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
