import type { Refusal, RefusalCode } from '../core/in-path';

/**
 * The call was not made, and cost nothing. It carries neither `$retryable` nor a status code or a cause, by any of which
 * the SDK would take it for worth another attempt.
 */
export class SpendGuardRefused extends Error {
  override readonly name = 'SpendGuardRefused';
  readonly code: RefusalCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.message}`);
    this.code = refusal.code;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
  }
}

/** How deep wrappers are looked into: frameworks nest a few, and causes may go round. */
const DEEPEST = 20;

/**
 * The refusal that an error is, or was caused by: frameworks wrap what they call (`cause`, or `errors` of several). Also
 * where two copies of this package are installed.
 */
export function refusalIn(error: unknown, depth = 0): SpendGuardRefused | undefined {
  if (!(error instanceof Error) || depth > DEEPEST) return undefined;
  if (error.name === 'SpendGuardRefused') return error as SpendGuardRefused;
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: unknown };
  const direct = refusalIn(cause, depth + 1);
  if (direct || !Array.isArray(errors)) return direct;
  for (const each of errors as readonly unknown[]) {
    const found = refusalIn(each, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Whether `refusalIn` finds one; a wrapper's own `code` is not the refusal's. */
export function isSpendGuardRefused(error: unknown): boolean {
  return refusalIn(error) !== undefined;
}
