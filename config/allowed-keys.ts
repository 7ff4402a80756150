import * as z from 'zod';

/** Settings that may stand together. */
export interface AllowedKeys {
  readonly keys: readonly string[];
  /** Of which kind of one thing, where it has several. */
  readonly kind?: string;
}

/** The settings that may stand at a path, by the schema itself. */
export function allowedKeysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly AllowedKeys[] {
  const [first, ...rest] = path;
  const plain = unwrapped(schema);
  if (first === undefined) return keysOf(plain);
  return within(plain, first).flatMap((inner) => allowedKeysAt(inner, rest));
}

/** For people: each kind's with the kind behind it. */
export function allowedText(allowed: readonly AllowedKeys[]): string {
  const texts = allowed.map(({ keys, kind }) =>
    kind === undefined ? keys.join(', ') : `${keys.join(', ')} (${kind})`,
  );
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

function keysOf(schema: z.core.$ZodType): readonly AllowedKeys[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((one) => keysOf(unwrapped(one)));
  if (!(schema instanceof z.ZodObject)) return [];
  const { kind, ...others } = schema.shape as Readonly<Record<string, z.core.$ZodType>>;
  const keys = Object.keys(others);
  return [kind instanceof z.ZodLiteral ? { keys, kind: String(kind.value) } : { keys }];
}

export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly ? unwrapped(schema.unwrap()) : schema;
}
