import { Agent, request, type IncomingMessage } from 'node:http';
import * as http2 from 'node:http2';
import { describe, expect, test } from '@jest/globals';
import { usd } from '../../core/money';
import { converseEvents } from '../helpers/bedrock-server';
import { CONFIG } from '../helpers/guarded-client';
import { soon } from '../helpers/soon';
import { CONVERSE, COST, servingWorlds, streamPath, TOKENS, type ServingWorld } from './serving';

const STREAMS = 200;
const world = servingWorlds();
const config = { config: { ...CONFIG, limit: usd(1_000) } };

interface Open {
  readonly answer: IncomingMessage;
  readonly closed: Promise<unknown>;
}

/** With its first bytes here, and its last perhaps not yet. */
function open({ serving }: ServingWorld, agent: Agent): Promise<Open> {
  return new Promise((resolve, reject) => {
    const asked = request(`${serving.url}${streamPath}`, { method: 'POST', agent }, (answer) => {
      const closed = new Promise((done) => answer.once('close', done));
      answer.on('error', () => {});
      answer.on('data', () => resolve({ answer, closed }));
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(CONVERSE));
  });
}

const openAll = (one: ServingWorld, agent: Agent) =>
  Promise.all(Array.from({ length: STREAMS }, () => open(one, agent)));

/** Each once, and as much as was held for it. */
function expectChargedInFull({ ledger }: ServingWorld): void {
  expect([ledger.active, ledger.of('').held]).toEqual([0, 0]);
  expect(ledger.settled.length).toBe(STREAMS);
  for (const { amount, spent } of ledger.settled) expect(spent).toBe(amount);
  expect(ledger.charged).toEqual([]);
}

describe(`${STREAMS} open streams`, () => {
  test('that stall end at a stop, and each is charged once', async () => {
    const events = converseEvents(undefined);
    const one = await world({ events, finally: 'stall' }, { config, limits: { stopMs: 200 } });
    const agent = new Agent();
    const answers = await openAll(one, agent);
    expect(one.ledger.active).toBe(STREAMS);
    await one.serving.stop();
    await Promise.all(answers.map(({ closed }) => closed));
    expect(answers.filter(({ answer }) => answer.complete)).toEqual([]);
    expectChargedInFull(one);
    expect(one.ledger.closed).toBe(1);
    agent.destroy();
  });

  test('that end by themselves while it stops are whole, and charged what they used', async () => {
    const events = converseEvents(TOKENS);
    const one = await world({ events, everyMs: 400 }, { config, limits: { stopMs: 600_000 } });
    const agent = new Agent();
    const answers = await openAll(one, agent);
    await one.serving.stop();
    await Promise.all(answers.map(({ closed }) => closed));
    expect(answers.filter(({ answer }) => !answer.complete)).toEqual([]);
    expect([one.ledger.active, one.ledger.settled.length, one.ledger.spent]).toEqual([0, STREAMS, STREAMS * COST]);
    agent.destroy();
  });

  test('whose clients all leave are charged once each, and closed at Bedrock', async () => {
    const one = await world({ events: converseEvents(undefined), finally: 'stall' }, { config });
    const agent = new Agent();
    for (const { answer } of await openAll(one, agent)) answer.destroy();
    await soon(() => one.ledger.active === 0 && one.bedrock.open() === 0);
    expectChargedInFull(one);
    agent.destroy();
  });

  test('of one connection that is cut, over HTTP/2, are charged once each, and closed at Bedrock', async () => {
    const one = await world({ events: converseEvents(undefined), finally: 'stall' }, { config });
    const session = http2.connect(one.serving.url);
    session.on('error', () => {});
    await Promise.all(
      Array.from({ length: STREAMS }, async () => {
        const stream = session.request({ ':method': 'POST', ':path': streamPath });
        stream.on('error', () => {});
        stream.end(JSON.stringify(CONVERSE));
        await new Promise((resolve) => stream.once('data', resolve));
      }),
    );
    session.destroy();
    await soon(() => one.ledger.active === 0 && one.bedrock.open() === 0);
    expectChargedInFull(one);
  });
});
