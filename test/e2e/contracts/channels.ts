import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SecretsPort } from '../../../core/channels';
import { deliveries } from '../../../lambda/adapters/dynamodb/deliveries';
import { secretsManagerSecrets } from '../../../lambda/adapters/secrets-manager/secrets';
import { snsChat } from '../../../lambda/adapters/sns/chat';
import { ssmSecrets } from '../../../lambda/adapters/ssm/secrets';
import { sha256 } from '../../../lambda/digest';
import { REGION } from '../../../local/emulator';
import type { ChatSubject } from '../../contracts/suites/chat';
import type { DeliveriesSubject } from '../../contracts/suites/deliveries';
import type { SecretsSubject, StoredSecretsSubject } from '../../contracts/suites/secrets';
import { unique } from '../emulator/support';
import type { Account } from './account';
import { Table } from './tables';

export async function toldChannels(account: Account): Promise<DeliveriesSubject> {
  const table = await Table.make(account);
  return {
    port: deliveries(table.name, sha256, table.client),
    leaveOtherVersion: (channel, fact) => {
      const sk = fact === undefined ? channel : `${channel}#${sha256(fact).slice(0, 40)}`;
      return table.write({ pk: 'channels', sk, schemaVersion: 2 });
    },
    throttle: () => table.throttle(),
  };
}

/** Names are told apart from those of other cases; who reads may be somebody who may not. */
function secretsOf(
  make: (credentials?: Awaited<ReturnType<Account['nobody']>>) => SecretsPort,
  account: Account,
  put: (name: string, value: string) => Promise<unknown>,
  action: string,
  prefix = `/${unique('secrets')}`,
): SecretsSubject {
  let reader = make();
  return {
    port: { read: (name) => reader.read(`${prefix}${name}`) },
    put: async (name, value) => void (await put(`${prefix}${name}`, value)),
    deny: async () => void (reader = make(await account.nobody())),
    throttle: () => account.refuse('throttle', action),
  };
}

export function parameters(account: Account): SecretsSubject {
  const ssm = account.client(SSMClient);
  return secretsOf(
    (credentials) => ssmSecrets(account.client(SSMClient, REGION, credentials)),
    account,
    (Name, Value) => ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true })),
    'ssm:GetParameter',
  );
}

export function storedSecrets(account: Account): StoredSecretsSubject {
  const client = account.client(SecretsManagerClient);
  const made = new Set<string>();
  const put = (name: string, SecretString: string) => {
    if (made.has(name)) return client.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
    made.add(name);
    return client.send(new CreateSecretCommand({ Name: name, SecretString }));
  };
  const make = (credentials?: Awaited<ReturnType<Account['nobody']>>) =>
    secretsManagerSecrets(account.client(SecretsManagerClient, REGION, credentials));
  const prefix = `/${unique('secrets')}`;
  return {
    ...secretsOf(make, account, put, 'secretsmanager:GetSecretValue', prefix),
    putBytes: async (name) =>
      void (await client.send(
        new CreateSecretCommand({ Name: `${prefix}${name}`, SecretBinary: new Uint8Array([1, 2]) }),
      )),
    scheduleDeletion: async (name) =>
      void (await client.send(new DeleteSecretCommand({ SecretId: `${prefix}${name}` }))),
  };
}

export async function chats(account: Account): Promise<ChatSubject> {
  const sns = account.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: unique('chat') }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: `${unique('reader')}@example.com` }));
  return {
    port: snsChat(sns),
    topicArn: TopicArn!,
    async received() {
      const mails = await account.aws.control.mails();
      return mails.filter(({ topic }) => topic === TopicArn).map(({ message }) => message);
    },
    throttle: () => account.refuse('throttle', 'sns:Publish'),
  };
}
