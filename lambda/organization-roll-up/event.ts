import * as z from 'zod/mini';
import { MINUTE_MS } from '../../core/calendar';
import { GuardError } from '../../core/errors';
import { DECISION_DETAIL_TYPE, EVENT_SOURCE, STANDING_DETAIL_TYPE } from '../../core/events';
import type { Standing } from '../../core/organization';
import { accountId } from '../organization-settings';

/** An account's clock may be so far ahead. A standing from further ahead would outlive every true one. */
export const MOST_AHEAD_MS = 5 * MINUTE_MS;

/**
 * As EventBridge delivers it, whoever put it
 * (https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html, read 2026-11-29): `account` is written by
 * EventBridge, so that nobody speaks for another.
 */
const envelope = z.object({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.enum([STANDING_DETAIL_TYPE, DECISION_DETAIL_TYPE]),
  account: accountId,
  detail: z.unknown(),
});

const time = z
  .string()
  .check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/, { error: 'an ISO date, UTC' }));
const amount = z.int().check(z.minimum(0));
const state = z.enum(['open', 'degraded', 'stopped']);

const standing = z.object({
  schemaVersion: z.literal(1),
  environment: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)),
  month: z.string().check(z.regex(/^\d{4}-(0[1-9]|1[0-2])$/)),
  at: time,
  asOf: z.nullable(time),
  desired: state,
  enforced: z.union([state, z.literal('unknown')]),
  spentNano: z.nullable(amount),
  atLeast: z.boolean(),
  limitNano: amount,
  blind: z.boolean(),
  enforce: z.boolean(),
  reason: z.string().check(z.maxLength(1_000)),
  guardVersion: z.string().check(z.maxLength(100)),
});

export type RollUpEvent = { readonly account: string } & (
  | { readonly kind: 'standing'; readonly standing: Standing }
  /** A record of what an account's guard has done; nothing acts on it. */
  | { readonly kind: 'decision' }
  /** What an account says is no standing: trying again would not make it one. */
  | { readonly kind: 'rejected'; readonly why: string }
);

/** @throws GuardError EVENT_INVALID on what is no event of a guard at all: the rule that passes it on is wrong */
export function parseEvent(event: unknown, now: number): RollUpEvent {
  const parsed = envelope.safeParse(event);
  if (!parsed.success) {
    throw new GuardError(
      'EVENT_INVALID',
      `organization-roll-up takes events of source '${EVENT_SOURCE}' as EventBridge delivers them: ${issuesOf(parsed.error)}`,
    );
  }
  const { account, detail, 'detail-type': type } = parsed.data;
  if (type === DECISION_DETAIL_TYPE) return { kind: 'decision', account };
  const said = standing.safeParse(detail);
  if (!said.success) return { kind: 'rejected', account, why: issuesOf(said.error) };
  const at = Date.parse(said.data.at);
  if (Number.isNaN(at)) return { kind: 'rejected', account, why: `at: no such time: ${said.data.at}` };
  if (at > now + MOST_AHEAD_MS) {
    return { kind: 'rejected', account, why: `at: ${said.data.at} is later than now, ${new Date(now).toISOString()}` };
  }
  if (!said.data.at.startsWith(said.data.month)) {
    return { kind: 'rejected', account, why: `month: ${said.data.month} is not that of ${said.data.at}` };
  }
  return { kind: 'standing', account, standing: said.data };
}

function issuesOf({ issues }: z.core.$ZodError): string {
  return issues.map(({ path, message }) => `${path.map(String).join('.') || 'the event'}: ${message}`).join('; ');
}
