import type { Refusal, RefusalCode } from '../core/in-path/refusal';

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

/** Also where two copies of this package are installed. */
export function isSpendGuardRefused(error: unknown): error is SpendGuardRefused {
  return error instanceof Error && error.name === 'SpendGuardRefused';
}
