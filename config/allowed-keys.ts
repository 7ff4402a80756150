import * as z from 'zod';

/** The settings that may stand at a path, by the schema itself. */
export function allowedKeysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  const plain = unwrapped(schema);
  if (first === undefined) return keysOf(plain);
  const texts = within(plain, first).map((inner) => allowedKeysAt(inner, rest));
  return [...new Set(texts.filter((text) => text !== ''))].join('; ');
}

function within(schema: z.core.$ZodType, key: PropertyKey): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const inner = (schema.shape as Readonly<Record<PropertyKey, z.core.$ZodType | undefined>>)[key];
    return inner === undefined ? [] : [inner];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodArray) return [schema.element];
  return schema instanceof z.ZodUnion ? schema.options.flatMap((one) => within(unwrapped(one), key)) : [];
}

/** Of kinds of one thing each with its kind behind it. */
function keysOf(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodUnion) {
    const texts = schema.options.map((one) => keysOf(unwrapped(one)));
    return texts.filter((text) => text !== '').join('; ');
  }
  if (!(schema instanceof z.ZodObject)) return '';
  const { kind, ...others } = schema.shape as Readonly<Record<string, z.core.$ZodType>>;
  const keys = Object.keys(others).join(', ');
  return kind instanceof z.ZodLiteral ? `${keys} (${String(kind.value)})` : keys;
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly ? unwrapped(schema.unwrap()) : schema;
}
