/**
 * Adds to `problems` what is wrong with a value, each as `place: what it must be`. The few shapes that a config file has are made of
 * these: a library of schemas would be a tenth of what the plugin adds to a bundle.
 */
export type Check = (value: unknown, place: string, problems: string[]) => void;

/** Not an empty one. */
export const text: Check = (value, place, problems) => {
  if (typeof value !== 'string' || value === '') problems.push(`${place}: must be a text`);
};

export function whole(least: number): Check {
  return (value, place, problems) => {
    if (Number.isSafeInteger(value) && (value as number) >= least) return;
    problems.push(`${place}: must be a whole number, at least ${least}`);
  };
}

export function one(...allowed: readonly (string | number)[]): Check {
  return (value, place, problems) => {
    if (allowed.includes(value as string)) return;
    problems.push(`${place}: must be ${allowed.map((each) => JSON.stringify(each)).join(' or ')}`);
  };
}

/** The first that holds; where none does, the last one's complaint. */
export function either(...checks: readonly Check[]): Check {
  return (value, place, problems) => {
    let last: string[] = [];
    for (const check of checks) {
      last = [];
      check(value, place, last);
      if (last.length === 0) return;
    }
    problems.push(...last);
  };
}

export function list(check: Check): Check {
  return (value, place, problems) => {
    if (!Array.isArray(value)) problems.push(`${place}: must be a list`);
    else value.forEach((each, at) => check(each, join(place, String(at)), problems));
  };
}

/** These fields and no others. */
export function fields(needed: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check {
  return (value, place, problems) => {
    if (!isObject(value)) return void problems.push(`${place || 'the file'}: must be an object`);
    for (const [name, check] of Object.entries(needed)) check(value[name], join(place, name), problems);
    for (const [name, check] of Object.entries(optional)) {
      if (value[name] !== undefined) check(value[name], join(place, name), problems);
    }
    const others = Object.keys(value).filter((name) => !Object.hasOwn(needed, name) && !Object.hasOwn(optional, name));
    if (others.length > 0) problems.push(`${place || 'the file'}: knows no ${others.join(', ')}`);
  };
}

/** Any fields, each of the same shape. */
export function table(check: Check): Check {
  return (value, place, problems) => {
    if (!isObject(value)) problems.push(`${place || 'the file'}: must be an object`);
    else for (const [name, each] of Object.entries(value)) check(each, join(place, name), problems);
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}
