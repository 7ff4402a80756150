import { expect, test } from '@jest/globals';
import { answered, forwarded } from '../../server/forwarded';

test.each([
  ...['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'host', 'content-length', 'expect'],
  ...['x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256', 'x-forwarded-for', 'forwarded', 'via'],
  ...['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'x-spend-guard-tier', ':path'],
])('%s is not sent on', (name) => {
  expect(forwarded({ [name]: 'a', accept: 'b' })).toEqual({ accept: 'b' });
});

test('nor is what the connection names as its own, in either direction', () => {
  expect(forwarded({ connection: 'close, X-Hop', 'x-hop': 'a', accept: 'b' })).toEqual({ accept: 'b' });
  expect(answered({ connection: 'X-Hop', 'x-hop': 'a', 'transfer-encoding': 'chunked', date: 'b' })).toEqual({
    date: 'b',
  });
});

test('of what was sent twice both are', () => {
  expect(forwarded({ 'x-a': ['1', '2'] as never })).toEqual({ 'x-a': '1, 2' });
});
