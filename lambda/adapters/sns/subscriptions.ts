import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import type { EmailSubscription, SubscriptionsPort } from '../../../core/health';
import { allPages } from '../pages';
import { calling } from '../service-error';

export function snsSubscriptions(client = new SNSClient({})): SubscriptionsPort {
  return {
    async emails(topicArn, signal) {
      const subscriptions = await allPages(async (token) => {
        const page = await calling(() =>
          client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken: token }), {
            abortSignal: signal,
          }),
        );
        return { items: page.Subscriptions ?? [], next: page.NextToken };
      });
      return subscriptions
        .filter(({ Protocol }) => Protocol === 'email' || Protocol === 'email-json')
        .map(({ Endpoint, SubscriptionArn }) => ({ address: Endpoint ?? '', state: stateOf(SubscriptionArn) }));
    },
  };
}

/** SNS says it where the ARN would be. */
function stateOf(subscriptionArn: string | undefined): EmailSubscription['state'] {
  if (subscriptionArn?.startsWith('arn:')) return 'confirmed';
  return subscriptionArn === 'PendingConfirmation' ? 'pending' : 'deleted';
}
