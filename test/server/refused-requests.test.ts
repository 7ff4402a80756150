import * as http2 from 'node:http2';
import { describe, expect, test } from '@jest/globals';
import { converseReply } from '../helpers/bedrock-server';
import { CONVERSE, conversePath, post, raw, servingWorlds, TOKENS } from './serving';

const world = servingWorlds();
const BODY = JSON.stringify(CONVERSE);

async function started() {
  const one = await world(converseReply(TOKENS));
  const { host } = new URL(one.serving.url);
  const ask = (head: readonly string[], body = BODY) =>
    raw(one.serving.url, [...head, '', body].join('\r\n').replaceAll('HOST', host));
  const nothing = () => expect([one.bedrock.received, one.ledger.reserved]).toEqual([[], []]);
  return { ...one, host, ask, nothing };
}

const post1 = (path: string, ...more: string[]) => [
  `POST ${path} HTTP/1.1`,
  'Host: HOST',
  `Content-Length: ${BODY.length}`,
  'Connection: close',
  ...more,
];

test('the same request, unharmed, is answered: what is refused below is refused for what is wrong with it', async () => {
  const { ask, bedrock } = await started();
  expect(await ask(post1(conversePath))).toMatch(/^HTTP\/1\.1 200 /);
  expect(bedrock.received).toHaveLength(1);
});

describe.each([
  ['another host', ['POST P HTTP/1.1', 'Host: evil.example', 'Content-Length: L'], 403, 'FOREIGN_HOST'],
  [
    'a host that resolves here',
    ['POST P HTTP/1.1', 'Host: evil.example:PORT', 'Content-Length: L'],
    403,
    'FOREIGN_HOST',
  ],
  ['this host at another port', ['POST P HTTP/1.1', 'Host: 127.0.0.1:1', 'Content-Length: L'], 403, 'FOREIGN_HOST'],
  ['no host', ['POST P HTTP/1.1', 'Content-Length: L'], 400, undefined],
  ['two hosts', ['POST P HTTP/1.1', 'Host: HOST', 'Host: evil.example', 'Content-Length: L'], 400, 'TWICE'],
  ['HTTP/1.0 without a host', ['POST P HTTP/1.0', 'Content-Length: L'], 403, 'FOREIGN_HOST'],
  ['an absolute URL', ['POST http://HOSTP HTTP/1.1', 'Host: HOST', 'Content-Length: L'], 400, 'BAD_TARGET'],
  [
    'an absolute URL of Bedrock',
    ['POST https://evil.example/ HTTP/1.1', 'Host: HOST', 'Content-Length: L'],
    400,
    'BAD_TARGET',
  ],
  [
    'a page of a browser',
    ['POST P HTTP/1.1', 'Host: HOST', 'Origin: http://HOST', 'Content-Length: L'],
    403,
    'FROM_A_PAGE',
  ],
  ['an image of a page', ['GET P HTTP/1.1', 'Host: HOST', 'Sec-Fetch-Site: cross-site'], 403, 'FROM_A_PAGE'],
  [
    'two ways to say the length',
    ['POST P HTTP/1.1', 'Host: HOST', 'Content-Length: L', 'Transfer-Encoding: chunked'],
    400,
    undefined,
  ],
  ['two lengths', ['POST P HTTP/1.1', 'Host: HOST', 'Content-Length: L', 'Content-Length: 3'], 400, undefined],
  ['a length twice', ['POST P HTTP/1.1', 'Host: HOST', 'Content-Length: L', 'Content-Length: L'], 400, undefined],
  ['a length that is none', ['POST P HTTP/1.1', 'Host: HOST', 'Content-Length: +L'], 400, undefined],
  [
    'an encoding of transfer that is none',
    ['POST P HTTP/1.1', 'Host: HOST', 'Transfer-Encoding: xchunked'],
    400,
    undefined,
  ],
  ['a space before the colon', ['POST P HTTP/1.1', 'Host: HOST', 'Content-Length : L'], 400, undefined],
  [
    'a folded header',
    ['POST P HTTP/1.1', 'Host: HOST', 'X-A: 1', ' Content-Length: 3', 'Content-Length: L'],
    400,
    undefined,
  ],
  ['a header with a NUL', ['POST P HTTP/1.1', 'Host: HOST', 'X-A: a\0b', 'Content-Length: L'], 400, undefined],
  [
    'an encoded body',
    ['POST P HTTP/1.1', 'Host: HOST', 'Content-Encoding: gzip', 'Content-Length: L'],
    400,
    'ENCODED_BODY',
  ],
] as const)('%s', (_, head, status, code) => {
  test('is refused', async () => {
    const { ask, nothing, serving } = await started();
    const said = await ask(
      head.map((line) =>
        line
          .replace('http://HOSTP', `http://HOST${conversePath}`)
          .replace(' P ', ` ${conversePath} `)
          .replace('PORT', new URL(serving.url).port)
          .replace(/\bL$/, String(BODY.length)),
      ),
      head[0].startsWith('GET') ? '' : BODY,
    );
    expect(said).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (code) expect(said).toContain(`"code":"${code}"`);
    nothing();
  });
});

test.each([
  ['at the top', BODY.replace('{', '{"inferenceConfig":{"maxTokens":1},'), 'inferenceConfig'],
  ['within', BODY.replace('"maxTokens":', '"maxTokens":1,"maxTokens":'), 'maxTokens'],
  ['of which one is written in numbers', BODY.replace('"maxTokens":', '"max\\u0054okens":1,"maxTokens":'), 'maxTokens'],
])('a body with a field twice is refused: %s', async (_, body, field) => {
  const { ask, nothing } = await started();
  const [line = '', host = '', , ...more] = post1(conversePath);
  const said = await ask([line, host, `Content-Length: ${body.length}`, ...more], body);
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
  expect(said).toContain('"code":"FIELD_TWICE"');
  expect(said).toContain(`'${field}' twice`);
  nothing();
});

describe.each([
  '/model/a/../b/converse',
  '/model/./amazon.nova-lite-v1:0/converse',
  '/model/%2e%2e/converse',
  '/model/a%2fb%2f..%2fc/converse',
  '/model/a%252fb/converse',
  '/model/a%0d%0aHost:%20evil/converse',
  '/model/a%00/converse',
  '/model/%zz/converse',
  '/model//converse',
  '/model/a/b/converse',
  '/other/model/amazon.nova-lite-v1:0/converse',
  '//model/amazon.nova-lite-v1:0/converse',
  '/model/amazon.nova-lite-v1:0/converse/',
  '/model/amazon.nova-lite-v1:0/Converse',
  '/model/amazon.nova-lite-v1:0/teach',
  '/guardrail/abc/version/1/apply',
  '/async-invoke/../model/amazon.nova-lite-v1:0/invoke',
  '/',
])('%s', (path) => {
  test('is no operation', async () => {
    const { ask, nothing } = await started();
    const said = await ask(post1(path));
    expect(said).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(said).toMatch(/UNKNOWN_OPERATION|BAD_REQUEST/);
    nothing();
  });
});

test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'TRACE'])(
  '%s of a model is no operation',
  async (method) => {
    const { ask, nothing } = await started();
    expect(await ask([`${method} ${conversePath} HTTP/1.1`, 'Host: HOST', 'Connection: close'], '')).toMatch(
      /^HTTP\/1\.1 404 /,
    );
    nothing();
  },
);

test('it is no proxy', async () => {
  const { serving, nothing } = await started();
  expect(await raw(serving.url, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 405 /,
  );
  nothing();
});

test('operations that cost and cannot be bounded are refused, with what to do', async () => {
  const one = await started();
  const answer = await post(one, '/async-invoke', '{}');
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('UNMETERED_OPERATION')]);
  one.nothing();
});

test('of two requests on one connection each is looked at', async () => {
  const { ask, host, bedrock, ledger } = await started();
  const first = ['POST P HTTP/1.1', 'Host: HOST', `Content-Length: ${BODY.length}`, '', BODY];
  const [one, other] = [
    first.join('\r\n').replace(' P ', ` ${conversePath} `),
    first.join('\r\n').replace(' P ', ` ${conversePath} `),
  ];
  const said = await ask([one + other.replace('HOST', `${host}.evil.example`)], '');
  expect(said.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403']);
  expect([bedrock.received.length, ledger.reserved.length]).toEqual([1, 1]);
});

test('two Authorizations are refused', async () => {
  const { ask, nothing } = await started();
  const said = await ask(post1(conversePath, 'Authorization: AWS4-HMAC-SHA256 a', 'Authorization: Bearer b'));
  expect(said).toContain('"code":"TWICE"');
  nothing();
});

test('over HTTP/2 another authority is refused, and a Host beside it that differs', async () => {
  const { serving, host, nothing } = await started();
  const ask = async (headers: http2.OutgoingHttpHeaders) => {
    const session = http2.connect(serving.url);
    session.on('error', () => {});
    const stream = session.request({ ':method': 'POST', ':path': conversePath, ...headers }, { endStream: true });
    const status = await new Promise((resolve) => {
      stream.on('response', (answer) => resolve(answer[':status']));
      stream.on('error', () => resolve('reset'));
    });
    session.destroy();
    return status;
  };
  expect(await ask({ ':authority': 'evil.example' })).toBe(403);
  expect(await ask({ ':authority': host, host: 'evil.example' })).toBe(403);
  expect(await ask({ ':authority': host, origin: 'http://evil.example' })).toBe(403);
  nothing();
});
