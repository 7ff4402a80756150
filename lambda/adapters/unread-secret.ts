import type { Secret } from '../../core/channels';
import { ServiceError } from '../../core/errors';

/** Of a key that is gone or disabled, or that the caller may not use: mended by whoever has the key. */
const OF_KEY = ['InvalidKeyId', 'DecryptionFailure', 'KMSInvalidStateException'];

/**
 * Why a secret was not read, by the error's name alone: its text may quote names.
 * @param missing names of errors that say that there is none
 */
export function unreadSecret(error: unknown, missing: readonly string[]): Exclude<Secret, { kind: 'value' }> {
  if (!(error instanceof ServiceError)) throw error;
  const { errorName, refusal } = error;
  if (missing.includes(errorName)) return { kind: 'missing' };
  const isDenied = refusal === 'accessDenied' || OF_KEY.includes(errorName);
  return { kind: isDenied ? 'denied' : 'unavailable', why: errorName };
}
