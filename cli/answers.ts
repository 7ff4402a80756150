import * as z from 'zod';
import type { UtcDay, UtcMonth } from '../core/calendar';
import { CHECKS } from '../core/health';
import type { NanoUsd } from '../core/money';
import type { CostReport } from '../core/report';

/** What the guard's functions answer when they are run by hand: the documents that they document, version 1. */

/** Of the health check; what else it says of a finding is for its own mails. */
const finding = z.object({
  check: z.enum(CHECKS),
  subject: z.string(),
  status: z.enum(['ok', 'expected', 'unknown', 'warning', 'failed']),
  latencyMs: z.number().optional(),
  detail: z.string(),
  fix: z.string().optional(),
});

export const healthAnswer = z.object({
  document: z.object({
    schemaVersion: z.literal(1),
    environment: z.string(),
    at: z.string(),
    findings: z.array(finding),
  }),
});

/** Of the report, so that one of another version of the guard is not taken for one of this; the compiler keeps the list. */
const REPORT_KEYS: Readonly<Record<keyof Omit<CostReport, 'budgets' | 'spenders'>, true>> = {
  schemaVersion: true,
  environment: true,
  asOf: true,
  month: true,
  limit: true,
  bill: true,
  meter: true,
  lines: true,
  neverStop: true,
  guardedUnmetered: true,
  requests: true,
};

const report = z.custom<CostReport>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    (value as Partial<CostReport>).schemaVersion === 1 &&
    Object.keys(REPORT_KEYS).every((key) => key in value),
);

export const costAnswer = z.object({ kind: z.literal('reported'), mailed: z.boolean(), report });

const day = z.custom<UtcDay>((value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value));
const month = z.custom<UtcMonth>((value) => typeof value === 'string' && /^\d{4}-\d{2}$/.test(value));
const amount = z.custom<NanoUsd>((value) => Number.isSafeInteger(value));
const count = z.int().nonnegative();

/** What is known, or why it is not. */
function reading<Value extends z.ZodType>(value: Value) {
  return z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('known'), value }),
    z.object({ kind: z.literal('unavailable'), why: z.string() }),
  ]);
}

/** Of the cost check, where it is asked who spent a month. */
export const spendersAnswer = z.object({
  kind: z.literal('spenders'),
  spenders: z.object({
    month,
    callers: reading(
      z.object({
        logGroup: z.string(),
        usage: z.array(
          z.object({
            ...{ day, arn: z.string(), modelId: z.string(), calls: count },
            ...{ uncounted: count.exactOptional(), amount: amount.exactOptional() },
            tokens: z.object({ input: count, output: count, cacheRead: count, cacheWrite: count }),
          }),
        ),
        days: z.array(day),
        missing: z.array(z.object({ day, why: z.string() })),
        rest: z.array(
          z.object({
            ...{ day, callers: count, calls: count, unpricedCalls: count },
            ...{ uncounted: count.exactOptional(), amount: amount.exactOptional() },
          }),
        ),
        unknown: z.array(z.object({ day, why: z.enum(['noTokenCounts', 'noOwner', 'beyondRows']), calls: count })),
        apart: z.array(z.object({ day, owner: z.string(), calls: count })),
        otherRegions: z.array(z.string()),
        bytesScanned: count,
      }),
    ).exactOptional(),
    tagged: reading(
      z.object({ tag: z.string(), spend: z.array(z.object({ day, value: z.string(), amount })) }),
    ).exactOptional(),
  }),
  bill: reading(z.array(z.object({ day, model: z.string(), service: z.string(), amount }))),
});

export type SpendersAnswer = z.output<typeof spendersAnswer>;

/** Of auto-stop. Outcomes are words that a later version may add to. */
export const convergeAnswer = z.object({
  schemaVersion: z.literal(1),
  outcomes: z.array(
    z.object({
      functionName: z.string(),
      qualifier: z.string().optional(),
      outcome: z.string(),
      reason: z.string(),
    }),
  ),
});
