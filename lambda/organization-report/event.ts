import * as z from 'zod/mini';
import { HOUR_MS } from '../../core/calendar';
import { GuardError } from '../../core/errors';

/** Scheduler and this function have clocks of their own. */
const CLOCK_SKEW_MS = HOUR_MS;

/** Further keys, such as a clock for the local AWS, are allowed. */
const shape = z.union([
  z.object({ source: z.literal('schedule'), scheduledAt: z.string() }),
  z.object({
    source: z.optional(z.never()),
    mail: z.optional(z.boolean()),
    page: z.optional(z.boolean()),
  }),
]);

export type OrganizationReportEvent =
  /** Reported once for the instant (ms) at which it was due. */
  | { readonly kind: 'schedule'; readonly dueAt: number; readonly mail: true; readonly page: false }
  /** @param page the answer has the page */
  | { readonly kind: 'on-demand'; readonly mail: boolean; readonly page: boolean };

/** @throws GuardError EVENT_INVALID */
export function parseEvent(event: unknown, now: number): OrganizationReportEvent {
  const parsed = shape.safeParse(event);
  if (!parsed.success || Array.isArray(event)) {
    const allowed = '{"source":"schedule","scheduledAt":…}, or on demand {"mail":true or false,"page":true or false}';
    throw invalid(`organization-report takes ${allowed}`, event);
  }
  const { data } = parsed;
  if (data.source === undefined) return { kind: 'on-demand', mail: data.mail ?? false, page: data.page ?? false };
  const dueAt = Date.parse(data.scheduledAt);
  if (Number.isNaN(dueAt))
    throw invalid('scheduledAt must be an ISO date such as 2026-11-23T11:00:00Z', data.scheduledAt);
  if (dueAt > now + CLOCK_SKEW_MS) {
    throw invalid(`scheduledAt must not be later than now (${new Date(now).toISOString()})`, data.scheduledAt);
  }
  return { kind: 'schedule', dueAt, mail: true, page: false };
}

function invalid(allowed: string, got: unknown): GuardError {
  const text = JSON.stringify(got) ?? 'nothing';
  return new GuardError('EVENT_INVALID', `${allowed}; got ${text.length <= 200 ? text : `${text.slice(0, 200)}...`}`);
}
