import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AnswersPort } from '../../core/ledger';
import { budgetedDocuments, inTime } from './dynamodb-documents';

export interface DynamoDbAnswersOptions {
  /** A table of the user's own: string keys `pk` and `sk`, TTL attribute `expiresAt`. It holds answers of models, and no prompts. */
  readonly tableName: string;
  /** @default - one with short timeouts */
  readonly documents?: DynamoDBDocumentClient;
  /** @default 500: a store that is slower than that is not worth the wait */
  readonly timeoutMs?: number;
}

/** An item of DynamoDB has at most 400 KB, its names included. */
const LARGEST = 390_000;

/** Answers shared by processes. Those that do not fit into an item stay with the process that has them. */
export function dynamoDbAnswers({
  tableName: TableName,
  documents = budgetedDocuments(),
  timeoutMs: ms = 500,
}: DynamoDbAnswersOptions): AnswersPort {
  return {
    async get(key) {
      const command = new GetCommand({ TableName, Key: keyOf(key) });
      const { Item } = await inTime(TableName, (abortSignal) => documents.send(command, { abortSignal }), { ms });
      const answer: unknown = Item?.['answer'];
      const expiresAt: unknown = Item?.['expiresAt'];
      // DynamoDB deletes what has expired within days: until then it is still there.
      return answer instanceof Uint8Array && typeof expiresAt === 'number'
        ? { answer, expiresAt: expiresAt * 1_000 }
        : undefined;
    },
    async put(key, answer, expiresAt) {
      if (answer.length > LARGEST) return;
      const Item = { ...keyOf(key), schemaVersion: 1, answer, expiresAt: Math.floor(expiresAt / 1_000) };
      const command = new PutCommand({ TableName, Item });
      await inTime(TableName, (abortSignal) => documents.send(command, { abortSignal }), { ms });
    },
  };
}

function keyOf(key: string) {
  return { pk: `ANSWER#${key}`, sk: 'ANSWER' };
}
