import type { Secret } from '../../core/channels';
import { ServiceError } from '../../core/errors';

/** Of a key that is gone or disabled, or that the caller may not use: mended by whoever has the key. */
const OF_KEY = ['InvalidKeyId', 'DecryptionFailure', 'KMSInvalidStateException'];

/** What an error says of the secret itself, by the error's name. */
export type SaysOfSecret = Readonly<Partial<Record<string, 'missing' | 'inDeletion'>>>;

/** Why a secret was not read, by the error's name alone: its text may quote names. */
export function unreadSecret(error: unknown, says: SaysOfSecret): Exclude<Secret, { kind: 'value' }> {
  if (!(error instanceof ServiceError)) throw error;
  const { errorName, refusal } = error;
  const kind = says[errorName];
  if (kind !== undefined) return { kind };
  const isDenied = refusal === 'accessDenied' || OF_KEY.includes(errorName);
  return { kind: isDenied ? 'denied' : 'unavailable', why: errorName };
}
