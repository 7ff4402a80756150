import * as z from 'zod/mini';
import { GuardError } from '../../core/errors';

/** Further keys, such as a clock for the local AWS, are allowed; nothing in an event says what to decide (trap 27). */
const own = z.union([
  z.object({ source: z.literal('schedule'), command: z.optional(z.never()), again: z.optional(z.boolean()) }),
  z.object({ command: z.literal('evaluate'), source: z.optional(z.never()) }),
]);

/**
 * As EventBridge delivers it:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html, read 2026-11-29.
 */
const alarmChanged = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  resources: z.array(z.string()),
  detail: z.object({ state: z.object({ value: z.literal('ALARM') }) }),
  again: z.optional(z.boolean()),
});

/** What an event says of how to look; never what to decide. */
export interface Asked {
  /** A person asks: the month is read at once. */
  readonly readNow: boolean;
  /** The second look of a tick, half a minute after the first. */
  readonly again: boolean;
  /** The activity alarm says that somebody calls a model: the gate is asked at once, and says what follows. */
  readonly told: boolean;
}

/** @param activityAlarm its ARN; empty: there is none. @throws GuardError EVENT_INVALID */
export function parseEvent(event: unknown, activityAlarm: string): Asked {
  const parsed = own.safeParse(event);
  if (parsed.success) {
    const { data } = parsed;
    return {
      readNow: data.command === 'evaluate',
      again: data.source === 'schedule' && data.again === true,
      told: false,
    };
  }
  const alarm = alarmChanged.safeParse(event);
  if (alarm.success && activityAlarm !== '' && alarm.data.resources.join() === activityAlarm) {
    const again = alarm.data.again === true;
    // It has left its mark with the first look.
    return { readNow: false, again, told: !again };
  }
  const text = JSON.stringify(event) ?? String(event);
  const shown = text.length <= 200 ? text : `${text.slice(0, 200)}...`;
  throw new GuardError(
    'EVENT_INVALID',
    `spend-meter takes {"source":"schedule",...}, {"command":"evaluate"} or its activity alarm's change to ALARM, got ${shown}`,
  );
}
