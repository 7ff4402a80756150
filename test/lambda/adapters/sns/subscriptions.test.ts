import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { snsSubscriptions } from '../../../../lambda/adapters/sns/subscriptions';

const signal = new AbortController().signal;

describe('SNS', () => {
  const sns = mockClient(SNSClient);

  it('tells confirmed from pending and deleted e-mail subscriptions, over all pages', async () => {
    const page = (Protocol: string, Endpoint: string, SubscriptionArn: string) => ({
      Protocol,
      Endpoint,
      SubscriptionArn,
    });
    sns
      .on(ListSubscriptionsByTopicCommand, { TopicArn: 't', NextToken: undefined })
      .resolves({
        Subscriptions: [
          page('email', 'a@x.org', 'arn:aws:sns:us-east-1:1:t:1'),
          page('lambda', 'arn:fn', 'arn:aws:sns:us-east-1:1:t:2'),
        ],
        NextToken: 'n',
      })
      .on(ListSubscriptionsByTopicCommand, { TopicArn: 't', NextToken: 'n' })
      .resolves({
        Subscriptions: [page('email', 'b@x.org', 'PendingConfirmation'), page('email-json', 'c@x.org', 'Deleted')],
      });
    expect(await snsSubscriptions().emails('t', signal)).toEqual([
      { address: 'a@x.org', state: 'confirmed' },
      { address: 'b@x.org', state: 'pending' },
      { address: 'c@x.org', state: 'deleted' },
    ]);
  });
});
