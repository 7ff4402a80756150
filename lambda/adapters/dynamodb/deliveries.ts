import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DAY_MS } from '../../../core/calendar';
import { type ChannelState, type DeliveriesPort, type Delivery, isFiring, isOpen } from '../../../core/channels';
import { GuardError } from '../../../core/errors';
import type { Notice } from '../../../core/notice';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling } from '../service-error';
import { channelStateShape, deliveryShape } from './delivery-shapes';
import { putReplacing } from './replacing';

const REQUEST_MS = 5_000;
const PK = 'channels';
/** What was told is remembered for so long after its last change: longer than anything waits. */
const KEPT_MS = 62 * DAY_MS;

type Item = Readonly<Record<string, unknown>>;

/**
 * Items `pk` = `channels`; `sk` = the channel's name, for how it stands with it, or `<channel>#<digest of the fact>`. Names of
 * channels hold no `#`, and facts whatever they like.
 */
export function deliveries(
  tableName: string,
  sha256: (text: string) => string,
  client = new DynamoDBClient({ maxAttempts: 2 }),
): DeliveriesPort {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const inTime = () => ({ abortSignal: timeout(REQUEST_MS) });
  const keyOf = (channel: string, fact: string) => ({ pk: PK, sk: `${channel}#${sha256(fact).slice(0, 40)}` });

  async function get(key: { readonly pk: string; readonly sk: string }): Promise<Item | undefined> {
    const command = new GetCommand({ TableName: tableName, Key: { ...key }, ConsistentRead: true });
    return (await calling(() => documents.send(command, inTime()))).Item;
  }

  return {
    async delivery(channel, fact) {
      const key = keyOf(channel, fact);
      const item = await get(key);
      if (item === undefined) return undefined;
      const delivery = deliveryOf(item);
      if (delivery?.fact === fact) return delivery;
      throw new GuardError('ANSWER_INVALID', `${nameOf(key.sk, tableName)} is not what channels writes; delete it`);
    },

    async all() {
      const items = await allPages(async (token) => {
        const command = new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :channels',
          ExpressionAttributeValues: { ':channels': PK },
          ConsistentRead: true,
          ...(token ? { ExclusiveStartKey: { pk: PK, sk: token } } : {}),
        });
        const page = await calling(() => documents.send(command, inTime()));
        return { items: page.Items ?? [], next: page.LastEvaluatedKey?.['sk'] as string | undefined };
      });
      const found = {
        ...{ deliveries: [] as Delivery[], firing: [] as Delivery[] },
        ...{ states: [] as ChannelState[], unread: [] as string[] },
      };
      for (const item of items) {
        const sk = String(item['sk']);
        const delivery = sk.includes('#') ? deliveryOf(item) : undefined;
        const state = sk.includes('#') ? undefined : stateOf(item);
        if (delivery !== undefined && isOpen(delivery)) found.deliveries.push(delivery);
        else if (delivery !== undefined && isFiring(delivery)) found.firing.push(delivery);
        if (state !== undefined) found.states.push(state);
        if (delivery === undefined && state === undefined) found.unread.push(`${nameOf(sk, tableName)} cannot be read`);
      }
      return found;
    },

    async saveDelivery(delivery, replaces) {
      const { waiting, current, ...rest } = delivery;
      const Item = {
        ...keyOf(delivery.channel, delivery.fact),
        ...rest,
        waiting: waiting.map(written),
        ...(current && { current: written(current) }),
        expiresAt: Math.ceil((delivery.changedAt + KEPT_MS) / 1000),
      };
      await putReplacing(Item, { documents, tableName, replaces }, inTime());
    },

    async state(channel) {
      const item = await get({ pk: PK, sk: channel });
      if (item === undefined) return undefined;
      const state = stateOf(item);
      if (state !== undefined) return state;
      throw new GuardError('ANSWER_INVALID', `${nameOf(channel, tableName)} is not what channels writes; delete it`);
    },

    async saveState(state, replaces) {
      await putReplacing({ pk: PK, sk: state.channel, ...state }, { documents, tableName, replaces }, inTime());
    },
  };
}

function written<One extends { readonly notice: Notice }>(one: One) {
  return { ...one, notice: JSON.stringify(one.notice) };
}

function deliveryOf(item: Item): Delivery | undefined {
  const parsed = deliveryShape.safeParse(item);
  return parsed.success ? parsed.data : undefined;
}

function stateOf(item: Item): ChannelState | undefined {
  const parsed = channelStateShape.safeParse(item);
  return parsed.success ? parsed.data : undefined;
}

function nameOf(sk: string, tableName: string): string {
  return `item ${PK}/${sk} of ${tableName}`;
}
