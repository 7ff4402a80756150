import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../core/in-path/failures';

const answered = (httpStatusCode: number, name = 'Error') =>
  Object.assign(new Error(), { name, $metadata: { httpStatusCode } });
const network = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code });

describe('what a failed attempt says of the money, and of another model', () => {
  test.each<[string, unknown, { free: boolean; otherModel: boolean }]>([
    ['400', answered(400), { free: true, otherModel: false }],
    ['403: no access', answered(403), { free: true, otherModel: true }],
    ['404: legacy', answered(404), { free: true, otherModel: true }],
    ['408: the model ran out of time', answered(408), { free: false, otherModel: false }],
    ['424: the model broke off', answered(424), { free: false, otherModel: false }],
    ['429', answered(429), { free: true, otherModel: true }],
    ['a throttle by name', answered(400, 'ThrottlingException'), { free: true, otherModel: true }],
    ['499', answered(499), { free: false, otherModel: false }],
    ['500', answered(500), { free: false, otherModel: false }],
    ['502: a gateway', answered(502), { free: false, otherModel: false }],
    ['503', answered(503, 'ServiceUnavailableException'), { free: true, otherModel: true }],
    ['504: a gateway', answered(504), { free: false, otherModel: false }],
    [
      '400: legacy',
      Object.assign(answered(400, 'ValidationException'), {
        message: 'Access denied. This Model is marked by provider as Legacy and you have not been actively using it.',
      }),
      { free: true, otherModel: true },
    ],
    [
      '400: end of life',
      Object.assign(answered(400, 'ValidationException'), {
        message: 'This model version has reached the end of its life.',
      }),
      { free: true, otherModel: true },
    ],
    ['a certificate', network('CERT_HAS_EXPIRED'), { free: true, otherModel: false }],
    ['a certificate of another name', network('ERR_TLS_CERT_ALTNAME_INVALID'), { free: true, otherModel: false }],
    ['TLS broken off later', network('EPROTO'), { free: false, otherModel: false }],
    ['HTTP/2 broken off by a frame', network('ERR_HTTP2_STREAM_ERROR'), { free: false, otherModel: false }],
    ['an answer that is no HTTP/1', network('HPE_INVALID_CONSTANT'), { free: false, otherModel: false }],
    ['no connection', network('ECONNREFUSED'), { free: true, otherModel: true }],
    ['no such name', network('ENOTFOUND'), { free: true, otherModel: true }],
    [
      'no connection, over HTTP/2',
      network('ERR_HTTP2_STREAM_CANCEL', network('ECONNREFUSED')),
      { free: true, otherModel: true },
    ],
    [
      'neither family of the address',
      Object.assign(new AggregateError([network('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
      { free: true, otherModel: true },
    ],
    [
      'as wrapped by the SDK',
      new Error('wrapper', { cause: network('ECONNREFUSED') }),
      { free: true, otherModel: true },
    ],
    ['cut off', network('ECONNRESET'), { free: false, otherModel: false }],
    [
      'cut off, over HTTP/2',
      network('ERR_HTTP2_STREAM_CANCEL', network('ECONNRESET')),
      { free: false, otherModel: false },
    ],
    ['timed out', Object.assign(new Error(), { name: 'TimeoutError' }), { free: false, otherModel: false }],
    [
      'an answer wins over what caused it',
      Object.assign(answered(500), { cause: network('ECONNREFUSED') }),
      { free: false, otherModel: false },
    ],
    ['no error at all', 'broken', { free: false, otherModel: false }],
    ['nothing', undefined, { free: false, otherModel: false }],
  ])('%s', (_, error, expected) => {
    expect(judge(error)).toEqual(expected);
  });

  test('an error that caused itself', () => {
    const error: Error & { cause?: unknown } = new Error('round');
    error.cause = error;
    expect(judge(error)).toEqual({ free: false, otherModel: false });
  });
});
