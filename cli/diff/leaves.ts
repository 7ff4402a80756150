import { isDeepStrictEqual } from 'node:util';
import { canonical, isIntrinsic, rendered } from './canonical';

/** One value that differs, by its path. */
export interface ValueChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The values that differ between two parts of a template; entries of lists by their place, functions as a whole. */
export function valueChanges(before: unknown, after: unknown, path = ''): readonly ValueChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isOpen(before) && !isOpen(after)) return [{ path, before, after }];
  if ((before !== undefined && !isOpen(before)) || (after !== undefined && !isOpen(after))) {
    return [{ path, before, after }];
  }
  const [was, is] = [before, after].map((value) => (value ?? {}) as Readonly<Record<string, unknown>>);
  const isList = Array.isArray(before) || Array.isArray(after);
  if (isList && [was, is].every((one) => Object.values(one ?? {}).every((entry) => !isOpen(entry)))) {
    return [{ path, before, after }];
  }
  return [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])].flatMap((key) =>
    valueChanges(was?.[key], is?.[key], isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
  );
}

/**
 * Of a change from one JSON text to another the values in it that differ: nobody finds a figure in a dashboard's body.
 * @returns the change itself where it is none, or the texts differ in their spelling alone
 */
export function inside(change: ValueChange): readonly ValueChange[] {
  const [was, is] = [change.before, change.after].map(documentIn);
  const changes = was === undefined || is === undefined ? [] : valueChanges(was, is, change.path);
  return changes.length > 0 ? changes : [change];
}

function documentIn(value: unknown): unknown {
  const text = value === undefined ? '' : rendered(value);
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isOpen(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !isIntrinsic(value);
}

/** @returns undefined where it is not there */
export function valueText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map(rendered).join(', ') || 'an empty list' : rendered(value);
}

/** Entries that only the first of two lists has. */
export function lostEntries(before: unknown, after: unknown): readonly unknown[] {
  const [was, is] = [before, after].map((one) => (Array.isArray(one) ? (one as readonly unknown[]) : []));
  const left = new Set((is ?? []).map(canonical));
  return (was ?? []).filter((one) => !left.has(canonical(one)));
}
