/** Nothing where it is not aborted. @throws AbortError as the SDK's own handlers make it: the reason is its cause, or its text */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const reason: unknown = signal.reason;
  const error =
    typeof reason === 'string' ? new Error(reason) : new Error('Request aborted', { cause: reason ?? undefined });
  throw Object.assign(error, { name: 'AbortError' });
}
