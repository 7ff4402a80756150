import { ServiceError } from '../errors';
import type { Answer, Problem } from './finding';

/** Time, from whoever runs the checks. */
export interface Pace {
  /** Milliseconds since the run began. */
  readonly elapsedMs: () => number;
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (ms: number) => AbortSignal;
  /** When the run as a whole must be done asking, in milliseconds since it began. */
  readonly deadlineMs: number;
}

/**
 * Asks one question, which may fail alone: whatever goes wrong, and however long it takes, becomes data. A question that
 * ignores its signal is no longer waited for.
 */
export async function attempt<T>(
  pace: Pace,
  limitMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<Answer<T>> {
  const began = pace.elapsedMs();
  const left = Math.min(limitMs, pace.deadlineMs - began);
  if (left <= 0) return { kind: 'unavailable', problem: timedOut('the run is out of time'), latencyMs: 0 };
  const signal = pace.timeout(left);
  const latencyMs = () => Math.round(pace.elapsedMs() - began);
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new ServiceError('timedOut', 'Timeout', `no answer within ${Math.round(left)} ms`));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const value = await Promise.race([ask(signal), aborted]);
    return { kind: 'known', value, latencyMs: latencyMs() };
  } catch (error) {
    const problem = signal.aborted ? timedOut(`no answer within ${Math.round(left)} ms`) : problemOf(error);
    return { kind: 'unavailable', problem, latencyMs: latencyMs() };
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

/** Runs `work` on every item, at most `limit` at a time, and keeps the order. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  // The workers share the queue: each takes what is next.
  const worker = async () => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

function timedOut(text: string): Problem {
  return { refusal: 'timedOut', errorName: 'Timeout', text };
}

function problemOf(error: unknown): Problem {
  if (error instanceof ServiceError) {
    const { refusal, errorName, text, reason, httpStatus } = error;
    const status = httpStatus === undefined ? {} : { httpStatus };
    return { refusal, errorName, text, ...status, ...(reason ? { reason } : {}) };
  }
  if (error instanceof Error) return { refusal: 'other', errorName: error.name, text: error.message };
  return { refusal: 'other', errorName: 'Error', text: String(error) };
}
