import { describe, expect, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { dynamoDbAnswers } from '../../../client/adapters/dynamodb-answers';
import type { AnswersPort } from '../../../core/ledger/ports';
import { converseReply } from '../../helpers/bedrock-server';
import { DynamoDbFake } from '../../helpers/dynamodb-fake';
import type { GuardedOptions } from '../../helpers/guarded-client';
import { guardedWorlds } from '../../helpers/guarded-server';
import { config, NOW, question, tokens } from './cached';

const world = guardedWorlds({ config });

describe('a store that processes share', () => {
  test('has the answer of another process', async () => {
    const documents = new DynamoDbFake(() => NOW).documents;
    const options = (): GuardedOptions => ({
      answers: dynamoDbAnswers({ tableName: 'answers', documents }),
      now: () => NOW,
    });
    const one = await world(converseReply(tokens), options());
    await one.client.send(new ConverseCommand(question()));
    const two = await world(converseReply(tokens), { ...options(), server: one.server });
    const answer = await two.client.send(new ConverseCommand(question()));
    expect(answer.output!.message!.content).toEqual([{ text: 'yes' }]);
    expect(one.server.received).toHaveLength(1);
  });

  test.each<[string, AnswersPort]>([
    ['fails', { get: () => Promise.reject(new Error('away')), put: () => Promise.reject(new Error('away')) }],
    [
      'has what this release cannot read',
      { get: async () => ({ answer: Buffer.from('?'), expiresAt: NOW + 1 }), put: async () => {} },
    ],
    ['has what has expired', { get: async () => ({ answer: Buffer.from('?'), expiresAt: NOW }), put: async () => {} }],
  ])('that %s costs a request, never a call', async (_, answers) => {
    const { client, server } = await world(converseReply(tokens), { answers, now: () => NOW });
    await client.send(new ConverseCommand(question()));
    expect(server.received).toHaveLength(1);
  });

  test('is not given what does not fit into an item', async () => {
    const fake = new DynamoDbFake();
    const store = dynamoDbAnswers({ tableName: 'answers', documents: fake.documents });
    await store.put('large', new Uint8Array(390_001), NOW);
    await store.put('fits', new Uint8Array(390_000), NOW);
    expect([...fake.items.keys()].map((key) => /large|fits/.exec(key)?.[0])).toEqual(['fits']);
  });
});
