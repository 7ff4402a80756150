import * as z from 'zod/mini';
import { GuardError } from '../../core/errors';

/** Further keys, such as a clock for the local AWS, are allowed; nothing in an event says what to decide (trap 27). */
const events = z.union([
  z.object({ source: z.literal('schedule'), command: z.optional(z.never()), again: z.optional(z.boolean()) }),
  z.object({ command: z.literal('evaluate'), source: z.optional(z.never()) }),
]);

/** What an event says of how to look; never what to decide. */
export interface Asked {
  /** A person asks: the month is read at once. */
  readonly readNow: boolean;
  /** The second look of a tick, half a minute after the first. */
  readonly again: boolean;
}

/** @throws GuardError EVENT_INVALID */
export function parseEvent(event: unknown): Asked {
  const parsed = events.safeParse(event);
  if (parsed.success) {
    const { data } = parsed;
    return { readNow: data.command === 'evaluate', again: data.source === 'schedule' && data.again === true };
  }
  const text = JSON.stringify(event) ?? String(event);
  const shown = text.length <= 200 ? text : `${text.slice(0, 200)}...`;
  throw new GuardError(
    'EVENT_INVALID',
    `spend-meter takes {"source":"schedule",...} or {"command":"evaluate"}, got ${shown}`,
  );
}
