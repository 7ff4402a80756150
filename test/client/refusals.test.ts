import { describe, expect, test } from '@jest/globals';
import {
  ApplyGuardrailCommand,
  ConverseCommand,
  CountTokensCommand,
  InvokeModelWithBidirectionalStreamCommand,
  StartAsyncInvokeCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { SpendGuardRefused } from '../../client/refusal';
import { nanoUsd, usd } from '../../core/money';
import { converseReply } from '../helpers/bedrock-server';
import { SMALL, type GuardedOptions } from '../helpers/guarded-client';
import { ask, guardedWorlds } from '../helpers/guarded-server';
import { refusalOf } from '../helpers/refused';

const worlds = guardedWorlds();
const world = (options: GuardedOptions = {}) => worlds(converseReply({ input: 10, output: 20 }), options);

describe('refusals', () => {
  test('traps T1 and T2: refused before the retries or inside of them, the SDK makes no second attempt', async () => {
    const { client, ledger, asked, server } = await world({ client: { maxAttempts: 5 } });
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
    const { client, server } = await world();
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
    const { client, ledger, asked, server } = await world();
    await client
      .send(new CountTokensCommand({ modelId: SMALL, input: { converse: { messages: [] } } }))
      .catch(() => {});
    expect(server.received.map(({ operation }) => operation)).toEqual(['CountTokens']);
    expect([ledger.reserved, asked.rate]).toEqual([[], 0]);
  });
});
