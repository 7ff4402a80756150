import { HOUR_MS, utcMonth, type UtcMonth } from '../../core/calendar';
import { GuardError } from '../../core/errors';

export type CostCheckEvent =
  /** Reported once for the instant (ms) at which it was due. */
  | { readonly kind: 'schedule'; readonly dueAt: number; readonly mail: true }
  | { readonly kind: 'on-demand'; readonly mail: boolean }
  | { readonly kind: 'spenders'; readonly month: UtcMonth };

/** Scheduler and this function have clocks of their own. */
const CLOCK_SKEW_MS = HOUR_MS;

/**
 * `{ source: 'schedule', scheduledAt }` from Scheduler; on demand anything without a `source`: `{}` reports without a
 * mail, `{ mail: true }` with one. `{ by: 'spenders', month: '2026-11' }` asks who spent it, and what the bill has by model.
 * @throws GuardError EVENT_INVALID
 */
export function parseEvent(event: unknown, now: number): CostCheckEvent {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw invalid('the event', 'an object', event);
  }
  const { source, scheduledAt, mail, by, month } = event as Record<string, unknown>;
  if (by !== undefined) return { kind: 'spenders', month: monthIn(by, month, now) };
  if (source === undefined) {
    if (mail !== undefined && typeof mail !== 'boolean') throw invalid('mail', 'true or false', mail);
    return { kind: 'on-demand', mail: mail ?? false };
  }
  if (source !== 'schedule') throw invalid('source', "'schedule', or left out", source);
  const at = typeof scheduledAt === 'string' ? Date.parse(scheduledAt) : Number.NaN;
  if (Number.isNaN(at)) throw invalid('scheduledAt', 'an ISO date such as 2026-11-23T11:00:00Z', scheduledAt);
  if (at > now + CLOCK_SKEW_MS) {
    throw invalid('scheduledAt', `not later than now (${new Date(now).toISOString()})`, scheduledAt);
  }
  return { kind: 'schedule', dueAt: at, mail: true };
}

function monthIn(by: unknown, month: unknown, now: number): UtcMonth {
  if (by !== 'spenders') throw invalid('by', "'spenders', or left out", by);
  if (typeof month !== 'string' || !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) {
    throw invalid('month', 'a month such as 2026-11', month);
  }
  if (month > utcMonth(now)) throw invalid('month', `not after this one (${utcMonth(now)})`, month);
  return month as UtcMonth;
}

function invalid(field: string, allowed: string, got: unknown): GuardError {
  return new GuardError('EVENT_INVALID', `${field} must be ${allowed}, got ${JSON.stringify(got) ?? 'nothing'}`);
}
