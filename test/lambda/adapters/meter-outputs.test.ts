import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import type { DecisionEvent } from '../../../core/enforcement/ports';
import { decisionEvents } from '../../../lambda/adapters/eventbridge/decision-events';
import { guardFunctions } from '../../../lambda/adapters/lambda/guard-functions';
import { guardStatus } from '../../../lambda/adapters/dynamodb/guard-status';
import { usd } from '../../../core/money';
import { MemoryTable } from '../../helpers/memory-table';
import { NOVEMBER } from '../../helpers/meter-states';

const refusal = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } });

describe('the event bus', () => {
  const bus = mockClient(EventBridgeClient);
  beforeEach(() => bus.reset());
  const event: DecisionEvent = {
    ...{ schemaVersion: 1, environment: 'dev', at: '2026-11-10T12:00:00.000Z', from: 'open', desired: 'stopped' },
    ...{ reason: 'spend 96% >= 95%', cause: 'threshold', enforce: true, blind: false },
    ...{ monthToDate: usd(96), limit: usd(100), alerts: ['threshold'] },
  };

  test('one entry, on the default bus', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
    await decisionEvents().record(event);
    const [call] = bus.commandCalls(PutEventsCommand);
    const { Entries = [] } = call!.args[0].input;
    expect(Entries).toEqual([
      { Source: 'spend-guard', DetailType: 'Spend Guard Decision', Detail: expect.any(String) },
    ]);
    expect(JSON.parse(Entries[0]!.Detail!)).toEqual(event);
  });

  test.each<[string | undefined, string]>([
    ['ThrottlingException', 'throttled'],
    ['InternalFailure', 'other'],
    [undefined, 'other'],
  ])('an entry that the bus refused (%s) is a refusal, though the request went well', async (ErrorCode, expected) => {
    const answer = { FailedEntryCount: 1, Entries: [{ ErrorCode }], $metadata: { httpStatusCode: 200 } };
    bus.on(PutEventsCommand).resolves(answer);
    await expect(decisionEvents().record(event)).rejects.toMatchObject({
      ...{ name: 'ServiceError', refusal: expected, errorName: ErrorCode ?? 'EntryFailed' },
    });
  });

  test('a request that is refused is a ServiceError', async () => {
    bus.on(PutEventsCommand).rejects(refusal('AccessDeniedException', 403));
    await expect(decisionEvents().record(event)).rejects.toMatchObject({ refusal: 'accessDenied' });
  });
});

describe('auto-stop', () => {
  const lambda = mockClient(LambdaClient);
  beforeEach(() => lambda.reset());

  test('is asked to converge, without waiting for it', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
    await guardFunctions('auto-stop').converge();
    const { Payload, ...input } = lambda.commandCalls(InvokeCommand)[0]!.args[0].input;
    expect(input).toEqual({ FunctionName: 'auto-stop', InvocationType: 'Event' });
    expect(JSON.parse(Payload as unknown as string)).toEqual({ command: 'converge' });
  });

  test.each([
    ['TooManyRequestsException', 429, 'throttled'],
    ['ResourceNotFoundException', 404, 'notFound'],
  ])('%s is a ServiceError', async (name, status, expected) => {
    lambda.on(InvokeCommand).rejects(refusal(name, status));
    await expect(guardFunctions('auto-stop').converge()).rejects.toMatchObject({ refusal: expected });
  });
});

test('the status is one item of the leases table, in plain numbers', async () => {
  const table = new MemoryTable();
  const amounts = { spentAtLeast: usd('12.000000001'), limit: usd(100) };
  const status = { desired: 'open', asOf: 1_762_776_000_000, month: NOVEMBER, revision: 7, ...amounts } as const;
  await guardStatus('leases', table.client).write(status);
  expect(table.requests.map(({ body }) => body.TableName)).toEqual(['leases']);
  expect([...table.items.values()]).toEqual([
    {
      ...{ pk: { S: 'STATUS' }, sk: { S: 'STATUS' }, schemaVersion: { N: '1' }, desired: { S: 'open' } },
      ...{ asOf: { N: '1762776000000' }, month: { S: '2026-11' }, revision: { N: '7' } },
      ...{ spentAtLeast: { N: '12000000001' }, limit: { N: '100000000000' } },
    },
  ]);
});
