import { between } from '../../../simulator/random';
import { LARGE_PROFILE } from '../../helpers/guarded-client';
import { altered, maybe, MOST_BYTES, never, sent, withBody, withHeaders } from './altered';
import type { Kind } from './case';
import { h1, oneOf, plain } from './requests';

const SILLY = [0, -1, 1.5, '7', 1e308, null, [], {}, true, Number.MAX_SAFE_INTEGER];

export const kindsOfBodies: Readonly<Record<string, Kind>> = {
  'broken JSON': never(
    withBody((random, { body }) => {
      const at = between(random, 0, body.length - 2);
      return oneOf(random, [
        body.subarray(0, at),
        Buffer.concat([body, Buffer.from('}')]),
        Buffer.from(body.toString('utf8').replace('"', "'")),
        Buffer.alloc(0),
        Buffer.from('[]'),
        Buffer.from('null'),
        Buffer.from('"text"'),
        Buffer.from('NaN'),
      ]);
    }),
  ),
  'bytes of chance': never(
    withBody((random) => Buffer.from(Array.from({ length: between(random, 1, 500) }, () => between(random, 0, 255)))),
  ),
  'one byte of the body changed': maybe(
    withBody((random, { body }) => {
      const other = Buffer.from(body);
      other[between(random, 0, body.length - 1)] = between(random, 0, 255);
      return other;
    }),
  ),
  'no limit of tokens, or a silly one': maybe((random, id, host) => {
    const maxTokens = random() < 0.3 ? undefined : oneOf(random, SILLY);
    return sent(h1(plain(random, id, { maxTokens }), host));
  }),
  'two limits of tokens': maybe(
    withBody((random, { body }) =>
      Buffer.from(
        body
          .toString('utf8')
          .replace(
            /\{?"(maxTokens|max_tokens)":/,
            (limit) => `${limit}${between(random, 1, 9)},"${limit.replace(/\W/g, '')}":`,
          ),
      ),
    ),
  ),
  'dearer than the budget': never((random, id, host) =>
    sent(h1(plain(random, id, { model: LARGE_PROFILE, maxTokens: 1_000_000_000 }), host)),
  ),
  'deep, or with names of prototypes': maybe(
    withBody((random, { body }) => {
      const depth = between(random, 100, 3_000);
      const more = oneOf(random, [
        '"__proto__":{"inferenceConfig":{"maxTokens":1}},',
        '"constructor":{"prototype":{}},',
        `"deep":${'['.repeat(depth)}${']'.repeat(depth)},`,
      ]);
      return Buffer.from(`{${more}${body.toString('utf8').slice(1)}`);
    }),
  ),
  encoded: never(altered((_, { headers }) => ({ headers: [...headers, ['Content-Encoding', 'gzip']] }))),
  'a body that is too large': never(
    withBody((random, { body }) =>
      Buffer.concat([body, Buffer.alloc(MOST_BYTES + between(random, 1, MOST_BYTES), ' ')]),
    ),
  ),
  'a length that is too short': never(
    withHeaders((random, { body }) => ({ length: [['Content-Length', String(between(random, 0, body.length - 2))]] })),
  ),
};
