import { CreateTopicCommand, ListSubscriptionsByTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { unique } from '../emulator/support';
import type { Account } from './account';

/** A page holds 100 at AWS. */
const MORE_THAN_A_PAGE = 101;

/** On how many pages SNS lists more subscriptions than one takes at AWS; 2 there. */
export async function pagesOfSubscriptions(account: Account): Promise<number> {
  const sns = account.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
  for (let made = 0; made < MORE_THAN_A_PAGE; made += 1) {
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: `${unique('reader')}@example.com` }));
  }
  const { NextToken } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  return NextToken ? 2 : 1;
}
