import { includes, isWithin } from './patterns';

/** `operator key` to its values, as in a statement. */
export type Conditions = Readonly<Record<string, readonly string[]>>;

/** Whether whatever passes `strict` passes `loose`: each of its conditions is there, as narrow or narrower. */
export function isLooser(loose: Conditions, strict: Conditions): boolean {
  return Object.entries(loose).every(([condition, values]) =>
    Object.entries(strict).some(([other, narrower]) => implies(parsed(other), narrower, parsed(condition), values)),
  );
}

interface Condition {
  readonly quantifier: string;
  readonly operator: string;
  readonly ifExists: boolean;
  readonly key: string;
}

function parsed(text: string): Condition {
  const [full = '', key = ''] = text.split(' ');
  const [, quantifier = '', operator = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(full) ?? [];
  // Keys are the same in upper and lower case, but for what stands after a slash.
  const [name = '', ...rest] = key.split('/');
  return { quantifier, operator, ifExists: ifExists !== undefined, key: [name.toLowerCase(), ...rest].join('/') };
}

/** Whether what fulfils the strict condition fulfils the loose one. Errs towards no. */
function implies(strict: Condition, narrower: readonly string[], loose: Condition, values: readonly string[]): boolean {
  if (strict.key !== loose.key) return false;
  // With IfExists, and with ForAllValues, whoever has no such key passes.
  if (strict.ifExists && !loose.ifExists) return false;
  // `any of them` is no narrower than `all of them`, and the other way round.
  if (strict.quantifier !== loose.quantifier) return false;
  const every = (test: (value: string, wider: string) => boolean) =>
    narrower.every((value) => values.some((wider) => test(value, wider)));
  const [from, to] = [family(strict.operator), family(loose.operator)];
  if (from === undefined || to === undefined) {
    return strict.operator === loose.operator && narrower.length === values.length && every(Object.is);
  }
  if (from.isNegated !== to.isNegated) return false;
  // Each value that the loose one leaves out, the strict one leaves out as well.
  if (from.isNegated) return from.kind === to.kind && values.every((value) => narrower.includes(value));
  switch (to.kind) {
    case 'text':
      return (
        (from.kind === 'text' && every(Object.is)) ||
        (from.kind === 'pattern' && narrower.every((one) => !/[*?]/.test(one)) && every(Object.is))
      );
    case 'anyCase':
      return (from.kind === 'text' || from.kind === 'anyCase') && every((a, b) => a.toLowerCase() === b.toLowerCase());
    case 'pattern':
      return (from.kind === 'text' || from.kind === 'pattern') && every((value, wider) => includes(wider, value));
    case 'arn':
      return from.kind === 'arn' && every((value, wider) => includes(wider, value));
    case 'address':
      return from.kind === 'address' && every((value, wider) => isWithin(value, wider));
    case 'below':
      return from.kind === 'below' && every((value, wider) => isUpTo(value, wider, strict.operator, loose.operator));
    case 'above':
      return from.kind === 'above' && every((value, wider) => isUpTo(wider, value, strict.operator, loose.operator));
  }
}

type Family = 'text' | 'anyCase' | 'pattern' | 'arn' | 'address' | 'below' | 'above';
const FAMILIES: readonly (readonly [Family, RegExp])[] = [
  ['text', /^String(Not)?Equals$/],
  ['anyCase', /^String(Not)?EqualsIgnoreCase$/],
  ['pattern', /^String(Not)?Like$/],
  // Both read wildcards.
  ['arn', /^Arn(Not)?(Equals|Like)$/],
  ['address', /^(Not)?IpAddress$/],
  ['below', /^(Numeric|Date)LessThan(Equals)?$/],
  ['above', /^(Numeric|Date)GreaterThan(Equals)?$/],
];

function family(operator: string): { readonly kind: Family; readonly isNegated: boolean } | undefined {
  const kind = FAMILIES.find(([, pattern]) => pattern.test(operator))?.[0];
  return kind && { kind, isNegated: /Not/.test(operator) };
}

function isUpTo(small: string, great: string, strict: string, loose: string): boolean {
  const [a, b] = [small, great].map((text) => (strict.startsWith('Date') ? Date.parse(text) : Number(text)));
  if (a === undefined || b === undefined || isNaN(a) || isNaN(b) || strict.slice(0, 4) !== loose.slice(0, 4))
    return false;
  return a < b || (a === b && (loose.endsWith('Equals') || !strict.endsWith('Equals')));
}
