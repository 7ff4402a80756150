import { GuardError } from '../core/errors';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The time a handler goes by. A clock in the event counts only where the function's environment names a loopback AWS
 * endpoint (the local AWS, whose clock cannot be moved); deployed templates never set one.
 * @throws GuardError EVENT_INVALID when such a clock is not an ISO date
 */
export function clockFor(event: unknown, environment: Readonly<Record<string, string | undefined>>): () => number {
  const now = typeof event === 'object' && event !== null ? (event as { now?: unknown }).now : undefined;
  if (now === undefined || !namesLoopback(environment['AWS_ENDPOINT_URL'])) return Date.now;
  const at = typeof now === 'string' ? Date.parse(now) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new GuardError(
      'EVENT_INVALID',
      `event.now must be an ISO date such as 2026-11-23T08:00:00Z, got ${JSON.stringify(now)}`,
    );
  }
  return () => at;
}

/** An AWS on this machine: no deployed template names one. */
export function namesLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return false;
  try {
    return LOOPBACK.has(new URL(endpoint).hostname);
  } catch {
    return false;
  }
}
