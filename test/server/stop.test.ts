import * as http from 'node:http';
import * as http2 from 'node:http2';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { converseEvents, converseReply, type Reply } from '../helpers/bedrock-server';
import { soon } from '../helpers/soon';
import { MemoryLedger } from '../helpers/guarded-client';
import { CONVERSE, conversePath, COST, post, servingWorlds, streamPath, TOKENS } from './serving';

const world = servingWorlds();

test('what is in flight ends as ever, then what the process holds is given back', async () => {
  const one = await world({ events: converseEvents(TOKENS), everyMs: 50 }, { limits: { stopMs: 600_000 } });
  const answer = post(one, streamPath);
  await soon(() => one.ledger.active === 1);
  const stopped = one.serving.stop();
  const bytes = await (await answer).arrayBuffer();
  await stopped;
  expect(bytes.byteLength).toBeGreaterThan(0);
  expect([one.ledger.spent, one.ledger.active, one.ledger.closed]).toEqual([COST, 0, 1]);
});

test.each<[string, Reply, string]>([
  ['a stream', { events: converseEvents(undefined), finally: 'stall' }, streamPath],
  ['a request without an answer', { hang: true }, conversePath],
])('%s that does not end in time is broken off and charged, before the ledger is closed', async (_, reply, path) => {
  const settledBeforeClose: number[] = [];
  class Slow extends MemoryLedger {
    override async settle(...args: Parameters<MemoryLedger['settle']>) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return super.settle(...args);
    }

    override async close() {
      settledBeforeClose.push(this.settled.length);
      return super.close();
    }
  }
  const ledger = new Slow();
  const one = await world(reply, { limits: { stopMs: 100 }, guard: { ledger } });
  const failed = post(one, path).then(
    (answer) =>
      answer.arrayBuffer().then(
        () => answer.status,
        () => 'cut',
      ),
    () => 'cut',
  );
  await soon(() => one.bedrock.received.length === 1);
  await one.serving.stop();
  expect(['cut', 502]).toContain(await failed);
  expect(ledger.settled).toEqual([{ amount: ledger.reserved[0], spent: ledger.reserved[0] }]);
  expect(settledBeforeClose).toEqual([1]);
  await soon(() => one.bedrock.open() === 0);
});

test('no new requests: on a connection that is there they are told to come back, and there are no new connections', async () => {
  const one = await world({ events: converseEvents(undefined), finally: 'stall' }, { limits: { stopMs: 400 } });
  const session = http2.connect(one.serving.url);
  session.on('error', () => {});
  const stream = session.request({ ':method': 'POST', ':path': streamPath });
  stream.on('error', () => {});
  stream.end(JSON.stringify(CONVERSE));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await soon(() => one.ledger.active === 1);
  const stopped = one.serving.stop();
  await expect(post(one)).rejects.toThrow();
  await stopped;
  session.destroy();
  agent.destroy();
  expect(one.ledger.active).toBe(0);
});

test('connections on which nothing is asked, and which have said nothing, do not hold it up', async () => {
  const one = await world(converseReply(TOKENS), { limits: { stopMs: 60_000 } });
  const silent = connect(Number(new URL(one.serving.url).port), '127.0.0.1');
  await new Promise((resolve) => silent.on('connect', resolve));
  const session = http2.connect(one.serving.url);
  session.on('error', () => {});
  await new Promise((resolve) => session.on('remoteSettings', resolve));
  await (await post(one)).arrayBuffer();
  await one.serving.stop();
  silent.destroy();
  session.destroy();
});

test('to stop twice is to stop once', async () => {
  const one = await world(converseReply(TOKENS));
  await Promise.all([one.serving.stop(), one.serving.stop()]);
  expect(one.ledger.closed).toBe(1);
});

test('localhost is both of its addresses, which stop together', async () => {
  const one = await world(
    { events: converseEvents(TOKENS), everyMs: 20 },
    { host: 'localhost', limits: { stopMs: 600_000 } },
  );
  const answers = ['localhost', '127.0.0.1'].map((host) =>
    fetch(`${one.serving.url.replace('localhost', host)}${streamPath}`, {
      method: 'POST',
      body: JSON.stringify(CONVERSE),
    }),
  );
  await soon(() => one.ledger.active === 2);
  const stopped = one.serving.stop();
  for (const answer of answers) await (await answer).arrayBuffer();
  await stopped;
  expect([one.ledger.spent, one.ledger.active]).toEqual([2 * COST, 0]);
});
