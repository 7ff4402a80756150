import * as z from 'zod/mini';
import type { UtcDay, UtcMonth } from '../../core/calendar';
import type { DecisionState } from '../../core/decision';
import type { KnownSeries, MeterState, Order, StoredCalibration } from '../../core/meter/state';
import type { KnownAssessment, MeterMemory, ModelSpend, SeriesId, UncountedUsage } from '../../core/meter/types';
import type { NanoUsd } from '../../core/money';
import type { Override } from '../../core/override';
import type { Principal } from '../../core/ports/attachments';

/**
 * The meter's items, field by field. The annotations make a field that core adds and a shape lacks an error of the compiler;
 * optional fields are held against the types in the tests, since a shape drops what it does not know.
 */

/** Nano-dollars as a plain number; nothing that is stored is below zero. */
export const nano = z.custom<NanoUsd>((value) => Number.isSafeInteger(value) && Number(value) >= 0);
/** ms since the epoch. */
export const time = z.number().check(z.minimum(0));
const count = z.number().check(z.minimum(0));
const revision = z.int().check(z.positive());
export const text = z.string();
const filled = z.string().check(z.minLength(1));

export const month = z.custom<UtcMonth>((value) => typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(value));
export const day = z.custom<UtcDay>(
  (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)),
);

export const desired = z.enum(['open', 'degraded', 'stopped']);
const cause = z.enum(['threshold', 'projected', 'daily', 'brake', 'degrade']);

export const override: z.ZodMiniType<Override> = z.object({
  since: time,
  by: filled,
  reason: filled,
  limit: z.optional(nano),
  until: z.optional(time),
});

export const principal: z.ZodMiniType<Principal> = z.object({
  kind: z.enum(['role', 'user', 'group']),
  name: filled,
});

const tokens = z.object({ input: count, output: count, cacheRead: count, cacheWrite: count });

export const modelSpend: z.ZodMiniType<ModelSpend> = z.object({
  metricId: filled,
  region: filled,
  modelId: text,
  tier: z.enum(['small', 'large', 'unknown']),
  tokens,
  monthToDate: nano,
  today: nano,
});

const uncounted: z.ZodMiniType<UncountedUsage> = z.object({ metricId: filled, region: filled, owner: text, tokens });

export const finding = z.object({
  kind: z.enum([
    ...(['negative', 'notANumber', 'fractional', 'future', 'otherMonth', 'unit'] as const),
    ...(['unresolved', 'unpriced', 'fell'] as const),
  ]),
  understates: z.boolean(),
  text,
});

const memory: z.ZodMiniType<MeterMemory> = z.object({
  month,
  at: time,
  monthToDate: nano,
  day,
  today: nano,
  ring: z.array(z.object({ at: time, monthToDate: nano })),
});

const known: z.ZodMiniType<KnownAssessment> = z.object({
  kind: z.literal('known'),
  asOf: time,
  month,
  monthToDate: nano,
  day,
  today: nano,
  lastHour: nano,
  burnPerMinute: nano,
  lowerBound: z.boolean(),
  byModel: z.array(modelSpend),
  unattributed: z.array(modelSpend),
  foreign: z.array(uncounted),
  unguarded: z.array(uncounted),
  findings: z.array(finding),
  memory,
});

export const trigger = z.object({ cause, level: z.enum(['degraded', 'stopped']), line: nano, text });

const lines = z.object({
  limit: nano,
  stop: nano,
  degrade: z.optional(nano),
  daily: z.optional(nano),
  brake: nano,
});

const decision: z.ZodMiniType<DecisionState> = z.object({
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
});

/** @param outbox the shape of the alerts that wait */
export function meterStateShape(outbox: z.ZodMiniType<MeterState['outbox']>): z.ZodMiniType<MeterState> {
  return z.object({
    schemaVersion: z.literal(1),
    month,
    revision,
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
        canaryOverdueSince: z.optional(time),
      }),
    ),
    gate: z.object({ everShowedData: z.boolean(), lastActivityAt: z.optional(time) }),
    claimedUntil: time,
    outbox,
    enforcement: z.object({
      confirmed: z.record(text, z.array(principal)),
      stoppedSince: z.optional(time),
      leakBaseline: z.optional(z.record(text, nano)),
      pagedOpen: z.array(text),
      toldAutoStop: z.optional(desired),
    }),
    bill: z.object({ appliedMonth: z.optional(month), reversedFor: z.optional(time) }),
  });
}

const seriesId: z.ZodMiniType<SeriesId> = z.object({
  namespace: filled,
  region: filled,
  metric: filled,
  dimensions: z.record(text, text),
});

export const knownSeriesShape: z.ZodMiniType<KnownSeries> = z.object({
  month,
  series: z.array(seriesId),
  profiles: z.record(text, text),
});

export const orderShape: z.ZodMiniType<Order> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('override'), override }),
  z.object({ kind: z.literal('stop'), stop: z.object({ since: time, by: filled, reason: filled }) }),
]);

export const calibrationShape: z.ZodMiniType<StoredCalibration> = z.object({
  factor: z.number().check(z.positive()),
  at: time,
});

/** As the health check writes it; `at` is an ISO time. */
export const canaryShape = z.object({
  at: text.check(z.refine((at) => !Number.isNaN(Date.parse(at)))),
  profileId: filled,
  profileArn: filled,
  modelId: filled,
  inputTokens: z.int().check(z.minimum(0)),
  outputTokens: z.int().check(z.minimum(0)),
});
