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
import { secretsContract, type SecretsSubject } from './suites/secrets';
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

secretsContract(
  'the fake',
  onFake(() => {
    const port = new FakeSecrets();
    const setAll = (secret: Parameters<typeof port.secrets.set>[1]) => {
      for (const name of port.secrets.keys()) port.secrets.set(name, secret);
    };
    return {
      port,
      put: async (name, value) => port.put(name, value),
      deny: async () => setAll({ kind: 'denied', why: 'AccessDeniedException' }),
      throttle: async () => setAll({ kind: 'unavailable', why: 'ThrottlingException' }),
    };
  }),
);

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
    if (error !== undefined) throw Object.assign(new Error(error), { name: error, $metadata: { httpStatusCode: 400 } });
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

describe.each([
  ['ResourceNotFoundException', 'AccessDeniedException'],
  ['InvalidRequestException', 'DecryptionFailure'],
])('missing as %s, refused with %s', (missing, denied) => {
  secretsContract(
    'Secrets Manager, by recorded answers',
    onFake(() => {
      const client = mockClient(SecretsManagerClient);
      const answerWith = (answer: (name: string) => object) =>
        client.on(GetSecretValueCommand).callsFake(({ SecretId }: { SecretId: string }) => {
          const { value, version } = answer(SecretId) as { value: string; version: number };
          return { SecretString: value, VersionId: `version-${version}` };
        });
      const port = secretsManagerSecrets(new SecretsManagerClient({ region: 'us-east-1' }));
      return recorded(answerWith, { missing, denied }, port);
    }),
  );
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
