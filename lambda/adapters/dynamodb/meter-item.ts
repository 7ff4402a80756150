import * as z from 'zod/mini';
import { GuardError } from '../../../core/errors';

const versioned = z.object({ schemaVersion: z.literal(1) });

/** @throws GuardError ANSWER_INVALID with the item's name and the fields at fault */
export function checked<T>(shape: z.ZodMiniType<T>, item: unknown, name: string): T {
  // Of another version nothing else can be said.
  if (!versioned.safeParse(item).success) throw broken(name, ['schemaVersion']);
  const parsed = shape.safeParse(item);
  if (parsed.success) return parsed.data;
  throw broken(
    name,
    parsed.error.issues.map(({ path }) => path.map(String).join('.') || 'the item itself'),
  );
}

export function broken(name: string, fields: readonly string[]): GuardError {
  const wrong = [...new Set(fields)].join(', ');
  return new GuardError(
    'ANSWER_INVALID',
    `item ${name} is not what the meter writes (schemaVersion 1), wrong: ${wrong}; restore the item or delete it`,
  );
}
