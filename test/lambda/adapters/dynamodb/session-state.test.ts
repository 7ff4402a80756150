import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { sessionState } from '../../../../lambda/adapters/dynamodb/session-state';

describe('sessions', () => {
  const documents = mockClient(DynamoDBDocumentClient);
  mockClient(DynamoDBClient);
  beforeEach(() => documents.reset());

  test('sessions', async () => {
    documents.on(PutCommand).resolves({});
    await sessionState('t').put({ id: 'a', untilMs: 1500, by: 'ana' });
    const item = { pk: 'session', sk: 'a', schemaVersion: 1, untilMs: 1500, by: 'ana', expiresAt: 2 };
    expect(documents.commandCalls(PutCommand)[0]!.args[0].input.Item).toEqual(item);
    documents
      .on(QueryCommand)
      .resolvesOnce({ Items: [item] })
      .resolves({ Items: [{ sk: 'b', until: 'noon' }] });
    expect(await sessionState('t').list()).toEqual([{ id: 'a', untilMs: 1500, by: 'ana' }]);
    await expect(sessionState('t').list()).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});
