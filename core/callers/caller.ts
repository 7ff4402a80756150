import { DAY_MS } from '../calendar';
import type { BudgetPath } from '../shared-budgets';

/** Who may call through the server, by a key of its own. */
export interface Caller {
  readonly id: string;
  /** Which its calls draw on. */
  readonly budget: BudgetPath;
  /** Who answers for it. */
  readonly person: string;
  /** What it is for, as that person calls it. */
  readonly name?: string;
  /** ms since the epoch, as are all times here. */
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly revokedAt?: number;
  readonly revokedBy?: string;
}

export interface StoredCaller extends Caller {
  /**
   * SHA-256 of the secret, in hexadecimal digits. No slow hash and no salt: the secret has 256 random bits, so that there is nothing to
   * guess it by, and each request is checked.
   */
  readonly hash: string;
}

export type CallerState = 'active' | 'expired' | 'revoked';

/** A key is good until just before it expires. */
export function callerState({ expiresAt, revokedAt }: Caller, now: number): CallerState {
  if (revokedAt !== undefined) return 'revoked';
  return now < expiresAt ? 'active' : 'expired';
}

/** No key is for ever: one that nobody remembers ends by itself. */
export const LONGEST_KEY_DAYS = 366;

/** Undefined: a key may live so long. */
export function lifetimeProblem(ms: number): string | undefined {
  if (Number.isFinite(ms) && ms > 0 && ms <= LONGEST_KEY_DAYS * DAY_MS) return undefined;
  return `must be more than 0 and at most ${LONGEST_KEY_DAYS} days`;
}

/** Letters of a person or a name: they stand in tables and logs, on one line. */
const LONGEST_LABEL = 128;

/** Undefined: it can be shown. */
export function labelProblem(text: string): string | undefined {
  if (text.trim() === '') return 'must not be empty';
  if (text.length > LONGEST_LABEL) return `must have at most ${LONGEST_LABEL} characters`;
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(text) ? 'must have no control characters' : undefined;
}
