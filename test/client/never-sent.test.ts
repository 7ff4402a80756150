import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ConverseCommand, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { usd } from '../../core/money';
import { bedrockServer, converseReply, failure, type BedrockServer } from '../helpers/bedrock-server';
import { CONFIG, guarded, SMALL, type Guarded, type GuardedOptions } from '../helpers/guarded-client';

const folder = mkdtempSync(join(tmpdir(), 'never-sent-'));
let tls: { key: Buffer; cert: Buffer };
beforeAll(() => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2'];
  execFileSync('openssl', [...args, '-subj', '/CN=localhost'], { stdio: 'ignore' });
  tls = { key: readFileSync(key), cert: readFileSync(cert) };
});
afterAll(() => rmSync(folder, { recursive: true }));

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const ask = () => new ConverseCommand({ modelId: SMALL, messages: [{ role: 'user', content: [{ text: 'hello' }] }] });
const h1 = (): BedrockRuntimeClientConfig => ({ requestHandler: new NodeHttpHandler() });

async function listening(server: Server | http2.Http2Server, scheme: 'http' | 'https'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, resolve));
  stops.push(() => server.close());
  return `${scheme}://localhost:${(server.address() as AddressInfo).port}`;
}

async function bedrock(): Promise<BedrockServer> {
  const server = await bedrockServer(() => converseReply({ input: 10, output: 20 }));
  stops.push(() => server.stop());
  return server;
}

function client(endpoint: string, options: GuardedOptions = {}): Guarded {
  const all = guarded(endpoint, { ...options, client: { maxAttempts: 1, ...options.client } });
  stops.push(() => all.client.destroy());
  return all;
}

const free = ({ ledger }: Guarded) => expect([ledger.spent, ledger.active]).toEqual([0, 0]);

describe('what never reached a server costs nothing', () => {
  test.each<[string, () => Promise<string>, BedrockRuntimeClientConfig, string]>([
    ['HTTP/2 to a server of HTTP/1', () => listening(http.createServer(), 'http'), {}, 'ERR_HTTP2_ERROR'],
    [
      'HTTP/2 over TLS to a server of HTTP/1',
      () => listening(https.createServer(tls), 'https'),
      {},
      'ERR_HTTP2_STREAM_CANCEL',
    ],
    ['HTTP/1 to a server of HTTP/2', () => listening(http2.createServer(), 'http'), h1(), 'Expected HTTP/'],
    ['a certificate of its own', () => listening(https.createServer(tls), 'https'), h1(), 'self-signed'],
    [
      'a certificate of its own, over HTTP/2',
      () => listening(http2.createSecureServer(tls), 'https'),
      {},
      'ERR_HTTP2_STREAM_CANCEL',
    ],
    ['TLS to a server without, over HTTP/1', () => listening(http.createServer(), 'https'), h1(), 'EPROTO'],
    ['TLS to a server without', () => listening(http.createServer(), 'https'), {}, 'ERR_HTTP2_STREAM_CANCEL'],
  ])('%s', async (_, start, config, why) => {
    const all = client(await start(), { client: config });
    await expect(all.client.send(ask())).rejects.toThrow(why);
    free(all);
  });

  test.each<[string, string, string | undefined, BedrockRuntimeClientConfig, string]>([
    ['a value', 'x-bad', 'a\nb', h1(), 'ERR_INVALID_CHAR'],
    ['no value', 'x-bad', undefined, h1(), 'ERR_HTTP_INVALID_HEADER_VALUE'],
    ['a name', 'bad name', 'a', h1(), 'ERR_INVALID_HTTP_TOKEN'],
    ['a name, over HTTP/2', 'bad name', 'a', {}, 'ERR_INVALID_HTTP_TOKEN'],
    ['one of the connection, over HTTP/2', 'connection', 'close', {}, 'ERR_HTTP2_INVALID_CONNECTION_HEADERS'],
    ['a pseudo-header', ':foo', 'a', {}, 'ERR_HTTP2_INVALID_PSEUDOHEADER'],
  ])('a header that the client refuses: %s', async (_, name, value, config, why) => {
    const server = await bedrock();
    const all = client(server.endpoint, { client: config });
    all.client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string | undefined> }).headers[name] = value;
        return next(args);
      },
      { step: 'deserialize', priority: 'low' },
    );
    await expect(all.client.send(ask())).rejects.toThrow(why);
    free(all);
    expect(server.received).toEqual([]);
  });

  test('no credentials to sign with', async () => {
    const all = client((await bedrock()).endpoint, {
      client: { credentials: () => Promise.reject(new Error('none')) },
    });
    await expect(all.client.send(ask())).rejects.toThrow('none');
    free(all);
  });

  test('aborted while it was being signed', async () => {
    const server = await bedrock();
    const abort = new AbortController();
    const credentials = async () => {
      abort.abort();
      return { accessKeyId: 'a', secretAccessKey: 'b' };
    };
    const all = client(server.endpoint, { client: { credentials } });
    await expect(all.client.send(ask(), { abortSignal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
    free(all);
    expect(server.received).toEqual([]);
  });

  test('aborted before it was made', async () => {
    const server = await bedrock();
    const all = client(server.endpoint);
    await expect(all.client.send(ask(), { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    free(all);
    expect([all.asked.rate, server.received.length]).toEqual([0, 0]);
  });

  test('an abort is heard at once while the call waits for room', async () => {
    const server = await bedrock();
    const all = client(server.endpoint, { waitMs: 60_000 });
    let looks = 0;
    all.ledger.reserve = async () => {
      looks += 1;
      return { kind: 'refused', soft: true, retryAfterSeconds: 1, remaining: usd('0') };
    };
    const abort = new AbortController();
    const sent = all.client.send(ask(), { abortSignal: abort.signal });
    sent.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    const from = performance.now();
    abort.abort();
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - from).toBeLessThan(100);
    const seen = looks;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([looks, all.asked.rate, server.received.length]).toEqual([seen, 0, 0]);
  });

  test.each(['ledger', 'rate', 'status'] as const)('an abort is heard while the table is asked: %s', async (which) => {
    const server = await bedrock();
    let answerLate = () => {};
    const late = new Promise<void>((resolve) => (answerLate = resolve));
    const all = client(server.endpoint, {
      ...(which === 'rate' ? { rateLimit: { admit: () => late.then(() => ({ kind: 'admitted' as const })) } } : {}),
      ...(which === 'status' ? { status: { read: () => late.then(() => undefined) } } : {}),
    });
    const reserve = all.ledger.reserve.bind(all.ledger);
    if (which === 'ledger') all.ledger.reserve = (amount) => late.then(() => reserve(amount));
    const abort = new AbortController();
    const sent = all.client.send(ask(), { abortSignal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    answerLate();
    await new Promise((resolve) => setTimeout(resolve, 20));
    free(all);
    expect(server.received).toEqual([]);
  });

  test('48 sends into 503s leave the budget as it was', async () => {
    const server = await bedrockServer(() => failure(503, 'ServiceUnavailableException'));
    stops.push(() => server.stop());
    const all = client(server.endpoint, { config: { ...CONFIG, limit: usd('5') } });
    for (let call = 0; call < 48; call += 1) {
      await expect(all.client.send(ask())).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
    }
    free(all);
  });
});

test('what may have arrived is charged: a connection cut after the request', async () => {
  const server = await bedrockServer(() => ({ reset: true }));
  stops.push(() => server.stop());
  const all = client(server.endpoint);
  await expect(all.client.send(ask())).rejects.toThrow();
  expect(all.ledger.spent).toBeGreaterThan(0);
});
