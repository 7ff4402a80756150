import { expect, test } from '@jest/globals';
import { isLoopback, ourHosts } from '../../server/host';
import { startServer } from '../../server';
import { CONFIG } from '../helpers/guarded-client';

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example', false],
  ['', false],
])('%s is of this machine alone: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is);
});

test.each([
  ['127.0.0.1', 8787, '127.0.0.1:8787', true],
  ['127.0.0.1', 8787, 'LOCALHOST:8787', true],
  ['127.0.0.1', 8787, '[::1]:8787', true],
  ['127.0.0.1', 8787, '127.0.0.1', false],
  ['127.0.0.1', 8787, '127.0.0.1:87871', false],
  ['127.0.0.1', 8787, 'localhost.evil.example:8787', false],
  ['127.0.0.1', 8787, undefined, false],
  ['127.0.0.1', 80, 'localhost', true],
  ['127.3.2.1', 8787, '127.3.2.1:8787', true],
  ['::1', 8787, '[::1]:8787', true],
  ['0.0.0.0', 8787, 'guard.internal.example', true],
  ['0.0.0.0', 8787, undefined, false],
])('on %s:%s a Host of %s is ours: %s', (host, port, header, is) => {
  expect(ourHosts(host, port)(header)).toBe(is);
});

const ELSEWHERE = {
  config: { config: CONFIG },
  host: '0.0.0.0',
  port: 0,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
};

test.each([
  ['without keys', { requireKey: false, behindTls: true }],
  ['without TLS', { requireKey: true, behindTls: false }],
  ['without either', { requireKey: false, behindTls: false }],
])('an address that others reach is not listened on %s', async (_, how) => {
  await expect(startServer({ ...ELSEWHERE, ...how })).rejects.toThrow(
    /host: others reach 0\.0\.0\.0, so it needs keys \(--require-key\) and TLS/,
  );
});

test('with both it is', async () => {
  const serving = await startServer({ ...ELSEWHERE, requireKey: true, behindTls: true });
  await serving.stop();
});

test('without credentials it does not begin', async () => {
  const credentials = () => Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }));
  const started = startServer({ ...ELSEWHERE, host: '127.0.0.1', requireKey: false, behindTls: false, credentials });
  await expect(started).rejects.toThrow('none');
});
