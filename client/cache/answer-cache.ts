import { isStream, type MeteredOperation } from '../../core/in-path';
import type { AnswersPort } from '../../core/ledger';
import { unlessAborted } from '../abort';
import type { Answer } from '../answer';
import type { SpendGuardOptions } from '../options';
import { ByteLru } from './byte-lru';
import type { Question } from './fingerprint';
import { fromBytes, replay, toBytes, type Kept } from './kept-answer';

export interface AnswerCacheOptions {
  readonly ttlMs: number;
  /** Of all answers in memory together; one of more than a quarter of it is not kept. */
  readonly maxBytes: number;
  readonly now: () => number;
  readonly shared?: AnswersPort;
}

/** What a process keeps beside each answer: its key, its mark, and the list's own links. */
const ENTRY_BYTES = 256;
/** Answers that wait to be stored; beyond so many the next one stores them. */
const MOST_FRESH = 64;

interface Entry {
  readonly kept: Kept;
  readonly mark: number;
}

interface Flight {
  readonly question: Question;
  readonly answer: Promise<Kept | undefined>;
}

interface Fresh {
  readonly question: Question;
  readonly kept: Kept;
  readonly at: number;
}

/** @param minutes for which an answer is given again. 0: there is none */
export function answerCache(
  minutes: number,
  { cacheBytes = 64 * 1024 * 1024, answers }: Pick<SpendGuardOptions, 'cacheBytes' | 'answers'>,
  now: () => number,
): AnswerCache | undefined {
  if (minutes === 0) return undefined;
  return new AnswerCache({
    ttlMs: minutes * 60_000,
    now,
    maxBytes: cacheBytes,
    ...(answers ? { shared: answers } : {}),
  });
}

/**
 * Whole answers for a limited time, by the hash of what was asked. It holds no prompt longer than until the turn of the event
 * loop after its answer: to hash is slow, and so happens where another question has the same mark, or when its caller has
 * the answer.
 */
export class AnswerCache {
  private readonly memory: ByteLru<Entry>;
  private readonly inFlight = new Map<number, Flight[]>();
  /** How many of the answers in memory have the mark. */
  private readonly marks = new Map<number, number>();
  private fresh: Fresh[] = [];

  constructor(private readonly options: AnswerCacheOptions) {
    const { maxBytes, now } = options;
    this.memory = new ByteLru({
      maxBytes,
      maxEntryBytes: Math.floor(maxBytes / 4),
      now,
      dispose: ({ mark }) => {
        const others = (this.marks.get(mark) ?? 0) - 1;
        if (others > 0) this.marks.set(mark, others);
        else this.marks.delete(mark);
      },
    });
  }

  /**
   * The answer from memory, from a call for the same that is in flight, or from the shared store. Else this call becomes the
   * one that others wait for: `done` must be called once, with what there is to keep, or with nothing, upon which each of
   * them asks for itself. Streams wait for nobody, since nobody knows when a stream will be read.
   * @throws AbortError
   */
  async findOrLead(
    operation: MeteredOperation,
    question: Question,
    signal?: AbortSignal,
  ): Promise<{ readonly answer: Answer } | { readonly done: (kept: Kept | undefined) => void }> {
    const { shared } = this.options;
    const others = isStream(operation) ? undefined : this.flight(question);
    const found =
      this.find(question) ??
      (others ? await unlessAborted(others.answer, signal) : shared && (await this.fromShared(question)));
    if (found) return { answer: replay(operation, found) };
    if (isStream(operation)) return { done: (kept) => (kept ? this.put(question, kept) : undefined) };
    // Another began while the shared store was asked: its answer serves both.
    if (shared && !others && this.flight(question)) return this.findOrLead(operation, question, signal);
    return { done: this.lead(question) };
  }

  private find(question: Question): Kept | undefined {
    const { mark } = question;
    if (this.fresh.some(({ question: other }) => other.mark === mark)) this.store();
    return this.marks.has(mark) ? this.memory.get(question.fingerprint)?.kept : undefined;
  }

  private flight(question: Question): Flight | undefined {
    return this.inFlight
      .get(question.mark)
      ?.find(({ question: { fingerprint } }) => fingerprint === question.fingerprint);
  }

  private lead(question: Question): (kept: Kept | undefined) => void {
    let done: (kept: Kept | undefined) => void = () => {};
    const answer = new Promise<Kept | undefined>((resolve) => {
      done = resolve;
    });
    const flight = { question, answer };
    const { mark } = question;
    this.inFlight.set(mark, [flight, ...(this.inFlight.get(mark) ?? [])]);
    return (kept) => {
      const others = (this.inFlight.get(mark) ?? []).filter((other) => other !== flight);
      if (others.length > 0) this.inFlight.set(mark, others);
      else this.inFlight.delete(mark);
      if (kept) this.put(question, kept);
      done(kept);
    };
  }

  private put(question: Question, kept: Kept): void {
    if (this.fresh.length === 0) setImmediate(() => this.store());
    this.fresh.push({ question, kept, at: this.options.now() });
    // For the shared store it has been hashed.
    if (this.options.shared || this.fresh.length > MOST_FRESH) this.store();
  }

  private store(): void {
    const { shared, ttlMs } = this.options;
    const { fresh } = this;
    this.fresh = [];
    for (const { question, kept, at } of fresh) {
      const { fingerprint, mark } = question;
      this.remember(fingerprint, { kept, mark }, at + ttlMs);
      void shared?.put(fingerprint, toBytes(kept), at + ttlMs).catch(() => {});
    }
  }

  private remember(fingerprint: string, entry: Entry, until: number): void {
    const isKept = this.memory.set(fingerprint, entry, entry.kept.bytes + ENTRY_BYTES, until);
    if (isKept) this.marks.set(entry.mark, (this.marks.get(entry.mark) ?? 0) + 1);
  }

  private async fromShared({ fingerprint, mark }: Question): Promise<Kept | undefined> {
    const { shared, now } = this.options;
    const found = await shared?.get(fingerprint).catch(() => undefined);
    if (!found) return undefined;
    // Written by another release: as good as none.
    const kept = found.expiresAt > now() ? fromBytes(found.answer) : undefined;
    if (kept) this.remember(fingerprint, { kept, mark }, found.expiresAt);
    return kept;
  }
}
