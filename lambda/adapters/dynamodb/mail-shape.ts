import * as z from 'zod/mini';
import type { Mail } from '../../../core/mail';
import { noticesFrom } from '../../../core/notice';

/** What is none is left out: a mail goes out with the notices that can be read, or without any, as from an earlier release. */
const notices = z.pipe(
  z.unknown(),
  z.transform((stored) => noticesFrom(stored).notices),
);

/** A mail that is kept until it is sent. One with a single notice is kept as one with several. */
export const mailShape = z.object({
  subject: z.string(),
  body: z.string(),
  notices: z.optional(notices),
}) satisfies z.ZodMiniType<Mail>;
