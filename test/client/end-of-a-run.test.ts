import { describe, expect, test } from '@jest/globals';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttp2Handler } from '@smithy/node-http-handler';
import { converseEvents } from '../helpers/bedrock-server';
import { PROFILE } from '../helpers/guarded-client';
import { refusalOf } from '../helpers/refused';
import { ask, clientOf, COST, figures, TOKENS, world } from './run-world';

describe('the end of a run', () => {
  test('closes nothing of the guard, and no call more is made in it or within it', async () => {
    const all = await world();
    const run = all.guard.run({ limitUsd: 1 });
    const inner = run.run({ limitUsd: 1 }).applyTo(clientOf(all));
    await run.close();
    const refusal = await refusalOf(inner.send(ask()));
    expect(refusal).toMatchObject({ code: 'RUN_EXHAUSTED', retryAfterSeconds: undefined });
    expect(refusal.message).toContain('a run that this one is within is closed: begin another');
    await all.client.send(ask());
    expect([all.ledger.closed, all.ledger.settled.length]).toEqual([0, 1]);
  });

  test('what is in flight is settled as ever', async () => {
    const all = await world({}, { events: converseEvents(TOKENS) });
    const run = all.guard.run({ limitUsd: 1 });
    const { stream } = await run.applyTo(clientOf(all)).send(new ConverseStreamCommand(ask().input));
    await run.close();
    for await (const _ of stream!);
    expect(figures(run)[0]).toBe(COST);
  });

  test('only then another guard may take its place on a client: calls would pass beside the run', async () => {
    const all = await world();
    const run = all.guard.run({ limitUsd: 1 });
    const client = run.applyTo(clientOf(all));
    for (const other of [all.guard, all.guard.run({ limitUsd: 1 })]) {
      expect(() => other.applyTo(client)).toThrow('count in a run already');
    }
    run.applyTo(client);
    const inner = run.run({ limitUsd: 1 });
    inner.applyTo(client);
    await client.send(ask());
    expect([figures(inner)[0], figures(run)[0]]).toEqual([COST, COST]);
    await run.close();
    all.guard.applyTo(client);
    await client.send(ask());
    expect([figures(run)[0], all.ledger.spent]).toEqual([COST, 2 * COST]);
  });
});

describe('clients that sign by themselves', () => {
  test('a run that is exhausted answers 402, which the SDK does not repeat', async () => {
    const all = await world();
    const run = all.guard.run({ limitUsd: 0.000001 });
    let handled = 0;
    const inner = run.requestHandler(new NodeHttp2Handler());
    const counting = {
      handle: (...args: Parameters<NodeHttp2Handler['handle']>) => {
        handled += 1;
        return inner.handle(...args);
      },
    };
    const client = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: all.server.endpoint,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      maxAttempts: 3,
      requestHandler: counting,
    });
    const command = new ConverseCommand({ ...ask().input, modelId: PROFILE });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'SpendGuardRefused',
      $metadata: { httpStatusCode: 402, attempts: 1 },
    });
    expect([handled, all.server.received]).toEqual([1, []]);
  });
});
