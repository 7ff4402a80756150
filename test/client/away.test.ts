import { afterEach, describe, expect, test } from '@jest/globals';
import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { usd } from '../../core/money';
import { LedgerUnavailable } from '../../core/ledger/ports';
import { bedrockServer, converseEvents, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import { CONFIG, guarded, SMALL, type GuardedOptions } from '../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

async function world(options: GuardedOptions = {}) {
  const tokens = { input: 10, output: 20 };
  server = await bedrockServer(({ operation }) =>
    operation === 'ConverseStream' ? { events: converseEvents(tokens) } : converseReply(tokens),
  );
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

describe('what was spent while the table was away', () => {
  const HOUR_MS = 3_600_000;

  async function away(options: GuardedOptions = {}) {
    const clock = { now: Date.UTC(2026, 10, 10) };
    const all = await world({ config: OPEN, now: () => clock.now, ...options });
    all.ledger.away = true;
    return { ...all, clock };
  }

  test('is charged once it is back, once, with what no source told apart', async () => {
    const { client, ledger, clock } = await away();
    await client.send(ask());
    await client.send(ask());
    expect(ledger.charged).toEqual([]);
    ledger.away = false;
    clock.now += 5_000;
    await client.send(ask());
    const each = ledger.settled[0]!.spent;
    expect(ledger.charged).toEqual([{ spent: 2 * each, unsettled: 0 }]);
    await client.send(ask());
    expect(ledger.charged).toHaveLength(1);
    expect(ledger.spent).toBe(4 * each);
  });

  test('of a call that ends after the table is back is charged as it ends', async () => {
    const { client, ledger, clock } = await away();
    const { stream } = await client.send(new ConverseStreamCommand(ask().input));
    expect(ledger.charged).toEqual([]);
    ledger.away = false;
    clock.now += 5_000;
    for await (const _ of stream!);
    expect(ledger.charged).toMatchObject([{ unsettled: 0 }]);
    expect(ledger.charged[0]!.spent).toBeGreaterThan(0);
  });

  test('on the day that the calls were made', async () => {
    const { client, ledger, clock } = await away();
    const days: string[] = [];
    ledger.charge = (day) => {
      days.push(day);
      return Promise.resolve();
    };
    clock.now = Date.UTC(2026, 10, 30, 23, 59);
    await client.send(ask());
    clock.now += HOUR_MS;
    ledger.away = false;
    await client.send(ask());
    expect(days).toEqual(['2026-11-30']);
  });

  test('is charged when the guard is closed, though nothing else is asked', async () => {
    const { client, ledger, guard } = await away();
    await client.send(ask());
    ledger.away = false;
    await guard.close();
    expect(ledger.charged).toHaveLength(1);
    await guard.close();
    expect(ledger.charged).toHaveLength(1);
  });

  test('is left to the ledger where the table goes away again: never charged by both', async () => {
    const { client, ledger, clock } = await away();
    await client.send(ask());
    let asked = 0;
    ledger.charge = () => {
      asked += 1;
      return Promise.reject(new LedgerUnavailable('away'));
    };
    ledger.away = false;
    for (const _ of [1, 2]) {
      clock.now += 5_000;
      await client.send(ask());
    }
    expect(asked).toBe(1);
  });
});
