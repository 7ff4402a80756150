import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import type { DecisionEvent } from '../../../../core/enforcement/ports';
import { decisionEvents } from '../../../../lambda/adapters/eventbridge/decision-events';
import { usd } from '../../../../core/money';
import { refusal } from '../../../helpers/sdk-refusal';

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
