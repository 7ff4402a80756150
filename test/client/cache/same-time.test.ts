import { describe, expect, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { converseReply, failure } from '../../helpers/bedrock-server';
import { guardedWorlds } from '../../helpers/guarded-server';
import { config, question, tokens } from './cached';

const world = guardedWorlds({ config });

describe('the same question asked at the same time', () => {
  test('is one request, one reservation and one count', async () => {
    const { client, server, ledger, asked } = await world(converseReply(tokens));
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.send(new ConverseCommand(question()))));
    expect([server.received.length, ledger.reserved.length, asked.rate]).toEqual([1, 1, 1]);
    expect(new Set(answers.map(({ output }) => output)).size).toBe(20);
  });

  test('where the first fails, each of the others asks for itself, at once', async () => {
    const { client, server } = await world((_, index) =>
      index === 0 ? failure(400, 'ValidationException') : converseReply(tokens),
    );
    const sent = await Promise.allSettled(
      Array.from({ length: 5 }, () => client.send(new ConverseCommand(question()))),
    );
    expect(sent.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(server.received).toHaveLength(5);
  });

  test('one who gives up leaves the others waiting, and the first who gives up does not end theirs', async () => {
    const { client, server } = await world((_, index) => (index === 0 ? { hang: true } : converseReply(tokens)));
    const aborts = [1, 2, 3].map(() => new AbortController());
    const sent = aborts.map(({ signal }) => client.send(new ConverseCommand(question()), { abortSignal: signal }));
    const settled = Promise.allSettled(sent);
    while (server.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    aborts[1]!.abort();
    await expect(sent[1]).rejects.toThrow();
    aborts[0]!.abort();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });
});
