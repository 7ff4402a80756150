import * as z from 'zod';
import { guardSchema, organizationSchema } from '../config';

/** What JSON Schema says of a value, of what the config's schema uses. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  /** Of shapes that a key tells apart. */
  readonly oneOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | false;
}

/**
 * The declarations of what a file may have for whoever has the package, in plain types, in place of those of its source. The schema's
 * own are of zod, which is inside of the package and no concern of an app.
 */
export const PLAIN_DECLARATIONS: Readonly<Record<string, () => string>> = {
  'config/schema.d.ts': () => declarationsOf(guardSchema, 'GuardInput', 'defineGuard'),
  'config/organization-schema.d.ts': () =>
    declarationsOf(organizationSchema, 'OrganizationInput', 'defineOrganization'),
};

function declarationsOf(schema: z.ZodType, input: string, define: string): string {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  return [
    `export interface ${input} ${typeOf(shape, '')}`,
    '/** Gives the editor the types; the values are checked when the file is loaded. */',
    `export declare function ${define}(input: ${input}): ${input};`,
    '',
  ].join('\n');
}

/** @throws Error for what it has no type of: a kind of value that is new in the schema */
function typeOf(shape: Shape, indent: string): string {
  const either = shape.anyOf ?? shape.oneOf;
  if (either) return either.map((one) => typeOf(one, indent)).join(' | ');
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  switch (shape.type) {
    case 'string':
    case 'boolean':
    case 'number':
      return shape.type;
    case 'integer':
      return 'number';
    case 'array':
      if (shape.items) return `readonly (${typeOf(shape.items, indent)})[]`;
      break;
    case 'object':
      if (shape.properties) return objectOf(shape, `${indent}  `);
      if (shape.additionalProperties) {
        return `{\n${indent}  readonly [name: string]: ${typeOf(shape.additionalProperties, `${indent}  `)};\n${indent}}`;
      }
      break;
    default:
  }
  throw new Error(`no type for ${JSON.stringify(shape)}`);
}

function objectOf({ properties = {}, required = [] }: Shape, indent: string): string {
  const members = Object.entries(properties).map(
    ([key, value]) =>
      `${indent}readonly ${key}${required.includes(key) ? '' : '?'}: ${typeOf(value, indent)}${required.includes(key) ? '' : ' | undefined'};`,
  );
  return `{\n${members.join('\n')}\n${indent.slice(2)}}`;
}
