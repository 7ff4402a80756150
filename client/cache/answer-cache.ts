import { LRUCache } from 'lru-cache';
import { isStream, type MeteredOperation } from '../../core/in-path/operations';
import type { AnswersPort } from '../../core/ports/answers';
import type { Answer } from '../answer';
import { fingerprint } from './fingerprint';
import { fromBytes, replay, toBytes, type Kept } from './kept-answer';

export interface AnswerCacheOptions {
  readonly ttlMs: number;
  /** Of all answers in memory together; one of more than a quarter of it is not kept. */
  readonly maxBytes: number;
  readonly now: () => number;
  readonly shared?: AnswersPort;
}

/** What a process keeps beside each answer: its key, and the list's own links. */
const ENTRY_BYTES = 256;

/** Whole answers for a limited time, by the hash of what was asked. It holds no prompt. */
export class AnswerCache {
  private readonly memory: LRUCache<string, Kept>;
  private readonly inFlight = new Map<string, Promise<Kept | undefined>>();

  constructor(private readonly options: AnswerCacheOptions) {
    const { maxBytes, ttlMs, now } = options;
    this.memory = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: Math.floor(maxBytes / 4),
      sizeCalculation: ({ bytes }) => bytes + ENTRY_BYTES,
      ttl: ttlMs,
      ttlResolution: 0,
      perf: { now },
    });
  }

  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.memory.size, bytes: this.memory.calculatedSize };
  }

  key(operation: MeteredOperation, model: string, input: object): string {
    return fingerprint(operation, model, input);
  }

  /**
   * The answer from memory, from a call for the same that is in flight, or from the shared store. Else this call becomes the
   * one that others wait for: `done` must be called once, with what there is to keep, or with nothing, upon which each of
   * them asks for itself. Streams wait for nobody, since nobody knows when a stream will be read.
   * @throws the reason of `signal`
   */
  async findOrLead(
    operation: MeteredOperation,
    key: string,
    signal?: AbortSignal,
  ): Promise<{ readonly answer: Answer } | { readonly done: (kept: Kept | undefined) => void }> {
    if (isStream(operation)) {
      const found = this.memory.get(key) ?? (await this.fromShared(key));
      return found
        ? { answer: replay(operation, found) }
        : { done: (kept) => (kept ? this.put(key, kept) : undefined) };
    }
    const { shared } = this.options;
    const others = this.inFlight.get(key);
    const found =
      this.memory.get(key) ?? (others ? await inTime(others, signal) : shared && (await this.fromShared(key)));
    if (found) return { answer: replay(operation, found) };
    // Another began while the shared store was asked: its answer serves both.
    if (!others && this.inFlight.has(key)) return this.findOrLead(operation, key, signal);
    return { done: this.lead(key) };
  }

  private lead(key: string): (kept: Kept | undefined) => void {
    let done: (kept: Kept | undefined) => void = () => {};
    const flight = new Promise<Kept | undefined>((resolve) => {
      done = resolve;
    });
    this.inFlight.set(key, flight);
    return (kept) => {
      if (this.inFlight.get(key) === flight) this.inFlight.delete(key);
      if (kept) this.put(key, kept);
      done(kept);
    };
  }

  private put(key: string, kept: Kept): void {
    this.memory.set(key, kept);
    const { shared, now, ttlMs } = this.options;
    void shared?.put(key, toBytes(kept), now() + ttlMs).catch(() => {});
  }

  private async fromShared(key: string): Promise<Kept | undefined> {
    const { shared, now } = this.options;
    const found = await shared?.get(key).catch(() => undefined);
    if (!found) return undefined;
    const ttl = found.expiresAt - now();
    // Written by another release: as good as none.
    const kept = ttl > 0 ? fromBytes(found.answer) : undefined;
    if (kept) this.memory.set(key, kept, { ttl });
    return kept;
  }
}

async function inTime<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void answer.then((value) => {
      signal.removeEventListener('abort', abort);
      resolve(value);
    });
  });
}
