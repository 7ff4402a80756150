import { afterEach, describe, expect, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { usd } from '../../core/money';
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
