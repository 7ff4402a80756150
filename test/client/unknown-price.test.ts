import { describe, expect, test } from '@jest/globals';
import {
  ConverseCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { usd } from '../../core/money';
import { converseReply } from '../helpers/bedrock-server';
import { CLAUDE, SMALL, type GuardedOptions } from '../helpers/guarded-client';
import { ask, guardedWorlds } from '../helpers/guarded-server';
import { refusalOf } from '../helpers/refused';

const worlds = guardedWorlds();
const world = (options: GuardedOptions = {}) => worlds(converseReply({ input: 10, output: 20 }), options);

describe('a price that nobody knows', () => {
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
    const { client, ledger, server } = await world();
    const refusal = await refusalOf(client.send(new ConverseCommand(ask(more))));
    expect(refusal.code).toBe('UNKNOWN_PRICE');
    expect(refusal.message).toContain(text);
    expect(ledger.active).toBe(0);
    expect(server.received).toEqual([]);
  });

  test('the flex tier costs less than what is reserved, and passes', async () => {
    const { client, server } = await world();
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
    const { client, ledger, server } = await world();
    const input = { modelId: CLAUDE, body, ...more };
    for (const command of [new InvokeModelCommand(input), new InvokeModelWithResponseStreamCommand(input)]) {
      const refusal = await refusalOf(client.send(command as InvokeModelCommand));
      expect(refusal.code).toBe('UNKNOWN_PRICE');
      expect(refusal.message).toContain(text);
    }
    expect([ledger.reserved, server.received]).toEqual([[], []]);
  });

  test('a guardrail that is left to the meter, the flex tier and the usual latency pass', async () => {
    const { client, server } = await world({ guardrails: 'allow' });
    for (const more of [
      { guardrailIdentifier: 'g', guardrailVersion: '1' },
      { serviceTier: 'flex', performanceConfigLatency: 'standard' },
    ] as const)
      await client.send(new InvokeModelCommand({ modelId: CLAUDE, body, ...more }));
    expect(server.received).toHaveLength(2);
  });

  test('a header that another middleware sets is seen as well', async () => {
    const { client, server } = await world();
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
