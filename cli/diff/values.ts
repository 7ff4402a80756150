import { isDeepStrictEqual } from 'node:util';
import type { Template } from './template';
import { rendered } from './canonical';

/** What a stack's parameters are set to, by name: in the manifest, or by the stack that holds this one. */
export type Arguments = Readonly<Record<string, unknown>>;

type Json = Readonly<Record<string, unknown>>;
interface Scope {
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly mappings: Json;
  readonly conditions: Json;
}

/** Stands for `AWS::NoValue`, which takes the property or the entry away. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * A template with all in it that is known before a deploy: parameters by what they are set to or else their defaults, mappings,
 * conditions. Resources whose condition is known to be false are not there. What is not known, such as a reference to a
 * resource, stays as it is.
 */
export function resolved(template: Template, given: Arguments = {}): Template {
  const parameters = new Map(
    Object.entries(template.Parameters ?? {}).flatMap(([name, parameter]) => {
      const value = valueOf(parameter, given[name] ?? parameter['Default']);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const scope: Scope = { parameters, mappings: template.Mappings ?? {}, conditions: template.Conditions ?? {} };
  const resources = Object.entries(template.Resources ?? {}).flatMap(([id, resource]) => {
    const { Condition: condition, ...rest } = resource;
    const holds = typeof condition === 'string' ? conditionOf(condition, scope) : true;
    if (holds === false) return [];
    const value = resolve(rest, scope) as typeof resource;
    return [[id, holds === undefined ? { ...value, Condition: condition } : value] as const];
  });
  return {
    ...template,
    Resources: Object.fromEntries(resources),
    ...(template.Outputs ? { Outputs: resolve(template.Outputs, scope) as NonNullable<Template['Outputs']> } : {}),
  };
}

function valueOf(parameter: Json, value: unknown): unknown {
  const type = String(parameter['Type']);
  // A secret stays out of the report; that it differs is seen from the parameters themselves.
  if (value === undefined || isSecret(parameter)) return undefined;
  // The default is where the value stands, and not the value.
  if (type.startsWith('AWS::SSM::Parameter::')) return `{{resolve:ssm:${rendered(value)}}}`;
  if ((type === 'CommaDelimitedList' || type.startsWith('List<')) && typeof value === 'string') {
    return value.split(',').map((one) => one.trim());
  }
  return typeof value === 'number' ? String(value) : value;
}

export function isSecret({ NoEcho }: Json): boolean {
  return NoEcho === true || NoEcho === 'true';
}

function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, scope)).filter((one) => one !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const [entry, ...more] = Object.entries(value);
  if (entry && more.length === 0) {
    const found = intrinsic(entry[0], entry[1], scope);
    if (found !== undefined) return found;
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, resolve(inner, scope)] as const)
      .filter(([, inner]) => inner !== NO_VALUE),
  );
}

/** @returns undefined for what is no function, or cannot be known */
function intrinsic(name: string, operand: unknown, scope: Scope): unknown {
  const operands = () => (Array.isArray(operand) ? (operand as readonly unknown[]) : []);
  switch (name) {
    case 'Ref':
      return operand === 'AWS::NoValue' ? NO_VALUE : scope.parameters.get(String(operand));
    case 'Fn::If': {
      const [condition, yes, no] = operands();
      const holds = conditionOf(String(condition), scope);
      return holds === undefined ? undefined : resolve(holds ? yes : no, scope);
    }
    case 'Fn::FindInMap':
      return found(
        operands().map((one) => resolve(one, scope)),
        scope,
      );
    case 'Fn::Join': {
      const parts = resolve(operands()[1], scope);
      const isKnown = Array.isArray(parts) && parts.every((one) => typeof one === 'string' || typeof one === 'number');
      return isKnown ? parts.join(String(operands()[0])) : undefined;
    }
    case 'Fn::Select': {
      const [index, list] = operands().map((one) => resolve(one, scope));
      return Array.isArray(list) && !isNaN(Number(index)) ? (list as readonly unknown[])[Number(index)] : undefined;
    }
    case 'Fn::Split': {
      const [separator, text] = operands().map((one) => resolve(one, scope));
      return typeof text === 'string' ? text.split(String(separator)) : undefined;
    }
    case 'Fn::Sub':
      return substituted(operand, scope);
    default:
      return undefined;
  }
}

function found([map, top, second]: readonly unknown[], { mappings }: Scope): unknown {
  const table = typeof map === 'string' ? (mappings[map] as Json | undefined) : undefined;
  const row = typeof top === 'string' ? (table?.[top] as Json | undefined) : undefined;
  return typeof second === 'string' ? row?.[second] : undefined;
}

/** Names that are known are put in; the others stay references. */
function substituted(operand: unknown, scope: Scope): unknown {
  const [text, variables] = Array.isArray(operand) ? (operand as unknown as readonly [unknown, Json?]) : [operand];
  if (typeof text !== 'string') return undefined;
  const own = resolve(variables ?? {}, scope) as Json;
  const known = text.replace(/\$\{([^!}][^}]*)\}/g, (all, name: string) => {
    const value = own[name] ?? scope.parameters.get(name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : all;
  });
  const left = [...known.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name);
  if (left.length === 0) return known.replaceAll('${!', '${');
  const needed = Object.fromEntries(Object.entries(own).filter(([name]) => left.includes(name)));
  return { 'Fn::Sub': Object.keys(needed).length === 0 ? known : [known, needed] };
}

/** @returns undefined where it depends on what nobody knows before a deploy */
function conditionOf(name: string, scope: Scope): boolean | undefined {
  const expression = scope.conditions[name];
  return expression === undefined ? undefined : truthOf(expression, scope);
}

function truthOf(expression: unknown, scope: Scope): boolean | undefined {
  const [name, operand] = Object.entries(expression as Json)[0] ?? [];
  if (name === 'Condition') return conditionOf(String(operand), scope);
  const operands = Array.isArray(operand) ? (operand as readonly unknown[]) : [];
  if (name === 'Fn::Equals') {
    const [a, b] = operands.map((one) => resolve(one, scope));
    if (isDeepStrictEqual(a, b)) return true;
    return [a, b].every((one) => typeof one !== 'object') ? String(a) === String(b) : undefined;
  }
  const truths = operands.map((one) => truthOf(one, scope));
  const [first] = truths;
  if (name === 'Fn::Not') return first === undefined ? undefined : !first;
  const [decisive, otherwise] = name === 'Fn::Or' ? [true, false] : [false, true];
  if (name !== 'Fn::Or' && name !== 'Fn::And') return undefined;
  if (truths.includes(decisive)) return decisive;
  return truths.includes(undefined) ? undefined : otherwise;
}
