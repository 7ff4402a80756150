import * as z from 'zod/mini';
import type { DecisionState, MeterState } from '../../../core/decision';
import type { ToldState } from '../../../core/meter';
import { alertShape } from './alert-shapes';
import {
  budgetLimits,
  cause,
  count,
  day,
  desired,
  known,
  memory,
  month,
  nano,
  text,
  time,
  toldTrouble,
  trigger,
} from './meter-shapes';

const lines = z.object({
  limit: nano,
  stop: nano,
  degrade: z.optional(nano),
  daily: z.optional(nano),
  brake: nano,
});

const decision = z.object({
  month,
  at: time,
  desired,
  lines,
  holds: z.array(z.extend(trigger, { limit: nano, day })),
  grace: z.optional(
    z.object({
      until: time,
      why: z.enum(['firstSeen', 'lowered']),
      causes: z.array(cause),
      before: z.optional(lines),
    }),
  ),
  alerted: z.array(text),
  lastKnown: z.optional(z.object({ at: time, month, monthToDate: nano, day, today: nano })),
  lastSeenAt: time,
  blindSince: z.optional(time),
  burnAlert: z.optional(z.object({ day, burnPerMinute: nano, rearmed: z.boolean() })),
  override: z.optional(z.object({ since: time, monthToDate: nano, day, today: nano })),
}) satisfies z.ZodMiniType<DecisionState>;

const told = z.object({
  lookedAt: time,
  trusted: z.boolean(),
  trouble: z.optional(toldTrouble),
  looks: z.int().check(z.positive()),
  lostAt: z.optional(time),
  unseen: z.optional(z.object({ calls: count, since: z.optional(time) })),
}) satisfies z.ZodMiniType<ToldState>;

/** The item of a month. */
export const meterStateShape = z.object({
  schemaVersion: z.literal(1),
  month,
  revision: z.int().check(z.positive()),
  desired,
  installedAt: time,
  decision,
  memory: z.optional(memory),
  reading: z.optional(
    z.object({
      at: time,
      known: z.optional(known),
      unknown: z.optional(text),
      burnPrevious: z.optional(nano),
      again: z.optional(z.boolean()),
      canaryOverdueSince: z.optional(time),
    }),
  ),
  gate: z.object({
    everShowedData: z.boolean(),
    lastActivityAt: z.optional(time),
    settled: z.optional(z.object({ from: time, before: time, calls: count })),
    outspentAt: z.optional(time),
    told: z.optional(told),
  }),
  claimedUntil: time,
  outbox: z.array(alertShape),
  lastAlertAt: z.optional(time),
  firing: z.optional(
    z.object({
      leak: z.optional(z.boolean()),
      contradiction: z.optional(z.boolean()),
      notTold: z.optional(z.boolean()),
      billAction: z.optional(z.enum(['reverse', 'reset'])),
    }),
  ),
  enforcement: z.object({
    switchedTo: z.optional(desired),
    versions: z.optional(z.partialRecord(desired, text)),
    foreign: z.optional(z.array(text)),
    principals: z.optional(text),
    stoppedSince: z.optional(time),
    leakBaseline: z.optional(z.record(text, nano)),
    pagedOpen: z.array(text),
    pagedWhileOpen: z.optional(z.boolean()),
    toldAutoStop: z.optional(desired),
  }),
  bill: z.object({
    appliedMonth: z.optional(month),
    reversedFor: z.optional(time),
    armedLine: z.optional(nano),
    appliedLine: z.optional(nano),
    raisedFrom: z.optional(nano),
    leftoverTold: z.optional(z.array(text)),
  }),
  budgets: z.optional(z.object({ limits: budgetLimits, since: time, unread: z.optional(text) })),
  unsaid: z.optional(z.boolean()),
  closed: z.optional(z.boolean()),
}) satisfies z.ZodMiniType<MeterState>;
