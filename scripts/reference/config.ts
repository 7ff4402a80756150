import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import shipped from '../../config/budget-tiers';
import { ENVIRONMENT_NAME, guardSchema } from '../../config';
import { comments } from './comments';
import { code, table } from './markdown';

const ROOT = path.resolve(__dirname, '../..');
const ENVIRONMENT = 'environments.<name>';
/** JavaScript's largest whole number: no limit that anybody set. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** What the entries of a record are named by, where that is no id. */
const KEYS: Readonly<Record<string, string>> = { budgets: 'path', channels: 'name' };

/** What zod's JSON Schema says of a value, with the words of the schema's own error. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly words?: string;
  readonly anyOf?: readonly Shape[];
  /** Kinds of one thing, each an object with a `kind`. */
  readonly oneOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | false;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
}

interface Setting {
  readonly path: string;
  readonly needed: boolean;
  readonly allowed: string;
}

/** Every setting: what is allowed comes from the schema, what it is for from the comments beside it. */
export function configReference(): string {
  const all = settings('', guardShape(), true);
  const words = describe();
  const ofEnvironment = all.filter((one) => one.path.startsWith(`${ENVIRONMENT}.`));
  const others = all.filter((one) => !one.path.startsWith(ENVIRONMENT));
  const rows = (some: readonly Setting[], prefix: string) =>
    some.map(({ path: full, needed, allowed }) => {
      const name = full.slice(prefix.length);
      return [code(name), needed ? 'yes' : '', allowed, code(shippedValue(name, prefix)), words(name)];
    });
  const head = ['setting', 'needed', 'allowed', 'as shipped', 'what for'];
  return [
    '# The config',
    '',
    'Made from `config/schema.ts` and `config/budget-tiers.ts` by `npm run reference`.',
    '',
    'One file, `config/budget-tiers.ts`, holds all of it. `npx cdk synth` checks it and names every mistake at once, with its place, what is allowed, and what was found. Amounts are US dollars a calendar month (UTC); percentages are of the environment’s own limit.',
    '',
    '## An environment',
    '',
    `Each entry of \`environments\`; its name is ${ENVIRONMENT_NAME}. What the environments share stands once, in \`everywhere\`.`,
    '',
    table(head, rows(ofEnvironment, `${ENVIRONMENT}.`)),
    '',
    '## Beside the environments',
    '',
    table(
      head.slice(0, 3).concat('what for'),
      rows(others, '').map((row) => [...row.slice(0, 3), row[4] ?? '']),
    ),
    '',
  ].join('\n');
}

function guardShape(): Shape {
  return z.toJSONSchema(guardSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.type !== 'string' || jsonSchema.enum || jsonSchema.const) return;
      // No string that anybody means: its error says what is meant.
      const found = (zodSchema as unknown as z.ZodType).safeParse('\u0000 ');
      if (!found.success) Object.assign(jsonSchema, { words: found.error.issues[0]?.message });
    },
  }) as Shape;
}

/** A row for each value that is no object of further ones. */
function settings(at: string, shape: Shape, needed: boolean): readonly Setting[] {
  const inner = (key: string) => (at === '' ? key : `${at}.${key}`);
  if (shape.properties) {
    const required = shape.required ?? [];
    return Object.entries(shape.properties).flatMap(([key, value]) =>
      settings(inner(key), value, needed && required.includes(key)),
    );
  }
  if (shape.type === 'object' && shape.additionalProperties) {
    if (at === 'environments') return settings(inner('<name>'), shape.additionalProperties, needed);
    const key = KEYS[at.slice(ENVIRONMENT.length + 1)] ?? 'id';
    return [
      { path: at, needed, allowed: `entries by ${key}, see below` },
      ...settings(inner(`<${key}>`), shape.additionalProperties, true),
    ];
  }
  if (shape.oneOf) return ofKinds(at, shape.oneOf);
  if (shape.items?.properties) {
    return [{ path: at, needed, allowed: allowed(shape) }, ...settings(`${at}[]`, shape.items, true)];
  }
  return [{ path: at, needed, allowed: allowed(shape) }];
}

/** What a kind is chosen by; then a row for each setting, or more where kinds allow different things. */
function ofKinds(at: string, kinds: readonly Shape[]): readonly Setting[] {
  const nameOf = ({ properties }: Shape) => code(literal(properties?.['kind']?.const));
  const rows = new Map<string, Setting & { readonly kinds: readonly string[] }>();
  for (const kind of kinds) {
    for (const one of settings(at, kind, true).filter(({ path: full }) => full !== `${at}.kind`)) {
      const key = JSON.stringify(one);
      rows.set(key, { ...one, kinds: [...(rows.get(key)?.kinds ?? []), nameOf(kind)] });
    }
  }
  const order = [...new Set([...rows.values()].map((one) => one.path))];
  return [
    { path: `${at}.kind`, needed: true, allowed: kinds.map(nameOf).join(', ') },
    ...order
      .flatMap((full) => [...rows.values()].filter((one) => one.path === full))
      .map((one) => ({
        ...one,
        allowed: one.kinds.length === kinds.length ? one.allowed : `of kind ${one.kinds.join(', ')}: ${one.allowed}`,
      })),
  ];
}

function allowed(shape: Shape): string {
  if (shape.anyOf) return shape.anyOf.map(allowed).join(', or ');
  if (shape.enum) return shape.enum.map((value) => code(literal(value))).join(', ');
  if (shape.const !== undefined) return code(literal(shape.const));
  if (shape.items) {
    const least = shape.minItems ? `, at least ${shape.minItems}` : '';
    return `a list${least}: ${shape.items.properties ? 'see below' : allowed(shape.items)}`;
  }
  if (shape.properties) {
    const keys = Object.entries(shape.properties).map(([key, value]) => `${code(key)} (${allowed(value)})`);
    return `an object of ${keys.join(' and ')}`;
  }
  if (shape.type === 'boolean') return '`true`, `false`';
  if (shape.type === 'string') return shape.words ?? 'a text';
  return numberWords(shape);
}

function numberWords(shape: Shape): string {
  const { type, minimum, exclusiveMinimum, maximum, multipleOf } = shape;
  if (type !== 'number' && type !== 'integer') throw new Error(`no words for ${JSON.stringify(shape)}`);
  const bounds = [
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...(minimum === undefined || minimum <= -NO_LIMIT ? [] : [`from ${minimum}`]),
    ...(maximum === undefined || maximum >= NO_LIMIT ? [] : [`up to ${maximum}`]),
  ].join(' ');
  const decimals = multipleOf === 0.01 ? ', at most two decimals' : '';
  return `${type === 'integer' ? 'a whole number' : 'a number'} ${bounds}${decimals}`.replace(/ ,| $/, (end) =>
    end.trim(),
  );
}

/** Where the settings stand that a constant of these files holds. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  everywhere: [''],
  environmentShape: [''],
  budgetShape: ['budgets.'],
  endpointShape: ['endpoint.'],
  htmlShape: ['report.html.'],
  spendersShape: ['spenders.'],
  subnet: ['endpoint.subnets.'],
  guardSchema: [''],
  modelEntry: ['models.small.', 'models.large.'],
  priceOverride: ['prices.'],
  quotaOverride: ['quotas.'],
};

/** What the comments of these files say of a setting; where they say nothing, what they say of what it is part of. */
function describe(): (name: string) => string {
  const texts = new Map<string, string[]>();
  const sources = ['budget-tiers', 'schema', 'endpoint-shape', 'model-shapes'];
  for (const file of sources.map((name) => `config/${name}.ts`)) {
    for (const { within, path: at, text } of comments(readFileSync(path.join(ROOT, file), 'utf8'))) {
      // In the default export a setting's path begins with its environment.
      const name = at.replace(/^environments\.\w+\./, '');
      for (const place of within === undefined ? [''] : (PLACES[within] ?? [])) {
        texts.set(`${place}${name}`, [...(texts.get(`${place}${name}`) ?? []), text]);
      }
    }
  }
  return (name) => {
    const keys = name.replace(/\[\]|<\w+>\./g, '').split('.');
    const said = keys.map((_, dropped) => texts.get(keys.slice(0, keys.length - dropped).join('.')));
    return [...new Set(said.find((one) => one !== undefined))].map(sentence).join(' ');
  };
}

function sentence(text: string): string {
  const capital = /^[a-z]+[^A-Za-z']/.test(text) ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}` : text;
  return /[.:]$/.test(capital) ? capital : `${capital}.`;
}

function shippedValue(name: string, prefix: string): string {
  if (prefix === '' || name.includes('[]')) return '';
  const values = Object.entries(shipped.environments).map(
    ([environment, value]) => [environment, valueAt(value, name.split('.'))] as const,
  );
  const texts = values.map(([environment, value]) => [environment, short(value)] as const);
  const distinct = [...new Set(texts.map(([, text]) => text))];
  if (distinct.length === 1) return distinct[0] ?? '';
  return texts.flatMap(([environment, text]) => (text === '' ? [] : [`${environment}: ${text}`])).join(', ');
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}

function short(value: unknown): string {
  if (value === undefined) return '';
  const text = literal(value);
  return text.length <= 40 ? text : '…';
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
