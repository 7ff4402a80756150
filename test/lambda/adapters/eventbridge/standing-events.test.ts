import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { standingEvents } from '../../../../lambda/adapters/eventbridge/standing-events';
import { STANDING } from '../../../contracts/suites/organization-state';

const bus = mockClient(EventBridgeClient);
beforeEach(() => bus.reset());

test('one entry, on the default bus', async () => {
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
  await standingEvents().tell(STANDING);
  const { Entries = [] } = bus.commandCalls(PutEventsCommand)[0]!.args[0].input;
  expect(Entries).toEqual([{ Source: 'spend-guard', DetailType: 'Spend Guard Standing', Detail: expect.any(String) }]);
  expect(JSON.parse(Entries[0]!.Detail!)).toEqual(STANDING);
});

test('an entry that the bus refused is a refusal, though the request went well', async () => {
  const Entries = [{ ErrorCode: 'ThrottlingException' }];
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries, $metadata: { httpStatusCode: 200 } });
  await expect(standingEvents().tell(STANDING)).rejects.toMatchObject({ refusal: 'throttled' });
});
