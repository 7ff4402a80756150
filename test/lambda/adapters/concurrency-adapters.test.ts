import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { UtcMonth } from '../../../core/calendar';
import type { ConcurrencyRecord } from '../../../core/concurrency/record';
import { applicationAutoScaling } from '../../../lambda/adapters/application-auto-scaling/scaling';
import { concurrencyState } from '../../../lambda/adapters/dynamodb/concurrency-state';
import { invocations } from '../../../lambda/adapters/cloudwatch/invocations';
import { lambdaConcurrency } from '../../../lambda/adapters/lambda/provisioned-concurrency';
import { sessionState } from '../../../lambda/adapters/dynamodb/session-state';
import { FakeConcurrencyState } from '../../../simulator/fakes/concurrency-state';
import { ASLEEP, AWAKE, target } from '../../helpers/concurrency-world';

const LIVE = target();
const failure = <T>(Kind: new (options: any) => T) => new Kind({ message: 'm', $metadata: { httpStatusCode: 404 } });

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

describe('Application Auto Scaling', () => {
  const scaling = mockClient(ApplicationAutoScalingClient);
  beforeEach(() => scaling.reset());

  test('reads limits and flags of 50 at a time, a flag that is not told as false', async () => {
    scaling.on(DescribeScalableTargetsCommand).resolves({
      ScalableTargets: [
        {
          ResourceId: 'function:models:live',
          MinCapacity: 1,
          MaxCapacity: 9,
          SuspendedState: { ScheduledScalingSuspended: true },
        },
      ],
    } as never);
    const many = Array.from({ length: 51 }, (_, at) => target('models', String(at)));
    const limits = await applicationAutoScaling().limits(many);
    expect(limits.get('models:live')).toEqual({ min: 1, max: 9, suspended: { ...AWAKE, scheduled: true } });
    const calls = scaling.commandCalls(DescribeScalableTargetsCommand);
    expect(calls.map(({ args }) => args[0].input.ResourceIds?.length)).toEqual([50, 1]);
  });

  test('sets the three flags and no capacity, so that a target which is gone is not made anew', async () => {
    scaling.on(RegisterScalableTargetCommand).resolves({});
    await applicationAutoScaling().suspend(LIVE, ASLEEP);
    expect(scaling.commandCalls(RegisterScalableTargetCommand)[0]!.args[0].input).toEqual({
      ServiceNamespace: 'lambda',
      ScalableDimension: 'lambda:function:ProvisionedConcurrency',
      ResourceId: 'function:models:live',
      SuspendedState: {
        DynamicScalingInSuspended: true,
        DynamicScalingOutSuspended: true,
        ScheduledScalingSuspended: true,
      },
    });
  });
});

describe('traffic', () => {
  const cloudwatch = mockClient(CloudWatchClient);
  beforeEach(() => cloudwatch.reset());
  const window = (functionName: string, minutes = 30) => ({
    functionName,
    fromMs: 1_000_000_000 - minutes * 60_000,
    toMs: 1_000_000_000,
  });

  test.each([
    [
      'no points of a complete answer are no calls',
      [{ StatusCode: 'Complete', Values: [] }],
      { kind: 'known', value: 0 },
    ],
    ['points are summed', [{ StatusCode: 'Complete', Values: [1, 2] }], { kind: 'known', value: 3 }],
    ['trap 21: a partial answer is unknown', [{ StatusCode: 'PartialData', Values: [] }], { kind: 'unavailable' }],
    ['trap 21: so is an error', [{ StatusCode: 'InternalError', Values: [] }], { kind: 'unavailable' }],
    ['trap 21: and no answer', [], { kind: 'unavailable' }],
    ['and a count below zero', [{ StatusCode: 'Complete', Values: [-1] }], { kind: 'unavailable' }],
  ])('%s', async (_what, results, expected) => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolves({ MetricDataResults: results.map((one) => ({ Id: 'f0', ...one })) } as never);
    expect((await invocations().invocations([window('models')])).get('models')).toMatchObject(expected);
  });

  test('over pages the last word counts; windows of one length go together', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce({ MetricDataResults: [{ Id: 'f0', StatusCode: 'PartialData', Values: [1] }], NextToken: 'n' })
      .resolvesOnce({
        MetricDataResults: [
          { Id: 'f0', StatusCode: 'Complete', Values: [1] },
          { Id: 'f1', StatusCode: 'Complete', Values: [] },
        ],
      })
      .resolves({ MetricDataResults: [{ Id: 'f0', StatusCode: 'Complete', Values: [7] }] });
    const found = await invocations().invocations([window('a'), window('b'), window('c', 60)]);
    expect([...found]).toEqual([
      ['a', { kind: 'known', value: 2 }],
      ['b', { kind: 'known', value: 0 }],
      ['c', { kind: 'known', value: 7 }],
    ]);
  });
});

describe('state table', () => {
  const documents = mockClient(DynamoDBDocumentClient);
  mockClient(DynamoDBClient);
  beforeEach(() => documents.reset());
  const record: ConcurrencyRecord = {
    schemaVersion: 1,
    ...LIVE,
    revision: 1,
    status: 'lowering',
    loweredFor: 'stopped',
    saved: {
      value: 5,
      details: { functionVersion: '1', revisionId: 'r', memoryMb: 1024, architecture: 'x86_64' },
      scaling: { min: 1, max: 9, suspended: AWAKE },
    },
    savedAtMs: 1,
    loweredTo: 0,
    claimedUntilMs: 2,
  };

  test('records come back whole over all pages; what is none is named, and the hold is no record', async () => {
    const items = [
      { pk: 'concurrency', sk: 'hold', untilMs: 1, by: 'a' },
      { pk: 'concurrency', sk: 'models:live', ...record },
      { pk: 'concurrency', sk: 'broken:live', ...record, saved: { value: 0 } },
      { pk: 'concurrency', sk: 'other:live', ...record },
    ];
    documents
      .on(QueryCommand)
      .resolvesOnce({ Items: items.slice(0, 2), LastEvaluatedKey: { pk: 'concurrency', sk: 'models:live' } })
      .resolves({ Items: items.slice(2) });
    expect(await concurrencyState('t').records()).toEqual({
      records: [record],
      unreadable: ['broken:live', 'other:live'],
    });
    const inputs = documents.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(inputs.map(({ ConsistentRead }) => ConsistentRead)).toEqual([true, true]);
    expect(inputs[1]?.ExclusiveStartKey).toEqual({ pk: 'concurrency', sk: 'models:live' });
  });

  test('a first write wants nothing there, a later one the revision that was read; else it is a conflict, as in the fake', async () => {
    documents.on(PutCommand).resolves({});
    await concurrencyState('t').save(record, 0);
    await concurrencyState('t').save({ ...record, revision: 2, expiresAtMs: 1500 }, 1);
    const [first, second] = documents.commandCalls(PutCommand).map(({ args }) => args[0].input);
    expect(first?.ConditionExpression).toBe('attribute_not_exists(pk)');
    expect(first?.Item).not.toHaveProperty('expiresAt');
    expect(second?.ConditionExpression).toBe('revision = :replaces');
    expect(second?.ExpressionAttributeValues).toEqual({ ':replaces': 1 });
    expect(second?.Item?.['expiresAt']).toBe(2);

    documents.on(PutCommand).rejects(failure(ConditionalCheckFailedException));
    const fake = new FakeConcurrencyState();
    for (const state of [concurrencyState('t'), fake]) {
      await expect(state.save(record, 3)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    }
  });

  test('the meter’s word: one of three, none, or unreadable', async () => {
    const month = '2026-11' as UtcMonth;
    documents
      .on(GetCommand)
      .resolvesOnce({ Item: { desired: 'stopped' } })
      .resolvesOnce({})
      .resolves({ Item: { desired: 'paused' } });
    expect(await concurrencyState('t').desired(month)).toBe('stopped');
    expect(await concurrencyState('t').desired(month)).toBeUndefined();
    await expect(concurrencyState('t').desired(month)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });

  test('sessions', async () => {
    documents.on(PutCommand).resolves({});
    await sessionState('t').put({ id: 'a', untilMs: 1500, by: 'ana' });
    const item = { pk: 'session', sk: 'a', schemaVersion: 1, untilMs: 1500, by: 'ana', expiresAt: 2 };
    expect(documents.commandCalls(PutCommand)[0]!.args[0].input.Item).toEqual(item);
    documents
      .on(QueryCommand)
      .resolvesOnce({ Items: [item] })
      .resolves({ Items: [{ sk: 'b', until: 'noon' }] });
    expect(await sessionState('t').list()).toEqual([{ id: 'a', untilMs: 1500, by: 'ana' }]);
    await expect(sessionState('t').list()).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});
