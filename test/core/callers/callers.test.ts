import { DAY_MS } from '../../../core/calendar';
import {
  callerState,
  labelProblem,
  lifetimeProblem,
  LONGEST_KEY_DAYS,
  type StoredCaller,
} from '../../../core/callers/caller';
import { callerItem, KEYS_OF_CALLERS, readCaller, withoutHash } from '../../../core/callers/item';
import { ID_LENGTH, ID_LETTERS, keyText, parseKey, SECRET_BYTES } from '../../../core/callers/key';

const NOON = Date.parse('2026-11-12T12:00:00Z');
const SECRET = Buffer.alloc(SECRET_BYTES, 251).toString('base64url');
const CALLER: StoredCaller = {
  ...{ id: 'abcdef0123', hash: 'a'.repeat(64), budget: 'search/nightly', person: 'alex@example.com' },
  ...{ createdAt: NOON, createdBy: 'ana', expiresAt: NOON + 30 * DAY_MS },
};

describe('a key', () => {
  const KEY = keyText({ id: CALLER.id, secret: SECRET });

  test('has its id and 32 bytes in it, and passes as a bearer token as it is', () => {
    expect(KEY).toMatch(/^sgk-[a-z0-9]{10}-[\w-]{43}$/);
    expect(parseKey(KEY)).toEqual({ id: CALLER.id, secret: SECRET });
    // RFC 6750, b64token.
    expect(KEY).toMatch(/^[A-Za-z0-9._~+/-]+=*$/);
    expect([ID_LETTERS.length, new Set(ID_LETTERS).size]).toEqual([36, 36]);
    const id = ID_LETTERS.slice(-ID_LENGTH);
    expect(parseKey(keyText({ id, secret: SECRET }))?.id).toBe(id);
  });

  test.each([
    ['nothing', ''],
    ['a letter too few', KEY.slice(0, -1)],
    ['a letter too many', `${KEY}A`],
    ['a line end behind it', `${KEY}\n`],
    ['a space before it', ` ${KEY}`],
    ['another beginning', KEY.replace('sgk', 'sk')],
    ['capitals in the id', KEY.replace('abc', 'ABC')],
    ['what is no letter of base64url', `${KEY.slice(0, -1)}+`],
    ['a key of Bedrock', 'ABSKQmVkcm9ja0FQSUtleS1hYmNk'],
  ])('%s is none', (_what, text) => expect(parseKey(text)).toBeUndefined());
});

describe('the state of a key', () => {
  test.each([
    ['just before it expires', CALLER.expiresAt - 1, {}, 'active'],
    ['when it expires', CALLER.expiresAt, {}, 'expired'],
    ['just after', CALLER.expiresAt + 1, {}, 'expired'],
    ['revoked, before it expires', NOON, { revokedAt: NOON }, 'revoked'],
    ['revoked, by a clock that is ahead', NOON, { revokedAt: NOON + DAY_MS }, 'revoked'],
    ['revoked and expired', CALLER.expiresAt, { revokedAt: NOON }, 'revoked'],
  ])('%s', (_when, now, more, state) => expect(callerState({ ...CALLER, ...more }, now)).toBe(state));
});

test.each([
  [-1, false],
  [0, false],
  [1, true],
  [LONGEST_KEY_DAYS * DAY_MS, true],
  [LONGEST_KEY_DAYS * DAY_MS + 1, false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
])('a key may live %d ms: %s', (ms, may) => expect(lifetimeProblem(ms) === undefined).toBe(may));

test.each([
  ['', false],
  ['  ', false],
  ['alex@example.com', true],
  ['Ærøskøbing, team 4', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
  ['alex\nsgk', false],
  ['\u001B[31malex', false],
  ['alex\u202Etxt', false],
  ['alex\u2028', false],
])('a person is named %j: %s', (text, may) => expect(labelProblem(text) === undefined).toBe(may));

describe('the item of a key', () => {
  test('says all of it, and is deleted some days after its end', () => {
    const full = { ...CALLER, name: 'ci', revokedAt: NOON + 1, revokedBy: 'bo' };
    for (const caller of [CALLER, full])
      expect(readCaller(callerItem(caller))).toEqual({ kind: 'known', value: caller });
    expect(callerItem(CALLER)).toMatchObject({ pk: 'CALLER#abcdef0123', sk: 'CALLER', schemaVersion: 1 });
    expect(callerItem(CALLER)['expiresAt']).toBe((CALLER.expiresAt + 30 * DAY_MS) / 1000);
  });

  test('matches what IAM lets be read', () => {
    const pattern = new RegExp(`^${KEYS_OF_CALLERS.replaceAll('?', '.')}$`);
    expect(callerItem(CALLER)['pk']).toMatch(pattern);
  });

  test.each([
    [{ schemaVersion: 2 }, 'schemaVersion'],
    [{ hash: 'A'.repeat(64) }, 'hash'],
    [{ hash: '' }, 'hash'],
    [{ hash: undefined }, 'hash'],
    [{ budget: undefined }, 'budget'],
    [{ person: 7 }, 'person'],
    [{ expiresAtMs: undefined }, 'expiresAtMs'],
    [{ expiresAtMs: Number.NaN }, 'expiresAtMs'],
    [{ expiresAtMs: '2026' }, 'expiresAtMs'],
    [{ revokedAt: 'yesterday' }, 'revokedAt'],
  ])('with %j it cannot be read, and lets nobody in', (change, wrong) => {
    const read = readCaller({ ...callerItem(CALLER), ...change });
    expect(read).toMatchObject({ kind: 'unavailable', why: expect.stringContaining(`wrong: ${wrong};`) });
    expect(JSON.stringify(read)).not.toContain(CALLER.hash);
  });

  test('is shown without its hash', () => {
    expect(withoutHash({ ...CALLER, name: 'ci' })).toEqual({ ...CALLER, name: 'ci', hash: undefined });
    expect('hash' in withoutHash(CALLER)).toBe(false);
  });
});
