import { afterEach, describe, expect, test } from '@jest/globals';
import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { usd } from '../../core/money';
import { bedrockServer, converseReply, type BedrockServer, type Reply } from '../helpers/bedrock-server';
import { CONFIG, guarded, SMALL, type GuardedOptions } from '../helpers/guarded-client';

const servers: BedrockServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function world(reply: Reply, options: GuardedOptions = {}) {
  const server = await bedrockServer(() => reply);
  servers.push(server);
  return { server, ...guarded(server.endpoint, { ...options, client: { maxAttempts: 3 } }) };
}

const ask = { modelId: SMALL, messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }] };
const AFTER_MS = 60;
/** Far below what the SDK waits before another attempt twice, or what a call waits for room. */
const SOON_MS = 900;

async function failure(sent: Promise<unknown>) {
  const from = performance.now();
  const error = await sent.then(
    () => undefined,
    (reason: unknown) => reason as Error & { cause?: unknown; $metadata?: { attempts?: number } },
  );
  return { error, ms: performance.now() - from };
}

/** Its reason is a TimeoutError, which the SDK takes for worth another attempt where it stands by itself. */
describe('a call with AbortSignal.timeout ends once, soon, as the abort that it is', () => {
  test('while it waits for room', async () => {
    const reply = converseReply({ input: 1, output: 1 });
    const here = await world(reply, { waitMs: 5_000, config: { ...CONFIG, limit: usd('0.0045') } });
    // Another call in flight has what this one needs.
    await here.ledger.reserve(usd('0.004'));
    const abortSignal = AbortSignal.timeout(AFTER_MS);
    const { error, ms } = await failure(here.client.send(new ConverseCommand(ask), { abortSignal }));
    expect([error?.name, ms < SOON_MS, here.server.received.length]).toEqual(['AbortError', true, 0]);
    expect([here.ledger.active, here.ledger.spent]).toEqual([1, 0]);
  });

  test.each([
    ['an answer', new ConverseCommand(ask)],
    ['a stream', new ConverseStreamCommand(ask)],
  ])('while it waits for %s, which may have been billed', async (_, command) => {
    const { client, server, ledger } = await world({ hang: true });
    const abortSignal = AbortSignal.timeout(AFTER_MS * 3);
    const { error, ms } = await failure(client.send(command as ConverseCommand, { abortSignal }));
    expect([error?.name, ms < SOON_MS, server.received.length]).toEqual(['AbortError', true, 1]);
    expect([ledger.active, ledger.settled.length]).toEqual([0, 1]);
  });

  test('while it waits for another who asks the same', async () => {
    const { client, server } = await world({ hang: true }, { config: { ...CONFIG, cacheMinutes: 5 } });
    const stop = new AbortController();
    const first = failure(client.send(new ConverseCommand(ask), { abortSignal: stop.signal }));
    const abortSignal = AbortSignal.timeout(AFTER_MS);
    const { error, ms } = await failure(client.send(new ConverseCommand(ask), { abortSignal }));
    expect([error?.name, (error?.cause as Error | undefined)?.name]).toEqual(['AbortError', 'TimeoutError']);
    expect([ms < SOON_MS, server.received.length <= 1]).toEqual([true, true]);
    stop.abort();
    expect((await first).error).toMatchObject({ name: 'AbortError' });
  });
});
