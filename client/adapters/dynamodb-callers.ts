import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CALLER_SORT_KEY, callerPartition, type CallersPort, readCaller } from '../../core/callers';
import { budgetedDocuments, inTime } from './dynamodb-documents';

export interface DynamoDbCallersOptions {
  /** The environment's leases table. */
  readonly tableName: string;
  /** @default - one with timeouts and retries that fit into `timeoutMs` */
  readonly documents?: DynamoDBDocumentClient;
  /** @default 1300: whoever waits for it has a call to make yet */
  readonly timeoutMs?: number;
}

/** Items `CALLER#<id>` / `CALLER`, which people write by the CLI. Read consistently: a key that was revoked is not seen again. */
export function dynamoDbCallers({
  tableName: TableName,
  documents = budgetedDocuments(),
  timeoutMs: ms = 1300,
}: DynamoDbCallersOptions): CallersPort {
  return {
    async find(id) {
      const Key = { pk: callerPartition(id), sk: CALLER_SORT_KEY };
      const command = new GetCommand({ TableName, Key, ConsistentRead: true });
      const { Item } = await inTime(TableName, (abortSignal) => documents.send(command, { abortSignal }), { ms });
      return Item === undefined ? { kind: 'known', value: undefined } : readCaller(Item);
    },
  };
}
