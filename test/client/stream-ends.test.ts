import { describe, expect, test } from '@jest/globals';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { converseEvents } from '../helpers/bedrock-server';
import { cost } from '../helpers/guarded-client';
import { ask, guardedWorlds } from '../helpers/guarded-server';
import { soon } from '../helpers/soon';

const world = guardedWorlds();

describe('how a stream ends', () => {
  const full = (ledger: { reserved: readonly number[] }) => [{ amount: ledger.reserved[0], spent: ledger.reserved[0] }];

  test.each(['h1', 'h2'] as const)(
    'trap T3: a reader who breaks off over %s leaves no connection open',
    async (protocol) => {
      const { client, ledger, server } = await world(
        { events: converseEvents(undefined, ['a', 'b', 'c']), finally: 'stall' },
        { protocol },
      );
      const { stream } = await client.send(new ConverseStreamCommand(ask()));
      for await (const event of stream!) if (event.contentBlockDelta) break;
      await soon(() => server.open() === 0 && ledger.settled.length === 1);
      expect(ledger.settled).toEqual(full(ledger));
    },
  );

  test('with `drain` a reader who breaks off is charged what was used', async () => {
    const { client, ledger } = await world(
      { events: converseEvents({ input: 10, output: 20 }), everyMs: 5 },
      { earlyExit: { drainMs: 2_000 } },
    );
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    for await (const event of stream!) if (event.contentBlockDelta) break;
    await soon(() => ledger.settled.length === 1);
    expect(ledger.settled[0]!.spent).toBe(cost({ input: 10, output: 20 }));
  });

  test('with `drain` a stream that goes on for longer is charged in full, and closed', async () => {
    const { client, ledger, server } = await world(
      { events: converseEvents(undefined), finally: 'stall' },
      { earlyExit: { drainMs: 20 } },
    );
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    for await (const event of stream!) if (event.contentBlockDelta) break;
    await soon(() => server.open() === 0 && ledger.settled.length === 1);
    expect(ledger.settled).toEqual(full(ledger));
  });

  test.each(['h1', 'h2'] as const)(
    'trap T4: a reset over %s is charged in full, whether the loop fails or ends',
    async (protocol) => {
      const { client, ledger } = await world({ events: converseEvents(undefined), finally: 'reset' }, { protocol });
      const { stream } = await client.send(new ConverseStreamCommand(ask()));
      const read = (async () => {
        for await (const event of stream!) void event;
      })();
      if (protocol === 'h1') await expect(read).rejects.toThrow();
      else await read.catch(() => {});
      expect(ledger.settled).toEqual(full(ledger));
      expect(ledger.active).toBe(0);
    },
  );

  test('an exception event reaches the reader, and is charged in full once', async () => {
    const { client, ledger } = await world({
      events: [...converseEvents(undefined).slice(0, 2), ['modelStreamErrorException', { message: 'broken' }]],
    });
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    await expect(
      (async () => {
        for await (const event of stream!) void event;
      })(),
    ).rejects.toThrow('broken');
    expect(ledger.settled).toEqual(full(ledger));
  });

  test('an abort is charged in full, once', async () => {
    const { client, ledger } = await world({ events: converseEvents(undefined), finally: 'stall' });
    const abort = new AbortController();
    const { stream } = await client.send(new ConverseStreamCommand(ask()), { abortSignal: abort.signal });
    const read = (async () => {
      for await (const event of stream!) if (event.contentBlockStop) abort.abort();
    })();
    await read.catch(() => {});
    await soon(() => ledger.settled.length === 1);
    expect(ledger.settled).toEqual(full(ledger));
  });

  test('one that is never read is charged in full at its deadline, and closed', async () => {
    const { client, ledger, server } = await world(
      { events: converseEvents(undefined), finally: 'stall' },
      { streamDeadlineMs: 40 },
    );
    await client.send(new ConverseStreamCommand(ask()));
    expect(ledger.active).toBe(1);
    await soon(() => server.open() === 0 && ledger.settled.length === 1);
    expect(ledger.settled).toEqual(full(ledger));
  });

  test('a slow reader holds the provider back: no event is read before it is asked for', async () => {
    const many = converseEvents(
      { input: 1, output: 1 },
      Array.from({ length: 3_000 }, () => 'x'.repeat(1_000)),
    );
    const { client, ledger } = await world({ events: many });
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    const it = stream![Symbol.asyncIterator]();
    await it.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ledger.settled).toEqual([]);
    for (let step = await it.next(); step.done !== true; step = await it.next()) void step;
    expect(ledger.settled).toHaveLength(1);
  });
});
