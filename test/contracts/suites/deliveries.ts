import type { ChannelState, Delivery } from '../../../core/channels';
import type { DeliveriesPort } from '../../../core/channels/ports';
import { freshState } from '../../../core/channels/trouble';
import { noticeOf } from '../../helpers/channels-world';
import { contract } from './contract';

export interface DeliveriesSubject {
  readonly port: DeliveriesPort;
  /** A release of another schemaVersion writes it. */
  readonly leaveOtherVersion: (channel: string, fact?: string) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

/** With all that a table could lose: markup, lines' ends, no and long texts. */
export function deliveryOf(told: Partial<Delivery> = {}): Delivery {
  const notice = noticeOf({ title: 'a <!channel> "quoted" \\ 名前', happened: [], fact: 'fact|<b>#1' });
  return {
    schemaVersion: 1,
    revision: 1,
    channel: 'finance',
    fact: 'fact|<b>#1',
    keys: [notice.key],
    waiting: [{ notice, acceptedAt: 5 }],
    changedAt: 5,
    ...told,
  };
}

const begun: Delivery = deliveryOf({
  revision: 2,
  waiting: [],
  current: {
    ...{ notice: noticeOf(), acceptedAt: 5, id: '2', claimedUntil: 9, tries: 1 },
    ...{ isDoubtful: true, notBefore: 0, isRefused: false, place: 'slackBot C0123ABCDEF' },
  },
  told: { status: 'firing', at: 4, title: 'a "title" 名前', ref: '1700000000.000100', place: 'slackBot C0123ABCDEG' },
  left: [{ title: '<b>another</b>', at: 3, isDoubtful: true }],
});
const state: ChannelState = {
  ...{ ...freshState('finance'), revision: 1, refusedVersion: '7' },
  trouble: { code: 'revoked', why: 'Slack answers token_revoked', since: 3, place: 'slackBot C0123ABCDEF' },
  mailing: { code: 'gone', why: 'there is no such channel', since: 1 },
  mailed: { code: 'away', why: 'it was asked and gave no answer', since: 2 },
  place: 'slackBot C0123ABCDEF',
};

export const deliveriesContract = contract<DeliveriesSubject>('deliveries', [
  {
    name: 'of what was never told there is nothing',
    async run({ port }) {
      expect(await port.delivery('finance', 'fact')).toBeUndefined();
      expect(await port.state('finance')).toBeUndefined();
      expect(await port.all()).toEqual({ deliveries: [], firing: [], states: [], unread: [] });
    },
  },
  {
    name: 'what is written is read at once, every part of it',
    async run({ port }) {
      await port.saveDelivery(deliveryOf(), 0);
      expect(await port.delivery('finance', deliveryOf().fact)).toEqual(deliveryOf());
      await port.saveDelivery(begun, 1);
      await port.saveState(state, 0);
      expect(await port.delivery('finance', begun.fact)).toEqual(begun);
      expect(await port.state('finance')).toEqual(state);
      expect(await port.all()).toEqual({ deliveries: [begun], firing: [], states: [state], unread: [] });
    },
  },
  {
    name: 'of two that write the same revision one does',
    async run({ port }) {
      const conflict = { code: 'STATE_CONFLICT' };
      await port.saveDelivery(deliveryOf(), 0);
      await expect(port.saveDelivery(deliveryOf({ keys: ['other'] }), 0)).rejects.toMatchObject(conflict);
      const both = [begun, { ...begun, keys: ['other'] }].map((one) => port.saveDelivery(one, 1));
      const results = await Promise.allSettled(both);
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      await port.saveState(state, 0);
      await expect(port.saveState(state, 0)).rejects.toMatchObject(conflict);
      await expect(port.saveState({ ...state, revision: 6 }, 5)).rejects.toMatchObject(conflict);
    },
  },
  {
    name: 'channels, and facts, do not get into each other, whatever they are called',
    async run({ port }) {
      const others = [
        deliveryOf({ channel: 'finance-2' }),
        deliveryOf({ fact: 'fact' }),
        deliveryOf({ fact: 'fact#1' }),
        deliveryOf({ fact: 'f'.repeat(500) }),
      ];
      for (const one of others) await port.saveDelivery(one, 0);
      for (const one of others) expect(await port.delivery(one.channel, one.fact)).toEqual(one);
      expect((await port.all()).deliveries).toHaveLength(4);
    },
  },
  {
    name: 'those of which nothing is left are not among what is still to be told',
    async run({ port }) {
      const { current: _, ...told } = begun;
      await port.saveDelivery({ ...told, revision: 1 }, 0);
      expect((await port.all()).deliveries).toEqual([]);
      expect(await port.delivery('finance', begun.fact)).toEqual({ ...told, revision: 1 });
    },
  },
  {
    name: 'of the others those that stand as firing are told apart, there or where the channel was',
    async run({ port }) {
      const { current: _, left, told, ...rest } = { ...begun, waiting: [], revision: 1 };
      const over = { status: 'resolved', at: 4 } as const;
      const firing = [
        { ...rest, told, fact: 'firing' },
        { ...rest, told: over, left, fact: 'left' },
      ] as const satisfies readonly Delivery[];
      for (const one of firing) await port.saveDelivery(one, 0);
      await port.saveDelivery({ ...rest, told: over, fact: 'over' }, 0);
      const all = await port.all();
      expect(all.deliveries).toEqual([]);
      expect(all.firing.toSorted((a, b) => a.fact.localeCompare(b.fact))).toEqual(firing);
    },
  },
  {
    name: 'what another release has left is named, and hides nothing else',
    async run({ port, leaveOtherVersion }) {
      await port.saveDelivery(deliveryOf({ fact: 'other' }), 0);
      await leaveOtherVersion('finance', 'fact');
      await leaveOtherVersion('finance');
      await expect(port.delivery('finance', 'fact')).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
      await expect(port.state('finance')).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
      const { deliveries, unread } = await port.all();
      expect(deliveries).toHaveLength(1);
      expect(unread).toHaveLength(2);
      for (const one of unread) expect(one).toContain('channels/finance');
    },
  },
  {
    name: 'a refusal is a refusal',
    async run({ port, throttle }) {
      await throttle();
      const refused = { refusal: 'throttled' };
      await expect(port.delivery('finance', 'fact')).rejects.toMatchObject(refused);
      await expect(port.state('finance')).rejects.toMatchObject(refused);
      await expect(port.all()).rejects.toMatchObject(refused);
      await expect(port.saveDelivery(deliveryOf(), 0)).rejects.toMatchObject(refused);
      await expect(port.saveState(state, 0)).rejects.toMatchObject(refused);
    },
  },
]);
