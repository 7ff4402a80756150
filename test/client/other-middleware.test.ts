import { describe, expect, test } from '@jest/globals';
import { BedrockRuntimeClient, ConverseCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { converseReply } from '../helpers/bedrock-server';
import { LARGE, PROFILE, type GuardedOptions } from '../helpers/guarded-client';
import { ask, guardedWorlds } from '../helpers/guarded-server';
import { refusalOf } from '../helpers/refused';

const worlds = guardedWorlds();
const world = (options: GuardedOptions = {}) => worlds(converseReply({ input: 10, output: 20 }), options);

describe('other middleware', () => {
  const later = (client: BedrockRuntimeClient, change: (input: ConverseCommandInput) => object) =>
    client.middlewareStack.add(
      (next) => (args) => next({ ...args, input: change(args.input as ConverseCommandInput) as never }),
      {
        step: 'initialize',
        priority: 'high',
        name: 'later',
      },
    );

  test('trap T6: a middleware inside the guard that changes the model is found before anything is sent', async () => {
    const { client, server } = await world();
    later(client, (input) => ({ ...input, modelId: LARGE }));
    const refusal = await refusalOf(client.send(new ConverseCommand(ask())));
    expect(refusal.code).toBe('INPUT_CHANGED');
    expect(refusal.message).toContain(LARGE);
    expect(server.received).toEqual([]);
  });

  test.each(['/bedrock', '/a/b/', '/model'])('an endpoint below the path %s works', async (base) => {
    const { client, ledger, server } = await worlds(converseReply({ input: 10, output: 20 }), { path: base });
    await client.send(new ConverseCommand(ask()));
    expect(server.paths).toEqual([`${base}/model/${encodeURIComponent(PROFILE)}/converse`]);
    expect(ledger.spent).toBe(10 * 1_000 + 20 * 4_000);
  });

  test('trap T6: more tokens, or a longer prompt, are reserved as they are sent', async () => {
    const { client, ledger } = await world();
    later(client, (input) => ({
      ...input,
      inferenceConfig: { maxTokens: 9_000 },
      messages: [{ role: 'user', content: [{ text: 'x'.repeat(50_000) }] }],
    }));
    await client.send(new ConverseCommand(ask()));
    expect(ledger.reserved[0]).toBeGreaterThanOrEqual(50_000 * 1_000 + 9_000 * 4_000);
  });

  test('trap T6: a limit that is taken away again is found', async () => {
    const { client } = await world();
    later(client, ({ inferenceConfig: _taken, ...input }) => input);
    expect((await refusalOf(client.send(new ConverseCommand(ask())))).code).toBe('INPUT_CHANGED');
  });

  test('trap T6: so is a body that was changed after it was serialized', async () => {
    const { client, server } = await world();
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: Uint8Array };
        request.body = new TextEncoder().encode(new TextDecoder().decode(request.body).replace('1000', '9000'));
        return next(args);
      },
      { step: 'build', name: 'rewrites' },
    );
    expect((await refusalOf(client.send(new ConverseCommand(ask())))).code).toBe('INPUT_CHANGED');
    expect(server.received).toEqual([]);
  });

  test('a prompt that speaks of maxTokens, and a tool that has one, change nothing', async () => {
    const { client, server } = await world();
    const toolUse = { toolUseId: 't', name: 'n', input: { maxTokens: 99_999 } };
    await client.send(
      new ConverseCommand(
        ask({ messages: [{ role: 'user', content: [{ text: '"maxTokens":5, {"maxTokens":7}' }, { toolUse }] }] }),
      ),
    );
    expect(server.received[0]!.body).toMatchObject({ inferenceConfig: { maxTokens: 1_000 } });
  });

  test('trap T5: a client with cacheMiddleware is not taken', async () => {
    await expect(world({ client: { cacheMiddleware: true } })).rejects.toThrow('cacheMiddleware');
  });

  test('trap T5: calls at the same time are priced and settled each by its own', async () => {
    const { client, ledger, server } = await world();
    await Promise.all(
      [1, 2, 3].map((n) => client.send(new ConverseCommand(ask({ inferenceConfig: { maxTokens: n * 1_000 } })))),
    );
    expect(server.received.map(({ body }) => (body as { inferenceConfig: object }).inferenceConfig)).toHaveLength(3);
    const [one = 0, two = 0, three = 0] = [...ledger.reserved].sort((a, b) => a - b);
    expect([two - one, three - two]).toEqual([4_000_000, 4_000_000]);
    expect(ledger.active).toBe(0);
  });

  test('trap T9: an adaptive client is warned of', async () => {
    const { events } = await world({ client: { retryMode: 'adaptive' } });
    expect(events.map(({ name, attributes }) => [name, attributes['spend_guard.message']])).toEqual([
      ['warning', expect.stringContaining('adaptive')],
    ]);
  });

  test('trap T7: a bearer token in the environment is warned of', async () => {
    process.env['AWS_BEARER_TOKEN_BEDROCK'] = 'example';
    try {
      const { events } = await world();
      expect(events[0]?.attributes['spend_guard.message']).toContain('AWS_BEARER_TOKEN_BEDROCK');
    } finally {
      delete process.env['AWS_BEARER_TOKEN_BEDROCK'];
    }
  });

  test('trap T11: put on twice, it runs once', async () => {
    const { client, guard, ledger, asked } = await world();
    guard.applyTo(client);
    await client.send(new ConverseCommand(ask()));
    expect([ledger.reserved.length, asked.rate]).toEqual([1, 1]);
  });
});
