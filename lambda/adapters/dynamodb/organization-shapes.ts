import * as z from 'zod/mini';
import type { UtcMonth } from '../../../core/calendar';
import { nanoUsd } from '../../../core/money';
import { mailShape } from './mail-shape';

const state = z.enum(['open', 'degraded', 'stopped']);
const month = z.pipe(
  z.string().check(z.regex(/^\d{4}-\d{2}$/)),
  z.transform((text: string) => text as UtcMonth),
);
const nano = z.pipe(
  z.int(),
  z.transform((amount: number) => nanoUsd(amount)),
);
const monthAmount = z.object({ month: z.string(), amount: nano });

export const standingShape = z.object({
  schemaVersion: z.literal(1),
  account: z.string(),
  standing: z.object({
    schemaVersion: z.literal(1),
    environment: z.string(),
    month: z.string(),
    at: z.string(),
    asOf: z.nullable(z.string()),
    desired: state,
    enforced: z.union([state, z.literal('unknown')]),
    spentNano: z.nullable(z.int()),
    atLeast: z.boolean(),
    limitNano: z.int(),
    blind: z.boolean(),
    enforce: z.boolean(),
    reason: z.string(),
    guardVersion: z.string(),
  }),
  heardAt: z.number(),
  known: z.optional(monthAmount),
  stopped: z.optional(monthAmount),
});

export const brakeShape = z.object({
  schemaVersion: z.literal(1),
  account: z.string(),
  revision: z.int().check(z.positive()),
  decisions: z.int(),
  hold: z.optional(
    z.object({
      cause: z.enum(['spend', 'rise', 'ordered']),
      decision: z.string(),
      month,
      since: z.number(),
      reason: z.string(),
      line: nano,
      by: z.optional(z.string()),
    }),
  ),
  approval: z.optional(z.object({ decision: z.string(), by: z.string(), at: z.number() })),
  override: z.optional(
    z.object({ since: z.number(), by: z.string(), reason: z.string(), until: z.exactOptional(z.number()) }),
  ),
  ours: z.optional(
    z.object({
      since: z.number(),
      confirmedAt: z.optional(z.number()),
      detaching: z.optional(z.string()),
    }),
  ),
  failure: z.optional(z.object({ did: z.enum(['attach', 'detach']), why: z.string(), since: z.number() })),
  firing: z.optional(z.boolean()),
  claimedUntil: z.number(),
  outbox: z.array(mailShape),
  history: z.array(z.object({ at: z.number(), text: z.string(), by: z.optional(z.string()) })),
});

export const lookedShape = z.object({
  schemaVersion: z.literal(1),
  at: z.number(),
  foreign: z.array(z.string()),
  trouble: z.optional(z.string()),
});
