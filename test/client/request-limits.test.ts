import { afterEach, describe, expect, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { exactLedger } from '../../client/adapters/dynamodb-ledger';
import { dynamoDbRateLimit } from '../../client/adapters/dynamodb-rate-limit';
import { usd } from '../../core/money';
import type { RateOutcome } from '../../core/ledger/ports';
import { DynamoDbFake } from '../helpers/dynamodb-fake';
import { bedrockServer, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import { CONFIG, guarded, openStatus, SMALL, type GuardedOptions } from '../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

async function world(options: GuardedOptions) {
  server = await bedrockServer(() => converseReply({ input: 10, output: 20 }));
  return guarded(server.endpoint, options);
}

const ask = (more: object = {}) =>
  new ConverseCommand({ modelId: SMALL, messages: [{ role: 'user', content: [{ text: 'hello' }] }], ...more });

describe('a refused call takes no place in the request limits', () => {
  test.each<[string, GuardedOptions, object]>([
    ['BUDGET_EXHAUSTED', { config: { ...CONFIG, limit: usd('0.004') } }, {}],
    ['STOPPED', { meter: () => openStatus(Date.now(), { desired: 'stopped' }) }, {}],
    ['UNKNOWN_PRICE', {}, { serviceTier: { type: 'priority' } }],
    ['GUARD_UNAVAILABLE', { meter: () => undefined }, {}],
  ])('%s', async (code, options, more) => {
    const { client, asked } = await world(options);
    await expect(client.send(ask(more))).rejects.toMatchObject({ code });
    expect(asked.rate).toBe(0);
  });

  test('one place for all attempts of a call, taken before the first', async () => {
    const { client, asked } = await world({ client: { maxAttempts: 3, endpoint: 'http://127.0.0.1:9' } });
    await expect(client.send(ask())).rejects.toMatchObject({ $metadata: { attempts: 3 } });
    expect(asked.rate).toBe(1);
  });

  test('one whose place is refused gives its reservation back', async () => {
    const { client, ledger } = await world({
      rateLimit: { admit: async () => ({ kind: 'refused', window: 'hour', retryAfterSeconds: 1 }) },
    });
    await expect(client.send(ask())).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect([ledger.active, ledger.spent, server.received.length]).toEqual([0, 0, 0]);
  });
});

describe('the budget and the limits are asked together', () => {
  /** Limits that can take a place back. */
  function limits(outcome: RateOutcome = { kind: 'admitted' }) {
    const seen = { admitted: 0, givenBack: 0, inBetween: 0 };
    return {
      seen,
      rateLimit: {
        admit: async () => {
          seen.admitted += 1;
          await new Promise(setImmediate);
          return outcome;
        },
        giveBack: async () => {
          seen.givenBack += 1;
        },
      },
    };
  }

  test('neither waits for the other', async () => {
    const { rateLimit, seen } = limits();
    const { client, ledger } = await world({ rateLimit });
    const reserve = ledger.reserve.bind(ledger);
    ledger.reserve = async (amount) => {
      const outcome = await reserve(amount);
      seen.inBetween = seen.admitted;
      return outcome;
    };
    await client.send(ask());
    expect(seen).toEqual({ admitted: 1, givenBack: 0, inBetween: 1 });
  });

  test.each<[string, GuardedOptions]>([
    ['BUDGET_EXHAUSTED', { config: { ...CONFIG, limit: usd('0.004') } }],
    ['STOPPED', { meter: () => openStatus(Date.now(), { desired: 'stopped' }) }],
  ])('%s: a place that was taken for it is given back', async (code, options) => {
    const { rateLimit, seen } = limits();
    const { client } = await world({ ...options, rateLimit });
    await expect(client.send(ask())).rejects.toMatchObject({ code });
    expect(seen.givenBack).toBe(seen.admitted);
  });

  test('where calls were refused for want of budget of late, the limits are asked last', async () => {
    const { rateLimit, seen } = limits();
    const { client } = await world({ rateLimit, config: { ...CONFIG, limit: usd('0.004') } });
    for (const _ of [1, 2, 3]) await expect(client.send(ask())).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED' });
    // The first finds it out.
    expect(seen).toMatchObject({ admitted: 1, givenBack: 1 });
  });

  test('one that is refused its place gives nothing back but its reservation', async () => {
    const { rateLimit, seen } = limits({ kind: 'refused', window: 'hour', retryAfterSeconds: 1 });
    const { client, ledger } = await world({ rateLimit });
    await expect(client.send(ask())).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect([ledger.active, ledger.spent, seen.givenBack]).toEqual([0, 0, 0]);
  });

  test('an abort is heard at once while the limits do not answer; what they count later is given back', async () => {
    let admit = () => {};
    const seen = { givenBack: 0 };
    const { client, ledger } = await world({
      rateLimit: {
        admit: () =>
          new Promise((resolve) => {
            admit = () => resolve({ kind: 'admitted' });
          }),
        giveBack: async () => {
          seen.givenBack += 1;
        },
      },
    });
    const abort = new AbortController();
    const sent = client.send(ask(), { abortSignal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    expect([seen.givenBack, server.received.length]).toEqual([0, 0]);
    admit();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([seen.givenBack, ledger.active]).toEqual([1, 0]);
  });

  test('one that was sent keeps its place, whatever becomes of it', async () => {
    const { rateLimit, seen } = limits();
    const { client } = await world({ rateLimit, client: { maxAttempts: 2, endpoint: 'http://127.0.0.1:9' } });
    await expect(client.send(ask())).rejects.toThrow();
    expect(seen).toMatchObject({ admitted: 1, givenBack: 0 });
  });

  test('a call that is served by the ledger and the limits of the table waits for it twice: before, and after', async () => {
    const fake = new DynamoDbFake(() => Date.now());
    // All that is asked in one turn is answered together, a turn later.
    const turns = { count: 0, open: undefined as Promise<unknown> | undefined };
    const documents = {
      send: async (command: unknown) => {
        turns.open ??= new Promise<void>((resume) => setTimeout(resume, 100)).then(() => {
          turns.count += 1;
          turns.open = undefined;
        });
        await turns.open;
        return structuredClone(fake.run(command));
      },
    } as unknown as DynamoDBDocumentClient;
    const table = { tableName: 'leases', scope: 'dev', now: Date.now, documents };
    const { client } = await world({
      ledger: exactLedger({ ...table, limit: usd(10) }),
      rateLimit: dynamoDbRateLimit({ ...table, limits: { perHour: 1000 } }),
    });
    await client.send(ask());
    turns.count = 0;
    await client.send(ask());
    expect(turns.count).toBe(2);
  });
});
