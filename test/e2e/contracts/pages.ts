import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateTopicCommand, ListSubscriptionsByTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { managedPolicy, unique } from '../emulator/support';
import type { Account } from './account';

/** A page of either holds 100 at AWS. */
const MORE_THAN_A_PAGE = 101;

/** On how many pages IAM lists more principals than one takes at AWS; 2 there. */
export async function pagesOfEntities(account: Account): Promise<number> {
  const iam = account.client(IAMClient);
  const PolicyArn = await managedPolicy(account.aws);
  for (let made = 0; made < MORE_THAN_A_PAGE; made += 1) {
    const UserName = unique('user');
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  }
  const { IsTruncated } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  return IsTruncated ? 2 : 1;
}

export async function pagesOfSubscriptions(account: Account): Promise<number> {
  const sns = account.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
  for (let made = 0; made < MORE_THAN_A_PAGE; made += 1) {
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: `${unique('reader')}@example.com` }));
  }
  const { NextToken } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  return NextToken ? 2 : 1;
}
