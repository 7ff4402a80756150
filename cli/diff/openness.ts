import { canonical, isIntrinsic, rendered } from './canonical';
import { includes, isWithin } from './patterns';

/** What a change of one value means for who may do what. */
export type Verdict = 'broader' | 'narrower' | 'notJudged';

/** Values that keep nobody out, encrypt nothing, or face everybody, whatever the property. */
const OPEN =
  /^(\*|NONE|None|none|ANONYMOUS|PUBLIC|Public\w*|PUBLIC_READ|public|OPEN|OFF|optional|allow-all|HTTP|http|PLAINTEXT|internet-facing|0\.0\.0\.0\/0|::\/0|AuthenticatedRead|all)$/;
/** And their opposites. */
const CLOSED = /^(Private|PRIVATE|private|internal|required|https-only|ON|BucketOwnerEnforced)$/;
const SWITCHED_ON = /^(true|enabled?)$/i;
const SWITCHED_OFF = /^(false|disabled?)$/i;
/** With these, what is on keeps out. */
export const KEEPING_OUT = ['encryption', 'auth'];

function isOpen(kind: string, value: string | undefined): boolean {
  const word = KEEPING_OUT.includes(kind) ? SWITCHED_OFF : SWITCHED_ON;
  return value !== undefined && (OPEN.test(value) || word.test(value));
}

function isClosed(kind: string, value: string | undefined): boolean {
  const word = KEEPING_OUT.includes(kind) ? SWITCHED_ON : SWITCHED_OFF;
  return value !== undefined && (CLOSED.test(value) || word.test(value));
}

/** Figures of which less is narrower. */
const MORE_IS_OPEN = /Duration|HopLimit|Validity|ReusePeriod/;

/**
 * @param kind of the table, without its sign
 * @param sign what `true` means, or on a list `-` for one of those who may not
 * @param before undefined where the property was not there, whose meaning then is the service's
 */
export function verdictOf(name: string, kind: string, sign: '+' | '-' | '', before: unknown, after: unknown): Verdict {
  if (isFlag(before) && isFlag(after) && sign !== '') return ofFlag(sign, before, after);
  if ([before, after].some(Array.isArray)) return ofList(kind, sign, listed(before), listed(after));
  const [was, is] = [before, after].map((value) => (value === undefined ? undefined : rendered(value)));
  if (is === undefined) {
    if (isOpen(kind, was)) return 'narrower';
    return kind === 'role' || kind === 'principal' || kind === 'group' ? 'narrower' : 'notJudged';
  }
  if (was === undefined) {
    if (isOpen(kind, is)) return 'broader';
    return kind === 'encryption' || kind === 'auth' || isClosed(kind, is) ? 'narrower' : 'notJudged';
  }
  return ofTexts(name, kind, was, is);
}

function ofTexts(name: string, kind: string, was: string, is: string): Verdict {
  const [opens, closes] = [isOpen(kind, is), isClosed(kind, is)];
  if (opens !== isOpen(kind, was)) return opens ? 'broader' : 'narrower';
  if (closes !== isClosed(kind, was)) return closes ? 'narrower' : 'notJudged';
  if (kind === 'network' && isWithin(is, was)) return 'narrower';
  if (kind === 'encryption' || kind === 'auth') {
    const [old, now] = [versionOf(was), versionOf(is)];
    if (old !== undefined && now !== undefined && old !== now) return now > old ? 'narrower' : 'broader';
  }
  if (MORE_IS_OPEN.test(name) && [was, is].every((one) => /^\d+$/.test(one))) {
    return Number(is) < Number(was) ? 'narrower' : 'broader';
  }
  return 'notJudged';
}

/** Of names such as `TLS_1_2` or `TLSv1.2_2021`, whose higher ones take in fewer ciphers. */
function versionOf(text: string): number | undefined {
  const [, major, minor, year] = /^(?:TLS|TLSv|SSLv)_?(\d)(?:[._](\d))?(?:_(\d{4}))?$/.exec(text) ?? [];
  return major === undefined ? undefined : Number(major) * 1e6 + Number(minor ?? 0) * 1e5 + Number(year ?? 0);
}

function isFlag(value: unknown): boolean {
  return value === undefined || flagOf(value) !== undefined;
}

/** Of `true`, `ENABLED`, `enable` and their opposites. */
function flagOf(value: unknown): boolean | undefined {
  const text = rendered(value ?? null);
  return SWITCHED_ON.test(text) ? true : SWITCHED_OFF.test(text) ? false : undefined;
}

/** What is left out has the service's default, which may be either. */
function ofFlag(sign: '+' | '-', before: unknown, after: unknown): Verdict {
  const opening = sign === '+';
  if (after !== undefined) {
    if (flagOf(after) !== opening) return 'narrower';
    return before === undefined ? 'notJudged' : 'broader';
  }
  return flagOf(before) === opening ? 'narrower' : 'notJudged';
}

function listed(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

function ofList(kind: string, sign: string, before: readonly unknown[], after: readonly unknown[]): Verdict {
  if ([...before, ...after].some((one) => isIntrinsic(one) && !rendered(one).startsWith('${'))) return 'notJudged';
  const [was, is] = [before.map(rendered), after.map(rendered)];
  if (sign === '-') return was.every((one) => is.includes(one)) ? 'narrower' : 'broader';
  // A list of addresses, or of what a caller must bring, may mean everybody once it is empty.
  if (is.length === 0) return ['role', 'principal', 'group', 'policy'].includes(kind) ? 'narrower' : 'notJudged';
  const covers = kind === 'network' ? isWithin : (one: string, other: string) => includes(other, one);
  return is.every((one) => was.some((other) => covers(one, other) || other === canonical(one)))
    ? 'narrower'
    : 'broader';
}
