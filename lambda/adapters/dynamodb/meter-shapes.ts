import * as z from 'zod/mini';
import type { UtcDay, UtcMonth } from '../../../core/calendar';
import type { KnownSeries, StoredCalibration } from '../../../core/decision';
import type { BudgetLimits, BudgetOrder, BudgetOrders } from '../../../core/shared-budgets';
import type { Order, Override } from '../../../core/stop-lines';
import type {
  CacheBurn,
  CacheUse,
  KnownAssessment,
  MeterMemory,
  ModelSpend,
  SeriesId,
  ToldTrouble,
  UncountedUsage,
} from '../../../core/meter';
import type { NanoUsd } from '../../../core/money';
import type { Principal } from '../../../core/enforcement';

/**
 * What the meter's items are made of, field by field. `satisfies` makes a field that core adds and a shape lacks an error of
 * the compiler; optional ones are held against the types in the tests, since a shape drops what it does not know.
 */

/** Nano-dollars as a plain number; nothing that is stored is below zero. */
export const nano = z.custom<NanoUsd>((value) => Number.isSafeInteger(value) && Number(value) >= 0);
/** ms since the epoch. */
export const time = z.number().check(z.minimum(0));
export const count = z.number().check(z.minimum(0));
export const text = z.string();
const filled = z.string().check(z.minLength(1));

export const month = z.custom<UtcMonth>((value) => typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(value));
export const day = z.custom<UtcDay>(
  (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)),
);

export const desired = z.enum(['open', 'degraded', 'stopped']);
export const cause = z.enum(['threshold', 'projected', 'daily', 'brake', 'degrade']);

export const override = z.object({
  since: time,
  by: filled,
  reason: filled,
  limit: z.optional(nano),
  until: z.optional(time),
}) satisfies z.ZodMiniType<Override>;

export const principal = z.object({
  kind: z.enum(['role', 'user', 'group']),
  name: filled,
}) satisfies z.ZodMiniType<Principal>;

const tokens = z.object({ input: count, output: count, cacheRead: count, cacheWrite: count });

export const modelSpend = z.object({
  metricId: filled,
  region: filled,
  modelId: text,
  tier: z.enum(['small', 'large', 'unknown']),
  tokens,
  monthToDate: nano,
  today: nano,
}) satisfies z.ZodMiniType<ModelSpend>;

const uncounted = z.object({
  metricId: filled,
  region: filled,
  owner: text,
  tokens,
}) satisfies z.ZodMiniType<UncountedUsage>;

export const finding = z.object({
  kind: z.enum([
    ...(['negative', 'notANumber', 'fractional', 'future', 'otherMonth', 'unit'] as const),
    ...(['unresolved', 'unpriced', 'unlisted', 'untrustedPrice', 'fell'] as const),
  ]),
  understates: z.boolean(),
  text,
});

export const cacheBurn = z.object({
  metricId: filled,
  region: filled,
  modelId: text,
  tokens,
  readsPerWrite: count,
  breakEven: count,
  lost: nano,
  writesPercent: count,
  likelyCause: text,
  from: z.optional(time),
  to: z.optional(time),
  lostAtLeast: z.optional(nano),
  spend: z.optional(nano),
  before: z.optional(count),
  aboveBefore: z.optional(nano),
}) satisfies z.ZodMiniType<CacheBurn>;

const cache = z.object({
  burns: z.array(cacheBurn),
  lately: z.array(cacheBurn),
  unknown: z.array(z.object({ metricId: filled, region: filled, modelId: text, writes: nano, why: text })),
}) satisfies z.ZodMiniType<CacheUse>;

export const memory = z.object({
  month,
  at: time,
  monthToDate: nano,
  day,
  today: nano,
  ring: z.array(z.object({ at: time, monthToDate: nano })),
}) satisfies z.ZodMiniType<MeterMemory>;

export const known = z.object({
  kind: z.literal('known'),
  asOf: time,
  month,
  monthToDate: nano,
  day,
  today: nano,
  lastHour: nano,
  burnPerMinute: nano,
  lowerBound: z.boolean(),
  complete: z.optional(z.object({ until: time, spent: nano })),
  byModel: z.array(modelSpend),
  unattributed: z.array(modelSpend),
  foreign: z.array(uncounted),
  unguarded: z.array(uncounted),
  findings: z.array(finding),
  cache: z.optional(cache),
  memory,
}) satisfies z.ZodMiniType<KnownAssessment>;

export const trigger = z.object({ cause, level: z.enum(['degraded', 'stopped']), line: nano, text });

export const toldTrouble = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['missing', 'undecided']) }),
  z.object({ kind: z.enum(['edited', 'unreadable', 'lost']), text }),
]) satisfies z.ZodMiniType<ToldTrouble>;

const seriesId = z.object({
  namespace: filled,
  region: filled,
  metric: filled,
  dimensions: z.record(text, text),
}) satisfies z.ZodMiniType<SeriesId>;

export const knownSeriesShape = z.object({
  month,
  series: z.array(seriesId),
  profiles: z.record(text, text),
}) satisfies z.ZodMiniType<KnownSeries>;

export const orderShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('override'), override }),
  z.object({ kind: z.literal('stop'), stop: z.object({ since: time, by: filled, reason: filled }) }),
]) satisfies z.ZodMiniType<Order>;

const budgetOrder = z.object({
  limit: nano,
  until: z.optional(time),
  by: filled,
  reason: filled,
  at: time,
}) satisfies z.ZodMiniType<BudgetOrder>;

/** By budget. */
export const budgetOrdersShape = z.record(filled, budgetOrder) satisfies z.ZodMiniType<BudgetOrders>;
export const budgetLimits = z.record(filled, nano) satisfies z.ZodMiniType<BudgetLimits>;

export const calibrationShape = z.object({
  factor: z.number().check(z.positive()),
  at: time,
}) satisfies z.ZodMiniType<StoredCalibration>;

/** As the health check writes it; `at` is an ISO time. */
export const canaryShape = z.object({
  at: text.check(z.refine((at) => !Number.isNaN(Date.parse(at)))),
  profileId: filled,
  profileArn: filled,
  modelId: filled,
  inputTokens: z.int().check(z.minimum(0)),
  outputTokens: z.int().check(z.minimum(0)),
});

/** Item `pk` = `lifecycle`, `sk` = `extended-access`, which the health check writes and the meter reads. */
export const EXTENDED_ACCESS = { pk: 'lifecycle', sk: 'extended-access' } as const;
export const extendedAccessShape = z.object({
  schemaVersion: z.literal(1),
  /** Model as the configuration names it, and ms since the epoch. */
  dates: z.record(z.string(), z.number()),
});
