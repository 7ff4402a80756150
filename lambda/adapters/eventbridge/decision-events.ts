import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DecisionEventsPort } from '../../../core/enforcement';
import { timeout } from '../pace';
import { calling, serviceError } from '../service-error';

const REQUEST_MS = 5_000;

/** On the account's default bus. */
export function decisionEvents(client = new EventBridgeClient({ maxAttempts: 2 })): DecisionEventsPort {
  return {
    async record(event) {
      const Entries = [{ Source: 'spend-guard', DetailType: 'Spend Guard Decision', Detail: JSON.stringify(event) }];
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
    },
  };
}
