import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, ScanCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import {
  CALLER_PARTITIONS,
  CALLER_SORT_KEY,
  type CallerItem,
  callerItem,
  type CallerKeysPort,
  callerPartition,
  type ListedCaller,
  readCaller,
  withoutHash,
} from '../../../core/callers';
import { GuardError } from '../../../core/errors';
import { timeout } from '../pace';
import { calling, serviceError } from '../service-error';

const REQUEST_MS = 5_000;

type Write = NonNullable<TransactWriteCommand['input']['TransactItems']>[number];

/** What was done to a key, as it is audited. */
interface Done {
  readonly kind: 'caller-added' | 'caller-revoked';
  readonly id: string;
  readonly by: string;
  readonly at: number;
}

/** Items `CALLER#<id>` / `CALLER` of the leases table, which callers only read, and what was done to them in the state table. */
export function callerKeys(
  { leases, state }: { readonly leases: string; readonly state: string },
  documents = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 2 })),
): CallerKeysPort {
  const keyOf = (id: string) => ({ pk: callerPartition(id), sk: CALLER_SORT_KEY });

  /** False where what is written was not as it had to be. */
  const audited = async (write: Write, done: Done): Promise<boolean> => {
    const { kind, id, at } = done;
    const sk = `${new Date(at).toISOString()}#${kind}#${id}`;
    const Item = { pk: 'audit', sk, schemaVersion: 1, ...done };
    const audit = { Put: { TableName: state, Item, ConditionExpression: 'attribute_not_exists(pk)' } };
    const command = new TransactWriteCommand({ TransactItems: [write, audit] });
    try {
      await documents.send(command, { abortSignal: timeout(2 * REQUEST_MS) });
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw serviceError(error);
      const [ofKey, ofAudit] = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      if (ofKey === 'ConditionalCheckFailed') return false;
      if ([ofKey, ofAudit].some((code) => code === 'TransactionConflict' || code === 'ConditionalCheckFailed')) {
        throw new GuardError(
          'STATE_CONFLICT',
          `somebody else changes key ${id} at this moment: give the command again`,
        );
      }
      throw serviceError(error);
    }
  };

  return {
    async add(caller) {
      const Item = callerItem(caller);
      const write = { Put: { TableName: leases, Item, ConditionExpression: 'attribute_not_exists(pk)' } };
      const { id, budget, person, name, expiresAt, createdBy: by, createdAt: at } = caller;
      const given = { budget, person, ...(name === undefined ? {} : { name }), until: expiresAt };
      if (await audited(write, { kind: 'caller-added', id, ...given, by, at })) return;
      throw new GuardError('STATE_CONFLICT', `there is a key ${id} already, and nothing was written: add one again`);
    },

    async list() {
      const found: ListedCaller[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const command = new ScanCommand({
          TableName: leases,
          FilterExpression: 'begins_with(pk, :callers)',
          ExpressionAttributeValues: { ':callers': CALLER_PARTITIONS },
          ConsistentRead: true,
          ...(from ? { ExclusiveStartKey: from } : {}),
        });
        const page = await calling(() => documents.send(command, { abortSignal: timeout(REQUEST_MS) }));
        for (const item of page.Items ?? []) found.push(listed(item));
        from = page.LastEvaluatedKey;
      } while (from);
      return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },

    async revoke(id, by, at) {
      const write = {
        Update: {
          TableName: leases,
          Key: keyOf(id),
          UpdateExpression: 'SET revokedAt = :at, revokedBy = :by',
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)',
          ExpressionAttributeValues: { ':at': at, ':by': by },
        },
      };
      if (await audited(write, { kind: 'caller-revoked', id, by, at })) return 'revoked';
      const command = new GetCommand({ TableName: leases, Key: keyOf(id), ConsistentRead: true });
      const { Item } = await calling(() => documents.send(command, { abortSignal: timeout(REQUEST_MS) }));
      return Item === undefined ? 'none' : 'already';
    },
  };
}

function listed(item: CallerItem): ListedCaller {
  const read = readCaller(item);
  return {
    id: String(item['pk']).slice(CALLER_PARTITIONS.length),
    caller: read.kind === 'known' ? { kind: 'known', value: withoutHash(read.value) } : read,
  };
}
