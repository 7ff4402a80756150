import * as http2 from 'node:http2';
import * as http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { converseEvents, converseReply, encoded, failure } from '../helpers/bedrock-server';
import { soon } from '../helpers/soon';
import { CONVERSE, conversePath, COST, post, servingWorlds, streamPath, TOKENS, type ServingWorld } from './serving';

const world = servingWorlds();
const BODY = JSON.stringify(CONVERSE);

interface Reading {
  /** The first bytes of the answer. */
  first(): Promise<void>;
  /** The client goes. */
  leave(): void;
}

/** Asks and reads, over both protocols, in a way that can be left. */
function open(protocol: 'h1' | 'h2', { serving }: ServingWorld, path = streamPath): Reading {
  let heard: () => void = () => {};
  const first = new Promise<void>((resolve) => (heard = resolve));
  if (protocol === 'h1') {
    const request = http.request(`${serving.url}${path}`, { method: 'POST' }, (response) => response.on('data', heard));
    request.on('error', () => {});
    request.end(BODY);
    return { first: () => first, leave: () => request.destroy() };
  }
  const session = http2.connect(serving.url);
  session.on('error', () => {});
  const stream = session.request({ ':method': 'POST', ':path': path });
  stream.on('data', heard);
  stream.on('error', () => {});
  stream.end(BODY);
  return { first: () => first, leave: () => session.destroy() };
}

describe.each(['h1', 'h2'] as const)('over %s', (protocol) => {
  test('a client that leaves in the middle of a stream is charged once, and the stream to Bedrock is closed', async () => {
    const one = await world({ events: converseEvents(undefined), finally: 'stall' });
    const reading = open(protocol, one);
    await reading.first();
    expect([one.ledger.active, one.bedrock.open()]).toEqual([1, 1]);
    reading.leave();
    await soon(() => one.ledger.active === 0 && one.bedrock.open() === 0);
    expect(one.ledger.settled).toEqual([{ amount: one.ledger.reserved[0], spent: one.ledger.reserved[0] }]);
  });

  test('a client that leaves before there is an answer is charged once, and the request to Bedrock is ended', async () => {
    const one = await world({ hang: true });
    const reading = open(protocol, one, conversePath);
    await soon(() => one.bedrock.received.length === 1);
    reading.leave();
    await soon(() => one.ledger.active === 0 && one.bedrock.open() === 0);
    expect(one.ledger.settled).toEqual([{ amount: one.ledger.reserved[0], spent: one.ledger.reserved[0] }]);
  });
});

test('the bytes of a stream are those that Bedrock sent', async () => {
  const events = [...converseEvents(TOKENS), ['newerEvent', { of: 'a newer model' }] as const];
  const one = await world({ events });
  const answer = await post(one, streamPath);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.equals(Buffer.concat(events.map(([type, payload]) => encoded(type, payload))))).toBe(true);
  expect(one.ledger.spent).toBe(COST);
});

test('a stream goes no faster than it is read: what Bedrock sends waits there, not here', async () => {
  const piece = 'a'.repeat(64 * 1024);
  const words = Array.from({ length: 1_600 }, () => piece);
  const one = await world({ events: converseEvents(TOKENS, words) });
  const before = process.memoryUsage.rss();
  await new Promise<void>((resolve, reject) => {
    const request = http.request(`${one.serving.url}${streamPath}`, { method: 'POST' }, (response) => {
      response.once('readable', () => {
        setTimeout(() => {
          expect([one.ledger.active, one.bedrock.open()]).toEqual([1, 1]);
          let bytes = 0;
          response.on('data', (chunk: Buffer) => (bytes += chunk.length));
          response.on('end', () => {
            expect(bytes).toBeGreaterThan(words.length * piece.length);
            resolve();
          });
        }, 300);
      });
    });
    request.on('error', reject);
    request.end(BODY);
  });
  expect(one.ledger.spent).toBe(COST);
  expect(process.memoryUsage.rss() - before).toBeLessThan(1_000_000_000);
});

test('a stream that Bedrock breaks off is broken off for its client too, and charged in full', async () => {
  const one = await world({ events: converseEvents(undefined), finally: 'reset' });
  const answer = await post(one, streamPath);
  await expect(answer.arrayBuffer()).rejects.toThrow();
  await soon(() => one.ledger.active === 0);
  expect(one.ledger.settled).toEqual([{ amount: one.ledger.reserved[0], spent: one.ledger.reserved[0] }]);
});

test('what Bedrock refuses comes as Bedrock says it, and costs nothing', async () => {
  const one = await world(failure(429, 'ThrottlingException', 'slow down'));
  const answer = await post(one);
  expect([answer.status, answer.headers.get('x-amzn-errortype'), await answer.json()]).toEqual([
    429,
    'ThrottlingException',
    { message: 'slow down' },
  ]);
  expect([one.ledger.spent, one.ledger.active]).toEqual([0, 0]);
});

test('where Bedrock is not reached nothing is charged, and the client may try again', async () => {
  const one = await world(converseReply(TOKENS));
  await one.bedrock.stop();
  const answer = await post(one);
  expect([answer.status, await answer.json()]).toEqual([
    503,
    expect.objectContaining({ code: 'UPSTREAM_UNREACHABLE' }),
  ]);
  expect([one.ledger.spent, one.ledger.active, one.ledger.reserved.length]).toEqual([0, 0, 1]);
});

test('a connection to Bedrock that breaks before the answer is charged in full', async () => {
  const one = await world({ reset: true });
  const answer = await post(one);
  expect([answer.status, await answer.json()]).toEqual([502, expect.objectContaining({ code: 'UPSTREAM_FAILED' })]);
  expect([one.ledger.spent, one.ledger.active]).toEqual([one.ledger.reserved[0], 0]);
});

test('without credentials nothing is held for what cannot be signed, and nobody tries again', async () => {
  let there = true;
  const credentials = async () => {
    if (there) return { accessKeyId: 'a', secretAccessKey: 'b', expiration: new Date(0) };
    throw Object.assign(new Error('expired'), { name: 'CredentialsProviderError' });
  };
  const one = await world(converseReply(TOKENS), { credentials });
  there = false;
  const answer = await post(one);
  expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code: 'NO_CREDENTIALS' })]);
  expect([one.ledger.reserved, one.bedrock.received]).toEqual([[], []]);
});
