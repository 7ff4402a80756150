/** Nothing where it is not aborted. @throws AbortError as the SDK's own handlers make it: the reason is its cause, or its text */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const reason: unknown = signal.reason;
  const error =
    typeof reason === 'string' ? new Error(reason) : new Error('Request aborted', { cause: reason ?? undefined });
  throw Object.assign(error, { name: 'AbortError' });
}

/**
 * What `answer` gives, unless the caller gives up before; what comes then goes to `late`, so that nobody holds it.
 * @throws AbortError at once
 */
export async function unlessAborted<T>(
  answer: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => void = () => {},
): Promise<T> {
  if (!signal) return answer;
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      answer.then(late, () => {});
      try {
        throwIfAborted(signal);
      } catch (error) {
        reject(error);
      }
    };
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([aborted, answer]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
