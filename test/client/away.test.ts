import { afterEach, describe, expect, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { usd } from '../../core/money';
import { LedgerUnavailable } from '../../core/ports/ledger';
import { bedrockServer, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import { CONFIG, guarded, SMALL, type GuardedOptions } from '../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

async function world(options: GuardedOptions = {}) {
  server = await bedrockServer(() => converseReply({ input: 10, output: 20 }));
  return guarded(server.endpoint, options);
}

const ask = () =>
  new ConverseCommand({
    modelId: SMALL,
    messages: [{ role: 'user', content: [{ text: 'hello' }] }],
    inferenceConfig: { maxTokens: 100 },
  });
const OPEN = { ...CONFIG, inPath: { ...CONFIG.inPath, whenAway: { kind: 'open' as const, cap: usd(1) } } };
const failed = (name: string) => Object.assign(new Error(`${name} it is`), { name });

describe('away is told', () => {
  test.each([
    ...['AccessDeniedException', 'ResourceNotFoundException', 'CredentialsProviderError', 'ExpiredTokenException'],
  ])('%s never fails open, and is the cause', async (name) => {
    const cause = failed(name);
    const { client, ledger, events } = await world({ config: OPEN });
    ledger.reserve = () => Promise.reject(new LedgerUnavailable('away', { cause }));
    for (const _ of [1, 2]) {
      await expect(client.send(ask())).rejects.toMatchObject({ code: 'GUARD_UNAVAILABLE', cause });
    }
    expect(events.filter((event) => event.name === 'warning' || event.name === 'away')).toHaveLength(2);
    expect(server.received).toEqual([]);
  });

  test('once on going, once on coming back, with the reason', async () => {
    let now = Date.UTC(2026, 10, 10);
    const { client, ledger, events } = await world({ config: OPEN, now: () => now });
    const reserve = ledger.reserve.bind(ledger);
    const cause = failed('ProvisionedThroughputExceededException');
    ledger.reserve = () => Promise.reject(new LedgerUnavailable('away', { cause }));
    await client.send(ask());
    await client.send(ask());
    ledger.reserve = reserve;
    now += 5_000;
    await client.send(ask());
    const told = events.filter(({ name }) => name === 'away' || name === 'back');
    expect(told.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
      ['away', cause.name],
      ['back', undefined],
    ]);
  });

  test("a logger that rejects is in nobody's way", async () => {
    const { client } = await world({ onEvent: () => Promise.reject(new Error('logger')) });
    await client.send(ask());
    await new Promise(setImmediate);
    expect(server.received).toHaveLength(1);
  });
});
