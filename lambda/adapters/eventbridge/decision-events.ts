import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { DecisionEventsPort } from '../../../core/enforcement';
import { DECISION_DETAIL_TYPE } from '../../../core/events';
import { putEvent } from './put-event';

export function decisionEvents(client = new EventBridgeClient({ maxAttempts: 2 })): DecisionEventsPort {
  return { record: (event) => putEvent(client, DECISION_DETAIL_TYPE, event) };
}
