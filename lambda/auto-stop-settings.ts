import * as z from 'zod/mini';
import { json } from './env';

const text = z.string().check(z.minLength(1));

const managedFunction = z.object({
  functionName: text,
  optional: z.boolean(),
  qualifiers: z.optional(z.readonly(z.array(text).check(z.minLength(1)))),
  idleMinutes: z.optional(z.int().check(z.minimum(15))),
  declaredElsewhere: z.boolean(),
  allowZero: z.optional(text),
});

/** The variable MANAGED_FUNCTIONS of whatever lowers or restores provisioned concurrency. */
export const managedFunctions = json(z.readonly(z.array(managedFunction)));
