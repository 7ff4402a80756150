import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { DAY_MS } from '../../../core/calendar';
import { GuardError } from '../../../core/errors';
import {
  type AccountItems,
  BRAKE_KEY,
  type BrakeRecord,
  type BrakeStatePort,
  type OrganizationStatePort,
  type StandingsPort,
  type StoredStanding,
} from '../../../core/organization';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling, serviceError } from '../service-error';
import { brakeShape, lookedShape, standingShape } from './organization-shapes';
import { putReplacing } from './replacing';

const REQUEST_MS = 10_000;
const ACCOUNT = 'ACCOUNT#';
const STANDING = 'STANDING#';
const LOOKED = { pk: 'HUB', sk: BRAKE_KEY } as const;
/** An environment that is gone for good is named as silent for so long. */
const STANDING_KEPT_MS = 62 * DAY_MS;

type Item = Readonly<Record<string, unknown>>;
interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Items `pk` = `ACCOUNT#<account>`, `sk` = `STANDING#<environment>` or `BRAKE`; and `HUB`/`BRAKE`. */
export function organizationState(
  TableName: string,
  client = new DynamoDBClient({}),
): OrganizationStatePort & StandingsPort & BrakeStatePort {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const inTime = () => ({ abortSignal: timeout(REQUEST_MS) });

  return {
    async account(account) {
      const items = await pages((ExclusiveStartKey) =>
        documents.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'pk = :account',
            ExpressionAttributeValues: { ':account': `${ACCOUNT}${account}` },
            ConsistentRead: true,
            ExclusiveStartKey,
          }),
          inTime(),
        ),
      );
      return itemsOf(account, items);
    },

    async all() {
      const items = await pages((ExclusiveStartKey) =>
        documents.send(new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey }), inTime()),
      );
      const byAccount = new Map<string, Item[]>();
      for (const item of items) {
        const pk = String(item['pk']);
        const found = byAccount.get(pk);
        if (found === undefined) byAccount.set(pk, [item]);
        else found.push(item);
      }
      return [...byAccount]
        .filter(([pk]) => pk.startsWith(ACCOUNT))
        .map(([pk, found]) => itemsOf(pk.slice(ACCOUNT.length), found))
        .toSorted((a, b) => (a.account < b.account ? -1 : 1));
    },

    async saveStanding(stored, replaces) {
      const { account, standing, heardAt } = stored;
      const key = { pk: `${ACCOUNT}${account}`, sk: `${STANDING}${standing.environment}` };
      const expiresAt = Math.ceil((heardAt + STANDING_KEPT_MS) / 1000);
      // `at` again as an attribute of its own, for the condition.
      const Item = { ...key, schemaVersion: 1, ...stored, at: standing.at, expiresAt };
      const condition =
        replaces === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: '#at = :replaces',
              ExpressionAttributeNames: { '#at': 'at' },
              ExpressionAttributeValues: { ':replaces': replaces },
            };
      try {
        await documents.send(new PutCommand({ TableName, Item, ...condition }), inTime());
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw serviceError(error);
        throw new GuardError('STATE_CONFLICT', `another run replaced ${key.pk}/${key.sk} first`);
      }
    },

    async saveBrake(record, replaces) {
      const item = { pk: `${ACCOUNT}${record.account}`, sk: BRAKE_KEY, ...record };
      await putReplacing(item, { documents, tableName: TableName, replaces }, inTime());
    },

    async looked() {
      const { Item } = await calling(() =>
        documents.send(new GetCommand({ TableName, Key: { ...LOOKED }, ConsistentRead: true }), inTime()),
      );
      if (Item === undefined) return undefined;
      const parsed = lookedShape.safeParse(Item);
      if (!parsed.success) {
        throw new GuardError(
          'ANSWER_INVALID',
          `item ${LOOKED.pk}/${LOOKED.sk} of ${TableName} is not of version 1: delete it`,
        );
      }
      const { schemaVersion: _, ...looked } = parsed.data;
      return looked;
    },

    async saveLooked(looked) {
      const Item = { ...LOOKED, schemaVersion: 1, ...looked };
      await calling(() => documents.send(new PutCommand({ TableName, Item }), inTime()));
    },
  };
}

async function pages(
  read: (from: Record<string, unknown> | undefined) => Promise<{
    readonly Items?: Record<string, unknown>[] | undefined;
    readonly LastEvaluatedKey?: Record<string, unknown> | undefined;
  }>,
): Promise<readonly Item[]> {
  return allPages(async (token) => {
    const from = token === undefined ? undefined : (JSON.parse(token) as Record<string, unknown>);
    const { Items = [], LastEvaluatedKey: next } = await calling(() => read(from));
    return { items: Items, next: next && JSON.stringify(keyOf(next)) };
  });
}

function keyOf({ pk, sk }: Record<string, unknown>): Key {
  return { pk: String(pk), sk: String(sk) };
}

/** What cannot be read is named, and hides nothing else. */
function itemsOf(account: string, items: readonly Item[]): AccountItems {
  const standings: StoredStanding[] = [];
  const unread: string[] = [];
  let brake: BrakeRecord | undefined;
  for (const item of items) {
    const sk = String(item['sk']);
    const standing = sk.startsWith(STANDING) ? standingShape.safeParse(item) : undefined;
    const record = sk === BRAKE_KEY ? brakeShape.safeParse(item) : undefined;
    if (standing?.success === true && `${STANDING}${standing.data.standing.environment}` === sk) {
      const { schemaVersion: _, ...stored } = standing.data;
      standings.push({ ...stored, account });
    } else if (record?.success === true) {
      brake = { ...record.data, account };
    } else {
      unread.push(sk);
    }
  }
  return { account, standings, unread, ...(brake && { brake }) };
}
