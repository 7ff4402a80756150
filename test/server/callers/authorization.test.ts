import { authorization, type AuthorizationOptions } from '../../../server/callers/authorization';
import { callerDirectory } from '../../../server/callers/directory';
import { keyOf, KeysTable, NOON } from './keys';

const ALEX = { id: 'abcdef0123', budget: 'search/nightly', person: 'alex@example.com' };
const SIGNED =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261112/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0';
const { key: KEY } = keyOf();

function who(more: Partial<AuthorizationOptions> = {}, callers: Parameters<typeof keyOf>[2] = {}) {
  const table = new KeysTable();
  table.add(keyOf('abcdef0123', 's', callers));
  const directory = callerDirectory({ callers: table, now: () => NOON });
  const options = { environment: 'dev', budgets: ['search', 'search/nightly'], requireKey: false, callers: directory };
  const ask = authorization({ ...options, ...more });
  return { table, ask: (header?: string, isLoopback = true) => ask({ authorization: header, isLoopback }) };
}

const ANYBODY = { kind: 'anybody' };
const IS_ALEX = { kind: 'caller', caller: ALEX };
const refused = (status: number, name: string, code: string) => ({ kind: 'refused', refusal: { status, name, code } });
const NEEDED = refused(401, 'UnrecognizedClientException', 'KEY_NEEDED');
const REFUSED = refused(403, 'UnrecognizedClientException', 'KEY_REFUSED');
const saying = (text: string) => ({ refusal: { message: expect.stringContaining(text) } });

describe.each([
  ['on loopback, where none is needed', {}, true],
  ['on loopback, where one is needed', { requireKey: true }, true],
  ['from elsewhere, whatever is needed on loopback', {}, false],
  ['from elsewhere', { requireKey: true }, false],
])('%s', (title, options, isLoopback) => {
  const ask = (header?: string) => who(options).ask(header, isLoopback);

  test.each([
    ['no header', undefined],
    ['an empty one', ''],
    ['a signature of AWS, which is not looked at', SIGNED],
    ['a signature for several Regions', SIGNED.replace('HMAC-SHA256', 'ECDSA-P256-SHA256')],
  ])('%s', async (_what, header) => {
    const said = await ask(header);
    if (title.includes('none is needed')) expect(said).toEqual(ANYBODY);
    else expect(said).toMatchObject(NEEDED);
  });

  test.each([
    ['a key', `Bearer ${KEY}`],
    ['with the scheme in other letters', `bearer ${KEY}`],
    ['with spaces', ` BEARER   ${KEY} `],
  ])('%s', async (_what, header) => expect(await ask(header)).toEqual(IS_ALEX));

  test.each([
    ['a wrong key', `Bearer ${keyOf('abcdef0123', 't').key}`],
    ['one of an unknown id', `Bearer ${keyOf('abcdef0124').key}`],
    ['a key of Bedrock', 'Bearer ABSKQmVkcm9jaw=='],
    ['two keys, in whatever order', `Bearer ${KEY},Bearer`],
  ])('%s is refused, also where none is needed', async (_what, header) => {
    expect(await ask(header)).toMatchObject(REFUSED);
  });

  test.each([
    ['the key without its scheme', KEY],
    ['the scheme without a key', 'Bearer'],
    ['the scheme and spaces', 'Bearer  '],
    ['a password', `Basic ${Buffer.from(`user:${KEY}`).toString('base64')}`],
    ['two words', `Bearer x ${KEY}`],
  ])('%s is none', async (_what, header) => expect(await ask(header)).toMatchObject(NEEDED));
});

test('an unknown id, a wrong secret, an expired and a revoked key are told by nothing', async () => {
  const said = await Promise.all([
    who().ask(`Bearer ${keyOf('abcdef0124').key}`),
    who().ask(`Bearer ${keyOf('abcdef0123', 't').key}`),
    who({}, { expiresAt: NOON }).ask(`Bearer ${KEY}`),
    who({}, { revokedAt: NOON - 1 }).ask(`Bearer ${KEY}`),
    who().ask('Bearer x'),
  ]);
  for (const one of said) expect(one).toEqual(said[0]);
  expect(said[0]).toMatchObject(saying('npx spend-guard callers add --env dev'));
});

test.each([
  ['of the config', 'search', true],
  ["the environment's own", '', true],
  ['that is gone', 'search/old', false],
  ['of which a part alone is there', 'search/nightly/x', false],
  ['that is no word of the config', 'constructor', false],
])('a key of a budget %s', async (_what, budget, isThere) => {
  const said = await who({}, { budget }).ask(`Bearer ${KEY}`);
  if (isThere) expect(said).toEqual({ kind: 'caller', caller: { ...ALEX, budget } });
  else {
    expect(said).toMatchObject(refused(403, 'AccessDeniedException', 'KEY_WITHOUT_BUDGET'));
    expect(said).toMatchObject(saying(`budget '${budget}', which dev does not have`));
  }
});

test('the table away: nobody is let in or called a stranger, and a client may come back', async () => {
  const { table, ask } = who();
  table.isAway = true;
  const said = await ask(`Bearer ${KEY}`);
  expect(said).toMatchObject(refused(503, 'ServiceUnavailableException', 'KEYS_UNAVAILABLE'));
  expect(said).toMatchObject({ refusal: { retryAfterSeconds: 5 } });
  expect(JSON.stringify(said)).not.toContain('leases');
  expect(await ask(undefined)).toEqual(ANYBODY);
  expect(await ask(undefined, false)).toMatchObject(NEEDED);
});

test('a server without keys lets no key in', async () => {
  const ask = authorization({ environment: 'dev', budgets: [], requireKey: false });
  expect(await ask({ authorization: `Bearer ${KEY}`, isLoopback: true })).toMatchObject(REFUSED);
});

test('a defect is none of a key', async () => {
  const callers = { find: () => Promise.reject(new TypeError('x is undefined')) };
  await expect(who({ callers }).ask(`Bearer ${KEY}`)).rejects.toThrow(TypeError);
});

test('no answer says anything of what was sent', async () => {
  const { table, ask } = who();
  const answers = [await ask(KEY), await ask(`Bearer ${keyOf('abcdef0124').key}`), await ask(`Basic ${KEY}`)];
  table.isAway = true;
  answers.push(await ask(`Bearer ${keyOf('abcdef0125').key}`));
  const said = JSON.stringify(answers);
  for (const part of ['sgk-', 's'.repeat(43), 'abcdef012']) expect(said).not.toContain(part);
});
