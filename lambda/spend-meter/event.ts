import * as z from 'zod/mini';
import { GuardError } from '../../core/errors';

/** Further keys, such as a clock for the local AWS, are allowed; nothing in an event says what to decide (trap 27). */
const events = z.union([
  z.object({ source: z.literal('schedule'), command: z.optional(z.never()) }),
  z.object({ command: z.literal('evaluate'), source: z.optional(z.never()) }),
]);

/** @returns whether a person asks: then the month is read at once. @throws GuardError EVENT_INVALID */
export function parseEvent(event: unknown): { readonly readNow: boolean } {
  const parsed = events.safeParse(event);
  if (parsed.success) return { readNow: 'command' in parsed.data && parsed.data.command === 'evaluate' };
  const text = JSON.stringify(event) ?? String(event);
  const shown = text.length <= 200 ? text : `${text.slice(0, 200)}...`;
  throw new GuardError(
    'EVENT_INVALID',
    `spend-meter takes {"source":"schedule",...} or {"command":"evaluate"}, got ${shown}`,
  );
}
