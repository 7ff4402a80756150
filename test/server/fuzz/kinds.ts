import { between } from '../../../simulator/random';
import { CLAUDE, LARGE_PROFILE, PROFILE } from '../../helpers/guarded-client';
import { altered, always, maybe, never, operationOf, sent, withHeaders } from './altered';
import type { Kind } from './case';
import { kindsOfBodies } from './kinds-bodies';
import { kindsOfHttp2 } from './kinds-h2';
import { chunked, h1, oneOf, plain, sliced, type Header } from './requests';
import { FAULTS } from './upstream';

/** As long as it takes, or less, until a request has been answered. */
const MOST_MS = 200;

const WHOLE: Readonly<Record<string, Kind>> = {
  whole: always((random, id, host) => sent(h1(plain(random, id), host))),
  'whole, in many pieces': always((random, id, host) => sent(...sliced(random, h1(plain(random, id), host)))),
  'whole, in chunks': always((random, id, host) => {
    const whole = plain(random, id);
    const body = chunked(random, whole.body, oneOf(random, ['', '', ';a=b']));
    return sent(h1({ ...whole, body }, host, { length: [['Transfer-Encoding', 'chunked']] }));
  }),
  'two on one connection': always((random, id, host) =>
    sent(Buffer.concat([h1(plain(random, id), host, { close: false }), h1(plain(random, id), host)])),
  ),
  'other ways to write the model': maybe(
    altered((random, { path }) => ({
      path: oneOf(random, [
        path.replaceAll('%3A', ':'),
        path.replaceAll('%3A', '%3a').replaceAll('%2F', '%2f'),
        path.replace('us.', '%75s%2E'),
        `${path}?x=%00&y=%2e%2e`,
        `/base${path}`,
        `/${path}`,
      ]),
    })),
  ),
  'a fault of the upstream': always((random, id, host) => {
    const fault = oneOf(random, FAULTS);
    const pieces = [h1(plain(random, id, { fault }), host)];
    return { protocol: 'h1', pieces, leave: fault === 'stall' ? 'later' : undefined };
  }),
  'free: tokens are counted': maybe(altered((_, { path }) => ({ path: path.replace(/[^/]+$/, 'count-tokens') }))),
};

const LINE: Readonly<Record<string, Kind>> = {
  'a model that is none': never(
    altered((random, whole) => ({
      path: `/model/${oneOf(random, [
        encodeURIComponent(encodeURIComponent(PROFILE)),
        encodeURIComponent(`${LARGE_PROFILE}/../x`),
        `${encodeURIComponent(PROFILE)}%00`,
        `${encodeURIComponent(PROFILE)}%0d%0aX-Fuzz:%20y`,
        `us.${CLAUDE}%2F..%2F${encodeURIComponent(LARGE_PROFILE)}`,
        'amazon.unheard-of-v1%3A0',
        '%',
        '%ff%fe',
        '__proto__',
        '',
        'a'.repeat(between(random, 1, 3_000)),
      ])}/${operationOf(whole)}`,
    })),
  ),
  'a path that is none': never(
    altered((random, { path }) => ({
      path: oneOf(random, [
        `http://169.254.169.254${path}`,
        `//other.example${path}`.replace('/model/', '/models/'),
        `/x/..${path}`,
        `/%2e%2e${path}`,
        `${path}/`,
        `${path}%2f..`,
        `${path};x`,
        path.replace('/model/', '/Model/'),
        path.replace(
          /[^/]+$/,
          oneOf(random, ['constructor', 'apply-guardrail', 'invoke-with-bidirectional-stream', '']),
        ),
        '*',
        '/',
        'no path at all',
        '/async-invoke',
      ]),
    })),
  ),
  'another method': never(
    altered((random) => ({
      method: oneOf(random, ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'post', 'PRI', 'P\tOST']),
    })),
  ),
};

const HEADERS: Readonly<Record<string, Kind>> = {
  'headers that nobody minds': always(
    altered((random, { headers }) => ({
      headers: [
        ...headers,
        ['Authorization', 'AWS4-HMAC-SHA256 Credential=x'],
        ['X-Amzn-Bedrock-Trace', 'ENABLED'],
        ['Accept-Encoding', 'gzip, br'],
        ['Connection', oneOf(random, ['x-amz-date', 'keep-alive, content-type', 'TE'])],
        ...Array.from({ length: between(random, 0, 40) }, (_, n): Header => [`x-n${n}`, 'é'.repeat(n)]),
      ],
    })),
  ),
  'a key of nobody, or a page': never(
    altered((random, { headers }) => ({
      headers: [
        ...headers,
        oneOf<Header>(random, [
          ['Authorization', 'Bearer nobody'],
          ['Authorization', 'Basic eDp5'],
          ['Authorization', `Bearer ${'a'.repeat(between(random, 0, 9_000))}`],
          ['Origin', 'http://127.0.0.1'],
          ['Sec-Fetch-Site', 'cross-site'],
        ]),
      ],
    })),
  ),
  'two lengths, or a length and chunks': never(
    withHeaders((random, { body }) => {
      const length: Header = ['Content-Length', String(body.length)];
      const others: readonly Header[] = [
        ['Content-Length', String(body.length - 1)],
        ['Content-Length', `${body.length}, ${body.length + 1}`],
        ['Transfer-Encoding', 'chunked'],
        ['Transfer-Encoding', 'identity, chunked'],
        ['Transfer-Encoding', ' xchunked'],
      ];
      const other = oneOf(random, others);
      return { length: random() < 0.5 ? [length, other] : [other, length] };
    }),
  ),
  'a length that is none': never(
    withHeaders((random, { body }) => ({
      length: [['Content-Length', oneOf(random, ['-1', '+5', '0x10', '1e3', ' ', `${body.length}.0`, '9'.repeat(30)])]],
    })),
  ),
  'a header that breaks out': never(
    altered((random, { headers }) => ({
      headers: [
        ...headers,
        oneOf<Header>(random, [
          ['X-A', 'b\u0000c'],
          ['X-A', 'b\rX-C: d'],
          ['X A', 'b'],
          ['X-A ', 'b'],
          [' X-A', 'b'],
          ['', 'b'],
          ['X-(A)', 'b'],
        ]),
      ],
    })),
  ),
  'headers that are too many or too large': never(
    altered((random, { headers }) => ({
      headers: [...headers, ['X-Large', 'a'.repeat(between(random, 40_000, 90_000))]],
    })),
  ),
  'the Host of somebody else': never(
    withHeaders((random, _, host) => {
      const port = host.slice(host.lastIndexOf(':'));
      const foreign = oneOf(random, [
        'evil.example',
        `evil.example${port}`,
        `127.0.0.1.evil.example${port}`,
        '',
        '[',
        '@',
      ]);
      return {
        host: oneOf<readonly Header[]>(random, [
          [['Host', foreign]],
          [],
          [
            ['Host', foreign],
            ['Host', host],
          ],
        ]),
      };
    }),
  ),
};

const ENDS: Readonly<Record<string, Kind>> = {
  'left within the headers': never((random, id, host) => {
    const bytes = h1(plain(random, id), host);
    const most = bytes.indexOf('\r\n\r\n');
    return {
      protocol: 'h1',
      pieces: [bytes.subarray(0, between(random, 0, most))],
      leave: oneOf(random, ['at once', 'half']),
    };
  }),
  'left within the body': never((random, id, host) => {
    const bytes = h1(plain(random, id), host);
    const pieces = [bytes.subarray(0, between(random, bytes.indexOf('\r\n\r\n') + 4, bytes.length - 1))];
    return { protocol: 'h1', pieces, leave: oneOf(random, ['at once', 'half']) };
  }),
  'left before the answer': maybe((random, id, host) => ({
    protocol: 'h1',
    pieces: [h1(plain(random, id), host)],
    leave: oneOf(random, ['at once', 'half', 'later']),
    laterMs: between(random, 0, MOST_MS),
  })),
  'left within the stream': always((random, id, host) => {
    const operation = oneOf(random, ['converse-stream', 'invoke-with-response-stream'] as const);
    const fault = random() < 0.5 ? ({ fault: 'stall' } as const) : {};
    return {
      protocol: 'h1',
      pieces: [h1(plain(random, id, { operation, ...fault }), host)],
      leave: 'at the first byte',
    };
  }),
};

export const KINDS: Readonly<Record<string, Kind>> = {
  ...WHOLE,
  ...LINE,
  ...HEADERS,
  ...kindsOfBodies,
  ...ENDS,
  ...kindsOfHttp2,
};
