import * as z from 'zod/mini';
import { HOUR_MS } from '../../core/calendar';
import { GuardError } from '../../core/errors';
import type { Trigger } from '../../core/health';

/** Scheduler and this function have clocks of their own. */
const CLOCK_SKEW_MS = HOUR_MS;

const scheduled = z.object({ source: z.literal('schedule'), scheduledAt: z.string() });
/** Further keys, such as a clock for the local AWS, are allowed. */
const onDemand = z.object({ source: z.optional(z.never()) });

/**
 * `{ source: 'schedule', scheduledAt }` from Scheduler; on demand anything without a `source`, such as `{}`.
 * @throws GuardError EVENT_INVALID; also for a time to come, which would make every run until then look repeated
 */
export function parseTrigger(event: unknown, now: number): Trigger {
  if (onDemand.safeParse(event).success) return { source: 'on-demand' };
  const parsed = scheduled.safeParse(event);
  const at = parsed.success ? Date.parse(parsed.data.scheduledAt) : Number.NaN;
  if (parsed.success && at <= now + CLOCK_SKEW_MS) return parsed.data;
  throw new GuardError(
    'EVENT_INVALID',
    `health-check takes {"source":"schedule","scheduledAt":"<ISO time, not to come>"} or {}, got ${shown(event)}`,
  );
}

function shown(event: unknown): string {
  const text = JSON.stringify(event) ?? String(event);
  return text.length <= 200 ? text : `${text.slice(0, 200)}...`;
}
