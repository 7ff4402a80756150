import * as http2 from 'node:http2';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { LIMITS } from '../../server/limits';
import { converseReply } from '../helpers/bedrock-server';
import { CONVERSE, conversePath, post, raw, servingWorlds, TOKENS } from './serving';

const world = servingWorlds();
const BODY = JSON.stringify(CONVERSE);

/** A body of exactly so many bytes, of which the guard reads the same. */
function bodyOf(bytes: number): string {
  const around = JSON.stringify({ ...CONVERSE, messages: [{ role: 'user', content: [{ text: '' }] }] }).length;
  return JSON.stringify({ ...CONVERSE, messages: [{ role: 'user', content: [{ text: 'a'.repeat(bytes - around) }] }] });
}

test('a body of the limit passes, one of a byte more does not, whether its length is said before or not', async () => {
  const one = await world(converseReply(TOKENS), { limits: { bodyBytes: 2_000 } });
  expect((await post(one, conversePath, bodyOf(2_000))).status).toBe(200);
  const answer = await post(one, conversePath, bodyOf(2_001));
  expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([413, 'ValidationException']);
  expect(await answer.json()).toMatchObject({ code: 'BODY_TOO_LARGE' });
  const chunk = `${(2_001).toString(16)}\r\n${bodyOf(2_001)}\r\n0\r\n\r\n`;
  const { host } = new URL(one.serving.url);
  const said = await raw(
    one.serving.url,
    `POST ${conversePath} HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
  );
  expect(said).toMatch(/^HTTP\/1\.1 413 /);
  expect([one.bedrock.received.length, one.ledger.reserved.length]).toEqual([1, 1]);
});

test('by default a body may have what Bedrock takes', () => {
  expect(LIMITS.bodyBytes).toBe(25_000_000);
});

test('headers of more than their limit are refused, over both protocols', async () => {
  const one = await world(converseReply(TOKENS), { limits: { headerBytes: 4_096 } });
  const { host } = new URL(one.serving.url);
  const said = await raw(
    one.serving.url,
    `POST ${conversePath} HTTP/1.1\r\nHost: ${host}\r\nX-A: ${'a'.repeat(5_000)}\r\nContent-Length: 0\r\n\r\n`,
  );
  expect(said).toMatch(/^HTTP\/1\.1 431 /);
  const session = http2.connect(one.serving.url);
  session.on('error', () => {});
  const stream = session.request({ ':method': 'POST', ':path': conversePath, 'x-a': 'a'.repeat(5_000) });
  stream.end(BODY);
  const end = await new Promise((resolve) => {
    stream.on('response', (headers) => resolve(headers[':status']));
    stream.on('error', () => resolve('reset'));
    stream.on('close', () => resolve('reset'));
  });
  session.destroy();
  expect(['reset', 431]).toContain(end);
  expect(one.bedrock.received).toEqual([]);
});

test.each([
  ['nothing', ''],
  ['a part of what HTTP/2 begins with', 'PRI * HTTP/2.0\r\n'],
  ['headers that do not end', 'POST / HTTP/1.1\r\nHost: a\r\n'],
])('a connection with %s is closed', async (_, text) => {
  const { serving } = await world(converseReply(TOKENS), { limits: { headersMs: 200, requestMs: 400 } });
  const socket = connect(Number(new URL(serving.url).port), '127.0.0.1');
  socket.on('error', () => {});
  if (text !== '') socket.write(text);
  socket.resume();
  await new Promise((resolve) => socket.on('close', resolve));
});

test('a body that does not come to its end is given up, over both protocols', async () => {
  const one = await world(converseReply(TOKENS), { limits: { headersMs: 200, requestMs: 400 } });
  const { host } = new URL(one.serving.url);
  const said = await raw(
    one.serving.url,
    `POST ${conversePath} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY.slice(0, 10)}`,
    5_000,
  );
  expect(said).toMatch(/^HTTP\/1\.1 408 /);
  const session = http2.connect(one.serving.url);
  session.on('error', () => {});
  const stream = session.request({ ':method': 'POST', ':path': conversePath, 'content-length': BODY.length });
  stream.write(BODY.slice(0, 10));
  stream.on('error', () => {});
  await new Promise((resolve) => stream.on('close', resolve));
  session.destroy();
  expect([one.bedrock.received, one.ledger.reserved]).toEqual([[], []]);
});

test('connections above the limit are not taken, and those that there are go on', async () => {
  const one = await world(converseReply(TOKENS), { limits: { connections: 2 } });
  const { port } = new URL(one.serving.url);
  const sockets = [1, 2].map(() => connect(Number(port), '127.0.0.1'));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on('connect', resolve))));
  const third = connect(Number(port), '127.0.0.1');
  third.on('error', () => {});
  third.resume();
  await new Promise((resolve) => third.on('close', resolve));
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, false]);
  sockets[0]!.destroy();
  await new Promise((resolve) => sockets[0]!.on('close', resolve));
  let status: number | undefined;
  while (status !== 200) status = (await post(one).catch(() => undefined))?.status;
  sockets[1]!.destroy();
});

test('of a session of HTTP/2 no more streams at once than the limit', async () => {
  const one = await world({ hang: true }, { limits: { streams: 2 } });
  const session = http2.connect(one.serving.url);
  session.on('error', () => {});
  await new Promise((resolve) => session.on('remoteSettings', resolve));
  expect(session.remoteSettings.maxConcurrentStreams).toBe(2);
  session.destroy();
});
