import type * as z from 'zod';
import { type AllowedKeys, allowedText } from './allowed-keys';
import { SHIPPED_CONFIG } from './home';
import { nearestKey, orDidYouMean } from './nearest-key';
import { mayHoldSecret, pathUnlessSecret, shownUnlessSecret, withoutSecrets } from './secrets';

/** One mistake: where, what it must be, what was found. */
export interface Problem {
  readonly path: string;
  readonly text: string;
}

/** The configuration is wrong. The message names every problem, a line each, and repeats no secret that somebody wrote into it. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly Problem[];

  constructor(
    found: readonly Problem[],
    readonly file = SHIPPED_CONFIG,
  ) {
    const problems = found.map(({ path, text }) => ({ path: withoutSecrets(path), text: withoutSecrets(text) }));
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super([`${file}: ${count}`, ...problems.map(({ path, text }) => `  ${path}: ${text}`)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Of a text that somebody wrote. More of it would only hide the rest of the message. */
const MOST_LETTERS = 200;

/** Both ends of a text. Of a secret that was cut nobody could tell any more that it is one: none is left before. */
function shortened(written: string): string {
  const text = withoutSecrets(written);
  const half = (MOST_LETTERS - 3) / 2;
  return text.length > MOST_LETTERS ? `${text.slice(0, Math.ceil(half))}...${text.slice(-Math.floor(half))}` : text;
}

export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `'${shortened(value)}'`;
  if (typeof value === 'number') return String(value);
  const text = withoutSecrets(JSON.stringify(value) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

export function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(top level)';
  return shortened(
    path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at ? '.' : ''}${String(key)}`)).join(''),
  );
}

/** The settings that may stand at a path. */
export type KeysAt = (path: readonly PropertyKey[]) => readonly AllowedKeys[];

/** Every problem that zod found in `input`, worded as path, what is allowed, what was got. */
export function shapeProblems(error: z.ZodError, allowedKeys: KeysAt): Problem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, [], allowedKeys));
}

function problemsOf(issue: z.core.$ZodIssue, parent: readonly PropertyKey[], allowedKeys: KeysAt): Problem[] {
  const path = pathUnlessSecret([...parent, ...issue.path]);
  const at = (text: string): Problem[] => [{ path: pathText(path), text }];
  const got = `got ${mayHoldSecret(path) ? shownUnlessSecret(issue.input, path) : shown(issue.input)}`;
  switch (issue.code) {
    case 'invalid_type':
      return at(`must be ${ownWords(issue.message) ?? article(issue.expected)}, ${got}`);
    case 'too_small':
      return at(`must ${bound(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)}, ${got}`);
    case 'too_big':
      return at(`must ${bound(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)}, ${got}`);
    case 'not_multiple_of':
      return at(`must have at most two decimals, ${got}`);
    case 'invalid_value':
      return at(`must be ${issue.values.map((value) => shown(value)).join(' or ')}, ${got}`);
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathText(pathUnlessSecret([...path, key])),
        text: noSetting(key, issue.input, allowedKeys(path)),
      }));
    case 'invalid_key':
      return at(`must be ${issue.issues[0]?.message ?? 'another name'}`);
    case 'invalid_union':
      // What is no kind of channel is told with the nearest, by channels-check.ts.
      if (issue.discriminator !== undefined) return [];
      return unionProblems(issue, path, allowedKeys);
    case 'invalid_format':
    case 'custom':
      return at(`must be ${issue.message}, ${got}`);
    default:
      return at(`${issue.message}, ${got}`);
  }
}

/** What stands there already, or is of another kind, was not meant. */
function noSetting(key: string, beside: unknown, allowed: readonly AllowedKeys[]): string {
  const written = (beside ?? {}) as Readonly<Record<string, unknown>>;
  const names = allowed.flatMap(({ keys, kind }) => (kind === undefined || kind === written['kind'] ? keys : []));
  const nearest = nearestKey(
    key,
    names.filter((name) => written[name] === undefined),
  );
  return `is not a setting${orDidYouMean(nearest, `allowed here: ${allowedText(allowed)}`)}`;
}

/** Where one alternative has the right outer type, its problems are the ones to name; else all alternatives are. */
function unionProblems(
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly PropertyKey[],
  allowedKeys: KeysAt,
): Problem[] {
  const inner = issue.errors.find((errors) =>
    errors.every((error) => error.path.length > 0 || !['invalid_type', 'invalid_value'].includes(error.code)),
  );
  if (inner) return inner.flatMap((error) => problemsOf(error, path, allowedKeys));
  const allowed = issue.errors.flatMap((errors) =>
    errors.flatMap((error) => {
      if (error.code === 'invalid_value') return error.values.map((value) => shown(value));
      return error.code === 'invalid_type' ? [article(error.expected)] : [];
    }),
  );
  return [{ path: pathText(path), text: `must be ${allowed.join(' or ')}, got ${shown(issue.input)}` }];
}

/** What a schema says of itself, where it says more than that its type is another. */
function ownWords(message: string): string | undefined {
  return message.startsWith('Invalid input') ? undefined : message;
}

function article(expected: string): string {
  if (expected === 'int') return 'a whole number';
  if (expected === 'object' || expected === 'record') return 'an object { … }';
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'array') return `have ${relation} ${limit} entries`;
  if (origin === 'string') return `have ${relation} ${limit} characters`;
  return `be ${relation} ${limit}`;
}

/** The values of an object that are right by themselves, by a shape: what is wrong is absent here, and reported by zod. */
export function rightValues<Values>(shape: Readonly<Record<string, z.ZodType>>, raw: unknown): Partial<Values> {
  if (typeof raw !== 'object' || raw === null) return {};
  const right = Object.entries(shape).flatMap(([key, schema]) => {
    const parsed = schema.safeParse((raw as Record<string, unknown>)[key]);
    return parsed.success && parsed.data !== undefined ? [[key, parsed.data]] : [];
  });
  return Object.fromEntries(right) as Partial<Values>;
}

export function duplicates(path: string, values: readonly string[] = []): Problem[] {
  return values.flatMap((value, at) => {
    const first = values.indexOf(value);
    return first < at ? [{ path: `${path}[${at}]`, text: `repeats [${first}], got '${value}'` }] : [];
  });
}
