import type { SubscriptionsPort } from '../../../core/health/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract } from './contract';

export interface SubscriptionsSubject {
  readonly port: SubscriptionsPort;
  readonly topicArn: string;
  /** An e-mail subscription; its owner has followed the link, or has not. */
  readonly subscribe: (address: string, isConfirmed: boolean) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const subscriptionsContract = contract<SubscriptionsSubject>('subscriptions', [
  {
    name: 'trap 36: who is subscribed by e-mail, and who has confirmed it',
    async run({ port, topicArn, subscribe }) {
      expect(await port.emails(topicArn, NEVER)).toEqual([]);
      await subscribe('ann@example.com', true);
      await subscribe('bob@example.com', false);
      expect(new Set(await port.emails(topicArn, NEVER))).toEqual(
        new Set([
          { address: 'ann@example.com', state: 'confirmed' },
          { address: 'bob@example.com', state: 'pending' },
        ]),
      );
    },
  },
  {
    name: 'over all pages',
    async run({ port, topicArn, subscribe }) {
      // A page holds 100: https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html (2026-11).
      const all = Array.from({ length: 101 }, (_, at) => `reader-${at}@example.com`);
      for (const address of all) await subscribe(address, true);
      expect(new Set((await port.emails(topicArn, NEVER)).map(({ address }) => address))).toEqual(new Set(all));
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, topicArn, throttle }) {
      await throttle();
      await expect(port.emails(topicArn, NEVER)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
    },
  },
]);
