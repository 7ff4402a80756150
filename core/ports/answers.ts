/** Whole answers by the hash of what was asked, shared by processes. A store that fails costs a request, never a call. */
export interface AnswersPort {
  /** Undefined: none, or one that has expired. */
  get(key: string): Promise<{ readonly answer: Uint8Array; readonly expiresAt: number } | undefined>;
  /** @param expiresAt ms since the epoch */
  put(key: string, answer: Uint8Array, expiresAt: number): Promise<void>;
}
