import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as nodeTls from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { converseEvents, converseReply } from '../helpers/bedrock-server';
import { soon } from '../helpers/soon';
import { CONVERSE, conversePath, COST, servingWorlds, streamPath, TOKENS } from './serving';

const world = servingWorlds();
const BODY = JSON.stringify(CONVERSE);
const folder = mkdtempSync(join(tmpdir(), 'serve-tls-'));
let tls: { readonly cert: Buffer; readonly key: Buffer };
beforeAll(() => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2'];
  execFileSync('openssl', [...args, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], {
    stdio: 'ignore',
  });
  tls = { key: readFileSync(key), cert: readFileSync(cert) };
});
afterAll(() => rmSync(folder, { recursive: true }));

const local = (url: string) => url.replace('127.0.0.1', 'localhost');

test('over HTTP/1.1', async () => {
  const one = await world(converseReply(TOKENS), { tls });
  expect(one.serving.url).toMatch(/^https:/);
  const status = await new Promise((resolve, reject) => {
    const options = { method: 'POST', ca: tls.cert, agent: false as const };
    const request = https.request(`${local(one.serving.url)}${conversePath}`, options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(BODY);
  });
  expect([status, one.ledger.spent]).toEqual([200, COST]);
});

test('over HTTP/2, also where its client leaves', async () => {
  const one = await world({ events: converseEvents(undefined), finally: 'stall' }, { tls });
  const session = http2.connect(local(one.serving.url), { ca: tls.cert });
  session.on('error', () => {});
  const stream = session.request({ ':method': 'POST', ':path': streamPath, 'content-type': 'application/json' });
  stream.on('error', () => {});
  const first = new Promise((resolve) => stream.once('data', resolve));
  stream.end(BODY);
  await first;
  expect((session.socket as nodeTls.TLSSocket).alpnProtocol).toBe('h2');
  session.destroy();
  await soon(() => one.ledger.active === 0 && one.bedrock.open() === 0);
  expect(one.ledger.settled).toEqual([{ amount: one.ledger.reserved[0], spent: one.ledger.reserved[0] }]);
});

test('what speaks no TLS is not answered, and others go on', async () => {
  const one = await world(converseReply(TOKENS), { tls });
  await expect(fetch(one.serving.url.replace('https', 'http'))).rejects.toThrow();
  const socket = nodeTls.connect({ port: Number(new URL(one.serving.url).port), host: 'localhost', ca: tls.cert });
  await new Promise((resolve) => socket.on('secureConnect', resolve));
  socket.destroy();
});
