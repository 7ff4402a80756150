import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { deliveries } from '../../lambda/adapters/dynamodb/deliveries';
import { secretsManagerSecrets } from '../../lambda/adapters/secrets-manager/secrets';
import { ssmSecrets } from '../../lambda/adapters/ssm/secrets';
import { sha256 } from '../../lambda/digest';
import { FakeChat } from '../../simulator/fakes/chat';
import { FakeDeliveries } from '../../simulator/fakes/deliveries';
import { FakeSecrets } from '../../simulator/fakes/secrets';
import { MemoryTable } from '../helpers/memory-table';
import { chatContract } from './suites/chat';
import { onFake } from './suites/contract';
import { deliveriesContract } from './suites/deliveries';
import { secretsContract, type SecretsSubject, storedSecretsContract } from './suites/secrets';
import { throttled } from './throttled';

deliveriesContract(
  'the fake',
  onFake(() => {
    const port = new FakeDeliveries();
    return {
      port,
      leaveOtherVersion: async (channel, fact) =>
        void port.unread.add(fact === undefined ? channel : `${channel}#${fact}`),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

deliveriesContract(
  'the adapter on a table in memory, an item a page',
  onFake(() => {
    const table = new MemoryTable();
    table.pageSize = 1;
    return {
      port: deliveries('state', sha256, table.client),
      leaveOtherVersion: (channel, fact) =>
        table.write({
          pk: 'channels',
          sk: fact === undefined ? channel : `${channel}#${sha256(fact).slice(0, 40)}`,
          schemaVersion: 2,
        }),
      throttle: async () => void (table.failure = 'ThrottlingException'),
    };
  }),
);

const fakeSecrets = onFake(() => {
  const port = new FakeSecrets();
  const setAll = (secret: Parameters<typeof port.secrets.set>[1]) => {
    for (const name of port.secrets.keys()) port.secrets.set(name, secret);
  };
  return {
    port,
    put: async (name: string, value: string) => port.put(name, value),
    putBytes: async (name: string) => void port.secrets.set(name, { kind: 'noText' }),
    scheduleDeletion: async (name: string) => void port.secrets.set(name, { kind: 'inDeletion' }),
    deny: async () => setAll({ kind: 'denied', why: 'AccessDeniedException' }),
    throttle: async () => setAll({ kind: 'unavailable', why: 'ThrottlingException' }),
  };
});

secretsContract('the fake', fakeSecrets);
storedSecretsContract('the fake', fakeSecrets);

function refusedAs(name: string, text = name): Error {
  return Object.assign(new Error(text), { name, $metadata: { httpStatusCode: 400 } });
}

/** What a client answers, in the errors' own names of the SDK's models (3.1164.0). */
function recorded(
  answerWith: (answer: (name: string) => object) => void,
  names: { readonly missing: string; readonly denied: string },
  port: SecretsSubject['port'],
): SecretsSubject {
  const values = new Map<string, { readonly value: string; readonly version: number }>();
  let failure: string | undefined;
  answerWith((name) => {
    const found = values.get(name);
    const error = failure ?? (found === undefined ? names.missing : undefined);
    if (error !== undefined) throw refusedAs(error);
    return found!;
  });
  return {
    port,
    put: async (name, value) => void values.set(name, { value, version: (values.get(name)?.version ?? 0) + 1 }),
    deny: async () => void (failure = names.denied),
    throttle: async () => void (failure = 'ThrottlingException'),
  };
}

describe.each(['AccessDeniedException', 'InvalidKeyId'])('refused with %s', (denied) => {
  secretsContract(
    'Parameter Store, by recorded answers',
    onFake(() => {
      const client = mockClient(SSMClient);
      const answerWith = (answer: (name: string) => object) =>
        client
          .on(GetParameterCommand)
          .callsFake(({ Name, WithDecryption }: { Name: string; WithDecryption: boolean }) => {
            const { value, version } = answer(Name) as { value: string; version: number };
            return { Parameter: { Value: WithDecryption ? value : 'AQICAH', Version: version } };
          });
      return recorded(
        answerWith,
        { missing: 'ParameterNotFound', denied },
        ssmSecrets(new SSMClient({ region: 'us-east-1' })),
      );
    }),
  );
});

describe.each(['AccessDeniedException', 'DecryptionFailure'])('refused with %s', (denied) => {
  const ground = onFake(() => {
    const client = mockClient(SecretsManagerClient);
    const answerWith = (answer: (name: string) => object) =>
      client.on(GetSecretValueCommand).callsFake(({ SecretId }: { SecretId: string }) => {
        const { value, version } = answer(SecretId) as { value: string; version: number };
        return { SecretString: value, VersionId: `version-${version}` };
      });
    const port = secretsManagerSecrets(new SecretsManagerClient({ region: 'us-east-1' }));
    return {
      ...recorded(answerWith, { missing: 'ResourceNotFoundException', denied }, port),
      putBytes: async () =>
        void client.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]), VersionId: 'version-1' }),
      scheduleDeletion: async () => void client.on(GetSecretValueCommand).rejects(refusedAs('InvalidRequestException')),
    };
  });
  secretsContract('Secrets Manager, by recorded answers', ground);
  storedSecretsContract('Secrets Manager, by recorded answers', ground);
});

test('a secret of Secrets Manager that nobody gave a value is there, though the error has the name of one that is not', async () => {
  const text = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
  mockClient(SecretsManagerClient).on(GetSecretValueCommand).rejects(refusedAs('ResourceNotFoundException', text));
  const port = secretsManagerSecrets(new SecretsManagerClient({ region: 'us-east-1' }));
  expect(await port.read('spend-guard/slack')).toEqual({ kind: 'noText' });
});

chatContract(
  'the fake',
  onFake(() => {
    const topicArn = 'arn:aws:sns:us-east-1:111111111111:chat';
    const port = new FakeChat(topicArn);
    return {
      port,
      topicArn,
      received: async () => port.published.get(topicArn) ?? [],
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);
