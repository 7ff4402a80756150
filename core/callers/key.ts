/**
 * What a caller sends as its bearer token: `sgk-<id>-<secret>`, which fits `AWS_BEARER_TOKEN_BEDROCK` and an Authorization header as it
 * is. The id is no secret: people name a key by it. The secret is 32 random bytes.
 */
export interface CallerKey {
  readonly id: string;
  readonly secret: string;
}

/** Of which an id is made, and no letter that a shell or a URL takes for something else. */
export const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const ID_LENGTH = 10;
export const SECRET_BYTES = 32;

/** 32 bytes are 43 letters of base64url. */
const KEY = /^sgk-([a-z0-9]{10})-([A-Za-z0-9_-]{43})$/;

export function keyText({ id, secret }: CallerKey): string {
  return `sgk-${id}-${secret}`;
}

/** Undefined: no key, whoever made it. */
export function parseKey(text: string): CallerKey | undefined {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
