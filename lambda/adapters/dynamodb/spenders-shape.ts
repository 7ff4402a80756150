import * as z from 'zod/mini';
import type { NanoUsd } from '../../../core/money';
import type { SpendersDay } from '../../../core/spenders';
import { count, day, nano, text, time } from './meter-shapes';

const calls = count;
const tokens = z.object({ input: count, output: count, cacheRead: count, cacheWrite: count });

/** What a day has of each caller; the day itself is said once. */
const usage = z.object({
  ...{ arn: text, modelId: text, calls, tokens },
  uncounted: z.optional(calls),
  amount: z.optional(nano),
});

export const spendersDayShape = z.object({
  schemaVersion: z.literal(1),
  day,
  logGroup: text,
  readAt: time,
  bytesScanned: count,
  usage: z.array(usage),
  rest: z.optional(
    z.object({
      ...{ callers: count, calls, unpricedCalls: calls },
      uncounted: z.optional(calls),
      amount: z.optional(nano),
    }),
  ),
  unknown: z.array(z.object({ why: z.enum(['noTokenCounts', 'noOwner', 'beyondRows']), calls })),
  apart: z.array(z.object({ owner: text, calls })),
});

/** @throws what the shape finds wrong, as undefined */
export function spendersDayOf(item: unknown): SpendersDay | undefined {
  const parsed = spendersDayShape.safeParse(item);
  if (!parsed.success) return undefined;
  const { schemaVersion: _, usage: rows, rest, ...read } = parsed.data;
  return {
    ...read,
    usage: rows.map((row) => ({ day: read.day, ...withoutAbsent(row) })),
    ...(rest && { rest: withoutAbsent(rest) }),
  };
}

function withoutAbsent<Of extends { amount?: NanoUsd | undefined; uncounted?: number | undefined }>({
  amount,
  uncounted,
  ...rest
}: Of) {
  return {
    ...rest,
    ...(uncounted === undefined ? {} : { uncounted }),
    ...(amount === undefined ? {} : { amount }),
  };
}
