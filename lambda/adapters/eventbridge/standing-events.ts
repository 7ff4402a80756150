import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { STANDING_DETAIL_TYPE } from '../../../core/events';
import type { StandingEventsPort } from '../../../core/organization';
import { putEvent } from './put-event';

export function standingEvents(client = new EventBridgeClient({ maxAttempts: 2 })): StandingEventsPort {
  return { tell: (standing) => putEvent(client, STANDING_DETAIL_TYPE, standing) };
}
