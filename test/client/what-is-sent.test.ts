import { describe, expect, test } from '@jest/globals';
import { ConverseCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { converseReply, invokeReply } from '../helpers/bedrock-server';
import { CLAUDE, cost, PROFILE, SMALL } from '../helpers/guarded-client';
import { ask, guardedWorlds } from '../helpers/guarded-server';

const world = guardedWorlds();

describe('what is sent', () => {
  test("the environment's own profile, and a limit of tokens where the caller set none", async () => {
    const { client, server } = await world(converseReply({ input: 1, output: 1 }));
    const command = new ConverseCommand(ask());
    await client.send(command);
    expect(server.received[0]).toMatchObject({ modelId: PROFILE, body: { inferenceConfig: { maxTokens: 1_000 } } });
    // Trap T15: the command is the caller's, to be sent again as it was.
    expect(command.input).toEqual(ask());
  });

  test("the caller's own limit is kept", async () => {
    const { client, server } = await world(converseReply({ input: 1, output: 1 }));
    await client.send(new ConverseCommand(ask({ inferenceConfig: { maxTokens: 77 } })));
    expect(server.received[0]!.body).toMatchObject({ inferenceConfig: { maxTokens: 77 } });
  });

  test("InvokeModel gets its limit in the words of the model's family", async () => {
    const { client, server } = await world(invokeReply({ input: 1, output: 1 }));
    await client.send(new InvokeModelCommand({ modelId: SMALL, body: JSON.stringify({ messages: [] }) }));
    await client.send(new InvokeModelCommand({ modelId: CLAUDE, body: JSON.stringify({ messages: [] }) }));
    expect(server.received.map(({ body }) => body)).toEqual([
      { messages: [], inferenceConfig: { maxTokens: 1_000 } },
      { messages: [], max_tokens: 1_000 },
    ]);
  });

  test('a missing maxTokens reserves what the default allows, not the whole budget', async () => {
    const { client, ledger } = await world(converseReply({ input: 1, output: 1 }));
    await client.send(new ConverseCommand(ask()));
    expect(ledger.reserved[0]).toBeLessThan(cost({ input: 1_000, output: 1_000 }));
    expect(ledger.reserved[0]).toBeGreaterThanOrEqual(cost({ output: 1_000 }));
  });
});
