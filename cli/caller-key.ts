import { randomBytes, randomInt } from 'node:crypto';
import { ID_LENGTH, ID_LETTERS, keyText, SECRET_BYTES } from '../core/callers';
import { sha256 } from '../lambda/digest';

export interface NewKey {
  readonly id: string;
  /** For whoever it is of; nobody can make it from what is stored. */
  readonly key: string;
  /** As it is stored. */
  readonly hash: string;
}

export function newKey(): NewKey {
  const id = Array.from({ length: ID_LENGTH }, () => ID_LETTERS.charAt(randomInt(ID_LETTERS.length))).join('');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, key: keyText({ id, secret }), hash: sha256(secret) };
}
