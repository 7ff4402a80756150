import { describe, expect, jest, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { converseReply, failure } from '../helpers/bedrock-server';
import { cost } from '../helpers/guarded-client';
import { ask, guardedWorlds } from '../helpers/guarded-server';

const world = guardedWorlds();

describe('attempts', () => {
  jest.setTimeout(20_000);

  test('trap T8: an attempt that failed inside is charged in full, and the next reserves again', async () => {
    const { client, ledger, server } = await world(
      (_, index) => (index === 0 ? failure(500, 'InternalServerException') : converseReply({ input: 10, output: 20 })),
      { client: { maxAttempts: 3 } },
    );
    await client.send(new ConverseCommand(ask()));
    expect(server.received).toHaveLength(2);
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([ledger.reserved[0], cost({ input: 10, output: 20 })]);
  });

  test('trap T8: a timeout may have been billed', async () => {
    const { client, ledger } = await world(
      { hang: true },
      {
        protocol: 'h1',
        client: {
          maxAttempts: 1,
          requestHandler: new NodeHttpHandler({ requestTimeout: 30, throwOnRequestTimeout: true }),
        },
      },
    );
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow();
    expect(ledger.settled).toEqual([{ amount: ledger.reserved[0], spent: ledger.reserved[0] }]);
  });

  test('a throttle hands its reservation to the next attempt', async () => {
    const { client, ledger, server } = await world(
      (_, index) => (index === 0 ? failure(429, 'ThrottlingException') : converseReply({ input: 10, output: 20 })),
      { client: { maxAttempts: 2 } },
    );
    await client.send(new ConverseCommand(ask()));
    expect(server.received).toHaveLength(2);
    expect(ledger.reserved).toHaveLength(1);
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([cost({ input: 10, output: 20 })]);
  });

  test.each([
    ['a refused request', failure(400, 'ValidationException')],
    ['a denied one', failure(403, 'AccessDeniedException')],
    ['a throttled one', failure(429, 'ThrottlingException')],
  ])('%s costs nothing', async (_, reply) => {
    const { client, ledger } = await world(reply);
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow();
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([0]);
  });

  test.each([
    ['408', failure(408, 'ModelTimeoutException')],
    ['424', failure(424, 'ModelErrorException')],
    ['500', failure(500, 'InternalServerException')],
  ])('a %s may have been billed, and is charged in full', async (_, reply) => {
    const { client, ledger } = await world(reply);
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow();
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([ledger.reserved[0]]);
  });

  test('a connection that nobody takes costs nothing; one that is cut off may have', async () => {
    const { client, ledger, server } = await world({ reset: true }, { protocol: 'h1' });
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow();
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([ledger.reserved[0]]);
    await server.stop();
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow('ECONNREFUSED');
    expect(ledger.settled[1]!.spent).toBe(0);
  });

  test('without credentials nothing was sent, reserved or spent', async () => {
    const { client, ledger, server } = await world(converseReply({ input: 1, output: 1 }), {
      client: { credentials: () => Promise.reject(new Error('no credentials')) },
    });
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow('no credentials');
    expect(server.received).toEqual([]);
    expect(ledger.active).toBe(0);
  });
});
