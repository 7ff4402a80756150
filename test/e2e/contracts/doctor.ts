import {
  BedrockClient,
  DeleteModelInvocationLoggingConfigurationCommand,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateEmailIdentityCommand, PutAccountDetailsCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ACCOUNT, REGION } from '../../../local/emulator';
import { invocationLogging } from '../../../lambda/adapters/bedrock/invocation-logging';
import { logGroups } from '../../../lambda/adapters/cloudwatch-logs/log-groups';
import { sesSetup } from '../../../lambda/adapters/sesv2/setup';
import type { InvocationLoggingSubject } from '../../contracts/suites/invocation-logging';
import type { LogGroupsSubject } from '../../contracts/suites/log-groups';
import type { SesSetupSubject } from '../../contracts/suites/ses-setup';
import { session, unique } from '../emulator/support';
import type { Account } from './account';

export async function sesSetups(account: Account): Promise<SesSetupSubject> {
  const ses = account.client(SESv2Client);
  // No more than docs/deploy.md names.
  const reader = await session(account.aws, { Action: ['ses:GetAccount', 'ses:GetEmailIdentity'] });
  const make = async (EmailIdentity: string) =>
    void (await ses.send(new CreateEmailIdentityCommand({ EmailIdentity })));
  const production = (ProductionAccessEnabled: boolean) =>
    ses.send(
      new PutAccountDetailsCommand({
        ...{ ProductionAccessEnabled, MailType: 'TRANSACTIONAL', WebsiteURL: 'https://example.com' },
      }),
    );
  return {
    port: sesSetup(account.client(SESv2Client, REGION, reader)),
    domain: `${unique('setup')}.example.com`,
    verify: make,
    begin: make,
    async inSandbox(run) {
      await production(false);
      try {
        await run();
      } finally {
        await production(true);
      }
    },
    throttle: () => account.refuse('throttle', 'ses:GetAccount', 'ses:GetEmailIdentity'),
  };
}

export async function groupsOfLogs(account: Account): Promise<LogGroupsSubject> {
  const client = account.client(CloudWatchLogsClient);
  let credentials = await session(account.aws, { Action: 'logs:DescribeLogGroups' });
  return {
    port: {
      group: (...asked) => logGroups(account.client(CloudWatchLogsClient, REGION, credentials)).group(...asked),
    },
    name: `/bedrock/${unique('invocations')}`,
    async make(logGroupName, logGroupClass, retentionInDays) {
      await client.send(new CreateLogGroupCommand({ logGroupName, ...(logGroupClass && { logGroupClass }) }));
      if (retentionInDays === undefined) return;
      await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    },
    async refuse(how) {
      if (how === 'accessDenied') credentials = await account.nobody();
      else await account.refuse('throttle', 'logs:DescribeLogGroups');
    },
  };
}

export async function loggings(account: Account): Promise<InvocationLoggingSubject> {
  const client = account.client(BedrockClient);
  const reader = await session(account.aws, { Action: 'bedrock:GetModelInvocationLoggingConfiguration' });
  return {
    port: invocationLogging(account.client(BedrockClient, REGION, reader)),
    async whileSet({ logGroup, isTextDelivered }, run) {
      const cloudWatchConfig = { logGroupName: logGroup, roleArn: `arn:aws:iam::${ACCOUNT}:role/logging` };
      const loggingConfig = { cloudWatchConfig, textDataDeliveryEnabled: isTextDelivered };
      await client.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig }));
      try {
        await run();
      } finally {
        await client.send(new DeleteModelInvocationLoggingConfigurationCommand({}));
      }
    },
    throttle: () => account.refuse('throttle', 'bedrock:GetModelInvocationLoggingConfiguration'),
  };
}
