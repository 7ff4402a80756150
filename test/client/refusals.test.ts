import { describe, expect, test } from '@jest/globals';
import {
  ApplyGuardrailCommand,
  ConverseCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithBidirectionalStreamCommand,
  StartAsyncInvokeCommand,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { SpendGuardRefused } from '../../client/refusal';
import { nanoUsd, usd } from '../../core/money';
import { CLAUDE, SMALL } from '../helpers/guarded-client';
import { server, world, ask, refusalOf } from './refusing';

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
