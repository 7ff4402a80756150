import * as z from 'zod/mini';
import { parseNotices } from '../../../core/notice';
import type { Notice } from '../../../core/notice';

const time = z.number().check(z.minimum(0));
const revision = z.int().check(z.positive());
const text = z.string().check(z.minLength(1));

/** Kept as its JSON: its form has a version and a reader of its own. */
const notice = z.pipe(
  z.string(),
  z.transform((json: string, context): Notice => {
    const { notices, refused } = parseNotices(`[${json}]`);
    const [first] = notices;
    if (first !== undefined) return first;
    context.issues.push({ code: 'custom', message: refused.join('; '), input: json });
    return z.NEVER;
  }),
);

const waiting = { notice, acceptedAt: time };

export const deliveryShape = z.object({
  schemaVersion: z.literal(1),
  revision,
  channel: text,
  fact: text,
  keys: z.array(text),
  waiting: z.array(z.object(waiting)),
  current: z.optional(
    z.object({
      ...waiting,
      id: text,
      claimedUntil: time,
      tries: z.int(),
      isDoubtful: z.boolean(),
      notBefore: time,
      isRefused: z.boolean(),
      place: z.optional(text),
    }),
  ),
  told: z.optional(
    z.object({
      status: z.enum(['firing', 'resolved', 'once']),
      at: time,
      title: z.optional(z.string()),
      ref: z.optional(z.string()),
      place: z.optional(text),
    }),
  ),
  left: z.optional(z.array(z.object({ title: z.string(), at: time, isDoubtful: z.boolean() }))),
  changedAt: time,
});

const trouble = z.object({
  code: z.enum([
    ...['secretMissing', 'secretDenied', 'secretInvalid'],
    ...['revoked', 'gone', 'notAllowed', 'messageRefused', 'away'],
  ] as const),
  why: z.string(),
  since: time,
  place: z.optional(text),
});

export const channelStateShape = z.object({
  schemaVersion: z.literal(1),
  revision,
  channel: text,
  pausedUntil: time,
  failures: z.int(),
  refusedVersion: z.optional(z.string()),
  trouble: z.optional(trouble),
  mailed: z.optional(trouble),
  mailing: z.optional(trouble),
  claimedUntil: time,
  checkedAt: time,
  place: z.optional(text),
});
