import * as z from 'zod';
import { unwrapped } from './allowed-keys';
import { pathText, type Problem } from './problems';

/** The one name that zod leaves out of a record in silence: JavaScript keeps it for what an object inherits from. */
const LEFT_OUT = '__proto__';

/**
 * What stands under that name where names are a person's own, as a file of JSON can have it. Elsewhere zod says that it is no setting.
 * @param told problems that are known already: the same place is told once
 */
export function leftOutProblems(schema: z.core.$ZodType, input: unknown, told: readonly Problem[]): Problem[] {
  return leftOutPaths(schema, input)
    .map(pathText)
    .filter((path) => told.every((one) => one.path !== path))
    .map((path) => ({ path, text: `must have another name: JavaScript keeps ${LEFT_OUT} for itself` }));
}

function leftOutPaths(schema: z.core.$ZodType, input: unknown): readonly (readonly PropertyKey[])[] {
  if (typeof input !== 'object' || input === null) return [];
  const plain = unwrapped(schema);
  if (plain instanceof z.ZodRecord) {
    const own = Object.hasOwn(input, LEFT_OUT) ? [[LEFT_OUT]] : [];
    return [...own, ...Object.entries(input).flatMap(([key, value]) => below(key, plain.valueType, value))];
  }
  if (plain instanceof z.ZodObject) {
    const shape = plain.shape as Readonly<Record<string, z.core.$ZodType>>;
    return Object.entries(shape).flatMap(([key, inner]) => below(key, inner, (input as Record<string, unknown>)[key]));
  }
  if (plain instanceof z.ZodArray) {
    return Array.isArray(input) ? input.flatMap((value, at) => below(at, plain.element, value)) : [];
  }
  return plain instanceof z.ZodUnion ? plain.options.flatMap((one) => leftOutPaths(one, input)) : [];
}

function below(key: PropertyKey, schema: z.core.$ZodType, value: unknown): readonly (readonly PropertyKey[])[] {
  return leftOutPaths(schema, value).map((path) => [key, ...path]);
}
