import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ApplyGuardrailCommand,
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithBidirectionalStreamCommand,
  InvokeModelWithResponseStreamCommand,
  StartAsyncInvokeCommand,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { refusalIn, SpendGuardRefused } from '../../client/refusal';
import { nanoUsd, usd } from '../../core/money';
import { bedrockServer, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import {
  CLAUDE,
  CONFIG,
  guarded,
  LARGE,
  openStatus,
  PROFILE,
  SMALL,
  type GuardedOptions,
} from '../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

async function world(options: GuardedOptions = {}) {
  server = await bedrockServer(() => converseReply({ input: 10, output: 20 }));
  return { server, ...guarded(server.endpoint, options) };
}

const ask = (more: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: SMALL,
  messages: [{ role: 'user', content: [{ text: 'hello' }] }],
  ...more,
});

async function refusalOf(send: Promise<unknown>): Promise<SpendGuardRefused> {
  const error: unknown = await send.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const refusal = refusalIn(error);
  if (!refusal) throw new Error(`not refused: ${String(error)}`);
  return refusal;
}

describe('refusals', () => {
  test('traps T1 and T2: refused before the retries or inside of them, the SDK makes no second attempt', async () => {
    const { client, ledger, asked } = await world({ client: { maxAttempts: 5 } });
    ledger.reserve = async () => {
      asked.rate += 100;
      return { kind: 'refused', soft: false, retryAfterSeconds: 9, remaining: nanoUsd(0) };
    };
    const inside = await refusalOf(client.send(new ConverseCommand(ask())));
    expect(inside).toMatchObject({ code: 'BUDGET_EXHAUSTED', retryAfterSeconds: 9 });
    expect(asked.rate).toBe(100);
    const outside = await refusalOf(client.send(new ConverseCommand(ask({ modelId: 'foreign.model' }))));
    expect(outside.code).toBe('UNKNOWN_PRICE');
    for (const refusal of [inside, outside]) {
      expect(refusal).toBeInstanceOf(SpendGuardRefused);
      for (const property of ['$retryable', 'cause', '$response', 'statusCode'])
        expect(refusal).not.toHaveProperty(property);
    }
    expect(server.received).toEqual([]);
  });

  test.each([
    ['BUDGET_EXHAUSTED', 'softly', true, 'Try again, or ask for fewer tokens'],
    ['BUDGET_EXHAUSTED', 'for good', false, 'Ask for fewer tokens, or have the limit raised'],
  ])('%s %s says what to do', async (code, _, soft, advice) => {
    const { client, ledger } = await world();
    ledger.reserve = async () => ({ kind: 'refused', soft, retryAfterSeconds: 60, remaining: usd('0.02') });
    const refusal = await refusalOf(client.send(new ConverseCommand(ask())));
    expect(refusal).toMatchObject({ code, retryAfterSeconds: 60 });
    expect(refusal.message).toContain('$0.02');
    expect(refusal.message).toContain(advice);
  });

  test('RATE_LIMITED names the window and when to come back; nothing stays reserved', async () => {
    const { client, ledger } = await world({
      rateLimit: { admit: async () => ({ kind: 'refused', window: 'hour', retryAfterSeconds: 1_234 }) },
    });
    const refusal = await refusalOf(client.send(new ConverseCommand(ask())));
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1_234 });
    expect(refusal.message).toContain('500 requests of the hour');
    expect([ledger.active, ledger.spent]).toEqual([0, 0]);
  });

  test('requests are counted per send, not per attempt', async () => {
    const { client, asked } = await world();
    await client.send(new ConverseCommand(ask()));
    await client.send(new ConverseCommand(ask()));
    expect(asked.rate).toBe(2);
  });

  test.each([
    [
      'ApplyGuardrail',
      new ApplyGuardrailCommand({ guardrailIdentifier: 'g', guardrailVersion: '1', source: 'INPUT', content: [] }),
    ],
    [
      'StartAsyncInvoke',
      new StartAsyncInvokeCommand({
        modelId: SMALL,
        modelInput: {},
        outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket' } },
      }),
    ],
    [
      'InvokeModelWithBidirectionalStream',
      new InvokeModelWithBidirectionalStreamCommand({ modelId: SMALL, body: undefined }),
    ],
  ])('%s cannot be bounded: UNMETERED_OPERATION', async (name, command) => {
    const { client } = await world();
    const refusal = await refusalOf(client.send(command as never));
    expect(refusal.code).toBe('UNMETERED_OPERATION');
    expect(refusal.message).toContain(name);
    expect(server.received).toEqual([]);
  });

  test('a subclass of a command is still its operation: the schema says so, not the name', async () => {
    const { client, ledger } = await world();
    class ThinkAloudCommand extends ConverseCommand {}
    await client.send(new ThinkAloudCommand(ask()));
    expect(ledger.settled).toHaveLength(1);
  });

  test('counting tokens is free, and passes', async () => {
    const { client, ledger, asked } = await world();
    await client
      .send(new CountTokensCommand({ modelId: SMALL, input: { converse: { messages: [] } } }))
      .catch(() => {});
    expect(server.received.map(({ operation }) => operation)).toEqual(['CountTokens']);
    expect([ledger.reserved, asked.rate]).toEqual([[], 0]);
  });

  const image = { format: 'png' as const, source: { bytes: new Uint8Array(300) } };
  test.each<[string, Partial<ConverseCommandInput>, string]>([
    [
      'a model of another environment',
      { modelId: 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/other' },
      'none of the models of dev',
    ],
    [
      'a stored prompt',
      { modelId: 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1', promptVariables: { a: { text: 'b' } } },
      'a stored prompt',
    ],
    [
      'an ARN of another Region',
      { modelId: `arn:aws:bedrock:eu-west-1::foundation-model/${SMALL}` },
      'Region eu-west-1, not of us-east-1',
    ],
    ['the priority tier', { serviceTier: { type: 'priority' } }, "service tier 'priority'"],
    ['the latency that costs more', { performanceConfig: { latency: 'optimized' } }, "latency 'optimized'"],
    ['a guardrail', { guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' } }, 'guardrail'],
    ['an image', { messages: [{ role: 'user', content: [{ image }] }] }, 'mediaTokens.image'],
    [
      "a document in a tool's result",
      {
        messages: [
          {
            role: 'user',
            content: [
              {
                toolResult: {
                  toolUseId: 't',
                  content: [{ document: { format: 'pdf', name: 'd', source: { bytes: new Uint8Array(3) } } }],
                },
              },
            ],
          },
        ],
      },
      'mediaTokens.document',
    ],
    [
      'a tool that runs at the provider',
      { toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }] } },
      'systemTool',
    ],
    [
      'a tool of an MCP server that is added later',
      { messages: [{ role: 'user', content: [{ toolAddition: { tool: { name: 't', serverName: 'mcp' } } }] }] },
      "MCP server ('mcp')",
    ],
    [
      'a long context without a price',
      {
        additionalModelRequestFields: { anthropic_beta: ['context-1m-2025-08-07'] },
        system: [{ text: 'a'.repeat(200_000) }],
      },
      'context-1m',
    ],
    ['no tokens at all', { inferenceConfig: { maxTokens: 0 } }, 'limit of tokens is 0'],
  ])('UNKNOWN_PRICE: %s', async (_, more, text) => {
    const { client, ledger } = await world();
    const refusal = await refusalOf(client.send(new ConverseCommand(ask(more))));
    expect(refusal.code).toBe('UNKNOWN_PRICE');
    expect(refusal.message).toContain(text);
    expect(ledger.active).toBe(0);
    expect(server.received).toEqual([]);
  });

  test('the flex tier costs less than what is reserved, and passes', async () => {
    const { client } = await world();
    await client.send(new ConverseCommand(ask({ serviceTier: { type: 'flex' } })));
    expect(server.received).toHaveLength(1);
  });

  test('with tokens given for an image it is reserved by them, not by its bytes', async () => {
    const { client, ledger } = await world({ mediaTokens: { image: 5_000 } });
    const bytes = new Uint8Array(200_000);
    const messages = [{ role: 'user' as const, content: [{ image: { format: 'png' as const, source: { bytes } } }] }];
    await client.send(new ConverseCommand(ask({ messages, inferenceConfig: { maxTokens: 1 } })));
    expect(ledger.reserved[0]).toBeGreaterThanOrEqual(usd('0.005'));
    expect(ledger.reserved[0]).toBeLessThan(usd('0.006'));
  });

  test.each([
    ['no JSON', SMALL, 'not json'],
    ['a list', SMALL, '[]'],
  ])('UNKNOWN_PRICE: a body of InvokeModel that is %s', async (_, modelId, body) => {
    const { client } = await world();
    const refusal = await refusalOf(client.send(new InvokeModelCommand({ modelId, body })));
    expect(refusal.code).toBe('UNKNOWN_PRICE');
  });

  test.each([
    ['mcp_servers', { max_tokens: 5, mcp_servers: [] }],
    ['web search', { max_tokens: 5, tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['an image', { max_tokens: 5, messages: [{ role: 'user', content: [{ type: 'image', source: { data: 'aa' } }] }] }],
    ['a limit that is no number', { max_tokens: -1 }],
  ])('UNKNOWN_PRICE: InvokeModel with %s', async (_, body) => {
    const { client } = await world();
    const refusal = await refusalOf(
      client.send(new InvokeModelCommand({ modelId: CLAUDE, body: JSON.stringify(body) })),
    );
    expect(refusal.code).toBe('UNKNOWN_PRICE');
  });
});

describe('trap 54: what InvokeModel takes beside its body, as headers', () => {
  const body = JSON.stringify({ max_tokens: 5, messages: [] });
  const dear = [
    [{ serviceTier: 'priority' }, "service tier 'priority'"],
    [{ serviceTier: 'reserved' }, "service tier 'reserved'"],
    [{ performanceConfigLatency: 'optimized' }, "latency 'optimized'"],
    [{ guardrailIdentifier: 'g', guardrailVersion: '1' }, 'guardrail'],
  ] as const;

  test.each(dear)('UNKNOWN_PRICE: %j, as a whole and as a stream', async (more, text) => {
    const { client, ledger } = await world();
    const input = { modelId: CLAUDE, body, ...more };
    for (const command of [new InvokeModelCommand(input), new InvokeModelWithResponseStreamCommand(input)]) {
      const refusal = await refusalOf(client.send(command as InvokeModelCommand));
      expect(refusal.code).toBe('UNKNOWN_PRICE');
      expect(refusal.message).toContain(text);
    }
    expect([ledger.reserved, server.received]).toEqual([[], []]);
  });

  test('a guardrail that is left to the meter, the flex tier and the usual latency pass', async () => {
    const { client } = await world({ guardrails: 'allow' });
    for (const more of [
      { guardrailIdentifier: 'g', guardrailVersion: '1' },
      { serviceTier: 'flex', performanceConfigLatency: 'standard' },
    ] as const)
      await client.send(new InvokeModelCommand({ modelId: CLAUDE, body, ...more }));
    expect(server.received).toHaveLength(2);
  });

  test('a header that another middleware sets is seen as well', async () => {
    const { client } = await world();
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { headers: Record<string, string> };
        request.headers['X-Amzn-Bedrock-Service-Tier'] = 'priority';
        return next(args);
      },
      { step: 'build', name: 'tier' },
    );
    const refusal = await refusalOf(client.send(new InvokeModelCommand({ modelId: CLAUDE, body })));
    expect(refusal.message).toContain('priority');
    expect(server.received).toEqual([]);
  });
});

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
    const { client } = await world();
    later(client, (input) => ({ ...input, modelId: LARGE }));
    const refusal = await refusalOf(client.send(new ConverseCommand(ask())));
    expect(refusal.code).toBe('INPUT_CHANGED');
    expect(refusal.message).toContain(LARGE);
    expect(server.received).toEqual([]);
  });

  test.each(['/bedrock', '/a/b/', '/model'])('an endpoint below the path %s works', async (base) => {
    server = await bedrockServer(() => converseReply({ input: 10, output: 20 }));
    const { client, ledger } = guarded(`${server.endpoint}${base}`);
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
    const { client } = await world();
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
    const { client } = await world();
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
    const { client, ledger } = await world();
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

describe("the guard's state", () => {
  const NOW = Date.UTC(2026, 10, 10);

  test('stopped: refused, without a request or a reservation', async () => {
    const { client, ledger } = await world({ now: () => NOW, meter: () => openStatus(NOW, { desired: 'stopped' }) });
    const refusal = await refusalOf(client.send(new ConverseCommand(ask())));
    expect(refusal.code).toBe('STOPPED');
    expect(refusal.message).toContain('spend-guard resume');
    expect([server.received, ledger.reserved]).toEqual([[], []]);
  });

  test('degraded: small models are called, large ones refused', async () => {
    const { client } = await world({ now: () => NOW, meter: () => openStatus(NOW, { desired: 'degraded' }) });
    await client.send(new ConverseCommand(ask()));
    const refusal = await refusalOf(client.send(new ConverseCommand(ask({ modelId: LARGE }))));
    expect(refusal.code).toBe('DEGRADED');
    expect(refusal.message).toContain(SMALL);
    const invoke = new InvokeModelCommand({ modelId: LARGE, body: '{}' });
    expect((await refusalOf(client.send(invoke))).code).toBe('DEGRADED');
    expect(server.received).toHaveLength(1);
  });

  test('degraded, and the caller allows it: a small model answers for the large one, never for InvokeModel', async () => {
    const { client } = await world({
      now: () => NOW,
      meter: () => openStatus(NOW, { desired: 'degraded' }),
      allowSmaller: true,
    });
    await client.send(new ConverseCommand(ask({ modelId: LARGE })));
    expect(server.received[0]!.modelId).toBe(CONFIG.models[0]!.profile);
    const invoke = new InvokeModelCommand({ modelId: LARGE, body: '{}' });
    expect((await refusalOf(client.send(invoke))).code).toBe('DEGRADED');
  });

  test('the status is read once in 30 seconds, by all calls together', async () => {
    let now = NOW;
    const { client, asked } = await world({ now: () => now });
    await Promise.all([1, 2, 3].map(() => client.send(new ConverseCommand(ask()))));
    now += 29_999;
    await client.send(new ConverseCommand(ask()));
    expect(asked.status).toBe(1);
    now += 1;
    await client.send(new ConverseCommand(ask()));
    expect(asked.status).toBe(2);
  });

  test.each([
    [600_000, 'sent'],
    [600_001, 'GUARD_UNAVAILABLE'],
  ])("the meter's word is gone by for 10 minutes: at %i ms %s", async (age, outcome) => {
    const { client } = await world({ now: () => NOW, meter: () => openStatus(NOW - age) });
    const sent = client.send(new ConverseCommand(ask()));
    if (outcome === 'sent') await sent;
    else expect((await refusalOf(sent)).code).toBe(outcome);
  });

  test('before the meter has written at all, the fail mode applies', async () => {
    const { client } = await world({ now: () => NOW, meter: () => undefined });
    expect((await refusalOf(client.send(new ConverseStreamCommand(ask())))).code).toBe('GUARD_UNAVAILABLE');
  });
});
