import { rendered } from './canonical';
import { valueText } from './leaves';

/** Something that protects less than before. */
export interface Weakening {
  /** Of the guard's own, or data that a deploy loses or no longer keeps. */
  readonly of: 'guard' | 'data';
  /** The resource and the property, or the setting. */
  readonly what: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly why: string;
}

/** What the amount of a budget is called in every section. */
export const LIMIT_A_MONTH = 'limit a month';

export function raised(before: unknown, after: unknown): string | undefined {
  const [was, is] = [before, after].map((value) => Number(rendered(value ?? null).replace(/[$,]/g, '')));
  return was !== undefined && is !== undefined && is > was ? 'raised' : undefined;
}

export function lowered(before: unknown, after: unknown): string | undefined {
  return raised(after, before) && 'lowered';
}

export function goneFrom(before: unknown, after: unknown): string | undefined {
  return before !== undefined && after === undefined ? 'gone' : undefined;
}

/** @param was sorted figures, each of which one of `is`, in the same order, must reach no later */
export function later(what: string, was: readonly number[], is: readonly number[]): readonly Weakening[] {
  return was.flatMap((percent, at) => {
    const now = is[at];
    if (now !== undefined && now <= percent) return [];
    const why = now === undefined ? 'a line that is gone' : 'a line that comes later';
    return [
      { of: 'guard' as const, what, before: `${percent}%`, after: now === undefined ? undefined : `${now}%`, why },
    ];
  });
}

/** @param why undefined where it is not weaker */
export function weaker(
  id: string,
  path: string,
  before: unknown,
  after: unknown,
  why: string | undefined,
): readonly Weakening[] {
  if (why === undefined) return [];
  return [{ of: 'guard', what: `${id}: ${path}`, before: valueText(before), after: valueText(after), why }];
}
