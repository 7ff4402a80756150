import {
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
  ProvisionedConcurrencyConfigNotFoundException,
  PutProvisionedConcurrencyConfigCommand,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { lambdaConcurrency } from '../../../../lambda/adapters/lambda/provisioned-concurrency';
import { target } from '../../../helpers/concurrency-world';

const LIVE = target();

const failure = <T>(Kind: new (options: { message: string; $metadata: object }) => T) =>
  new Kind({ message: 'm', $metadata: { httpStatusCode: 404 } });

describe('Lambda', () => {
  const lambda = mockClient(LambdaClient);
  beforeEach(() => lambda.reset());
  const answer = {
    RequestedProvisionedConcurrentExecutions: 5,
    AllocatedProvisionedConcurrentExecutions: 0,
    Status: 'IN_PROGRESS' as const,
    LastModified: '2026-11-10T12:00:00+0000',
  };
  const config = { requested: 5, status: 'IN_PROGRESS', lastModifiedMs: Date.parse('2026-11-10T12:00:00Z') };

  test('lists every configuration over all pages, by the qualifier in its ARN', async () => {
    const arn = (qualifier: string) => `arn:aws:lambda:us-east-1:111122223333:function:models:${qualifier}`;
    lambda
      .on(ListProvisionedConcurrencyConfigsCommand, { FunctionName: 'models', Marker: undefined })
      .resolves({ ProvisionedConcurrencyConfigs: [{ FunctionArn: arn('live'), ...answer }], NextMarker: 'm' })
      .on(ListProvisionedConcurrencyConfigsCommand, { FunctionName: 'models', Marker: 'm' })
      .resolves({
        ProvisionedConcurrencyConfigs: [{ FunctionArn: arn('7'), ...answer, Status: 'FAILED', StatusReason: 'why' }],
      });
    expect(await lambdaConcurrency().list('models')).toEqual([
      { qualifier: 'live', ...config },
      { qualifier: '7', ...config, status: 'FAILED', statusReason: 'why' },
    ]);
  });

  test('no configuration is not the same as no function', async () => {
    lambda
      .on(GetProvisionedConcurrencyConfigCommand)
      .rejectsOnce(failure(ProvisionedConcurrencyConfigNotFoundException))
      .rejectsOnce(failure(ResourceNotFoundException))
      .resolves(answer);
    expect(await lambdaConcurrency().config(LIVE)).toBeUndefined();
    await expect(lambdaConcurrency().config(LIVE)).rejects.toMatchObject({ refusal: 'notFound' });
    expect(await lambdaConcurrency().config(LIVE)).toEqual(config);
  });

  test('trap 3: zero is a delete, and one that was made before is no error', async () => {
    lambda
      .on(DeleteProvisionedConcurrencyConfigCommand)
      .resolvesOnce({})
      .rejectsOnce(failure(ProvisionedConcurrencyConfigNotFoundException))
      .rejects(failure(TooManyRequestsException));
    await lambdaConcurrency().remove(LIVE);
    await lambdaConcurrency().remove(LIVE);
    await expect(lambdaConcurrency().remove(LIVE)).rejects.toMatchObject({ refusal: 'throttled' });
    expect(lambda.commandCalls(DeleteProvisionedConcurrencyConfigCommand)[0]!.args[0].input).toEqual({
      FunctionName: 'models',
      Qualifier: 'live',
    });
    expect(lambda.commandCalls(PutProvisionedConcurrencyConfigCommand)).toEqual([]);
  });

  test('an alias has a revision of its own, and weights; a version has none', async () => {
    const version = { Version: '7', RevisionId: 'v', MemorySize: 512, Architectures: ['arm64' as const] };
    lambda.on(GetFunctionConfigurationCommand).resolves(version);
    lambda
      .on(GetAliasCommand)
      .resolvesOnce({
        FunctionVersion: '7',
        RevisionId: 'a',
        RoutingConfig: { AdditionalVersionWeights: { '8': 0.1 } },
      })
      .resolves({ FunctionVersion: '7', RevisionId: 'a' });
    const details = { functionVersion: '7', revisionId: 'a', weighted: true, memoryMb: 512, architecture: 'arm64' };
    expect(await lambdaConcurrency().details(LIVE)).toEqual(details);
    expect(await lambdaConcurrency().details(LIVE)).toEqual({ ...details, weighted: false });
    expect(await lambdaConcurrency().details(target('models', '7'))).toEqual({
      ...details,
      weighted: false,
      revisionId: 'v',
    });
    expect(lambda.commandCalls(GetAliasCommand)).toHaveLength(2);
  });

  test('an answer without a value is no zero', async () => {
    lambda.on(GetProvisionedConcurrencyConfigCommand).resolves({ Status: 'READY' });
    await expect(lambdaConcurrency().config(LIVE)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});
