import type { ReadableTemplate } from './readable';

export interface Side {
  readonly environment: string;
  readonly template: ReadableTemplate;
}

/** How an environment differs from another one, where the name of each in its own values counts as the same. */
export function differences(base: Side, other: Side): Readonly<Record<string, unknown>> {
  const [ours, theirs] = [entriesOf(base), entriesOf(other)];
  const added = Object.keys(theirs).filter((key) => !(key in ours));
  const removed = Object.keys(ours).filter((key) => !(key in theirs));
  const changed = Object.keys(ours)
    .filter((key) => key in theirs)
    .map((key) => [key, compare(ours[key], theirs[key], '', [base.environment, other.environment])] as const)
    .filter(([, found]) => found.length > 0);
  const found = {
    [`only in ${other.environment}`]: Object.fromEntries(added.map((key) => [key, theirs[key]])),
    [`only in ${base.environment}`]: removed,
    different: Object.fromEntries(changed.map(([key, paths]) => [key, Object.fromEntries(paths)])),
  };
  return Object.fromEntries(Object.entries(found).filter(([, told]) => Object.keys(told).length > 0));
}

function entriesOf({ template: { resources, rest, contract } }: Side): Fields {
  const told = Object.entries(resources).map(([id, { type, properties }]) => [`${id} (${type})`, properties] as const);
  return { ...Object.fromEntries(told), ...rest, 'logical ids': contract };
}

type Fields = Readonly<Record<string, unknown>>;
type Names = readonly [base: string, other: string];
type Found = readonly (readonly [path: string, sides: unknown])[];

const isFields = (told: unknown): told is Fields => typeof told === 'object' && told !== null && !Array.isArray(told);

function compare(base: unknown, other: unknown, path: string, names: Names): Found {
  if (masked(base, names[0]) === masked(other, names[1])) return [];
  if (isFields(base) && isFields(other)) {
    const keys = [...new Set([...Object.keys(base), ...Object.keys(other)])].sort();
    return keys.flatMap((key) => compare(base[key], other[key], path === '' ? key : `${path} / ${key}`, names));
  }
  if (Array.isArray(base) && Array.isArray(other)) return compareLists(base, other, path, names);
  return [[path, sides(base, other, names)]];
}

/** Without what both hold; what is left is compared one by one where it is as many, and told whole where it is not. */
function compareLists(base: readonly unknown[], other: readonly unknown[], path: string, names: Names): Found {
  const left = without(base, other, names[0], names[1]);
  const right = without(other, base, names[1], names[0]);
  if (left.length === 0 && right.length === 0) return [[`${path} (order)`, sides(base, other, names)]];
  if (left.length === right.length && [...left, ...right].every(([one]) => isFields(one))) {
    return left.flatMap(([one, at], nth) => compare(one, right[nth]![0], `${path}[${at}]`, names));
  }
  return [
    [
      `${path} (members)`,
      sides(
        left.map(([one]) => one),
        right.map(([one]) => one),
        names,
      ),
    ],
  ];
}

/** The members that the other list does not hold, each with its place; as many of a kind as there are more of it. */
function without(list: readonly unknown[], others: readonly unknown[], name: string, otherName: string) {
  const held = others.map((one) => masked(one, otherName));
  return list
    .map((one, at) => [one, at] as const)
    .filter(([one]) => {
      const found = held.indexOf(masked(one, name));
      if (found >= 0) held.splice(found, 1);
      return found < 0;
    });
}

function sides(base: unknown, other: unknown, [baseName, otherName]: Names): Fields {
  return {
    ...(base === undefined ? {} : { [baseName]: base }),
    ...(other === undefined ? {} : { [otherName]: other }),
  };
}

/** Compared only, never shown: an environment that names another one by mistake differs. */
function masked(told: unknown, name: string): string | undefined {
  return JSON.stringify(told)?.replace(new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9])`, 'g'), '<env>');
}
