import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../../../core/events';
import { timeout } from '../pace';
import { calling, serviceError } from '../service-error';

const REQUEST_MS = 5_000;

/** On the account's default bus. @throws ServiceError, also where the bus refused the entry */
export async function putEvent(client: EventBridgeClient, DetailType: string, detail: object): Promise<void> {
  const Entries = [{ Source: EVENT_SOURCE, DetailType, Detail: JSON.stringify(detail) }];
  const {
    FailedEntryCount,
    Entries: results = [],
    $metadata,
  } = await calling(() => client.send(new PutEventsCommand({ Entries }), { abortSignal: timeout(REQUEST_MS) }));
  if (!FailedEntryCount) return;
  // The request went well and the entry did not: its code is the error's name.
  const { ErrorCode, ErrorMessage } = results.find((result) => result.ErrorCode) ?? {};
  const refused = new Error(ErrorMessage ?? 'the bus refused the entry');
  throw serviceError(Object.assign(refused, { name: ErrorCode ?? 'EntryFailed', $metadata }));
}
