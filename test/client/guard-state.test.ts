import { describe, expect, test } from '@jest/globals';
import { ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { converseReply } from '../helpers/bedrock-server';
import { CONFIG, LARGE, openStatus, SMALL, type GuardedOptions } from '../helpers/guarded-client';
import { ask, guardedWorlds } from '../helpers/guarded-server';
import { refusalOf } from '../helpers/refused';

const worlds = guardedWorlds();
const world = (options: GuardedOptions = {}) => worlds(converseReply({ input: 10, output: 20 }), options);

describe("the guard's state", () => {
  const NOW = Date.UTC(2026, 10, 10);

  test('stopped: refused, without a request or a reservation', async () => {
    const { client, ledger, server } = await world({
      now: () => NOW,
      meter: () => openStatus(NOW, { desired: 'stopped' }),
    });
    const refusal = await refusalOf(client.send(new ConverseCommand(ask())));
    expect(refusal.code).toBe('STOPPED');
    expect(refusal.message).toContain('spend-guard resume');
    expect([server.received, ledger.reserved]).toEqual([[], []]);
  });

  test('degraded: small models are called, large ones refused', async () => {
    const { client, server } = await world({ now: () => NOW, meter: () => openStatus(NOW, { desired: 'degraded' }) });
    await client.send(new ConverseCommand(ask()));
    const refusal = await refusalOf(client.send(new ConverseCommand(ask({ modelId: LARGE }))));
    expect(refusal.code).toBe('DEGRADED');
    expect(refusal.message).toContain(SMALL);
    const invoke = new InvokeModelCommand({ modelId: LARGE, body: '{}' });
    expect((await refusalOf(client.send(invoke))).code).toBe('DEGRADED');
    expect(server.received).toHaveLength(1);
  });

  test('degraded, and the caller allows it: a small model answers for the large one, never for InvokeModel', async () => {
    const { client, server } = await world({
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
