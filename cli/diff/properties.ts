import { isDeepStrictEqual } from 'node:util';
import { nestedFile } from './assembly';
import type { Resource, Template } from './template';
import { canonical, isIntrinsic, rendered } from './canonical';
import { cut, excerpts } from './excerpts';
import { inside, type ValueChange } from './leaves';
import { ruleChanges } from './network-rules';
import { KEEPING_OUT, verdictOf, type Verdict } from './openness';
import { NOT_JUDGED, type PermissionChange } from './permissions';
import { documents } from './statements';
import { factsOf, type TypeFacts } from './table';

/** A value of a resource that differs, and what that means. */
export interface Judged {
  readonly path: string;
  /** Of the table, or `other` in a type that is all about access. */
  readonly kind: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly verdict: Verdict;
}

/** What is read as statements, attachments and boundaries, and judged there. */
const READ_ELSEWHERE: Readonly<Record<string, RegExp>> = {
  'AWS::IAM::Policy': /./,
  'AWS::IAM::ManagedPolicy': /./,
  'AWS::IAM::RolePolicy': /./,
  'AWS::IAM::UserPolicy': /./,
  'AWS::IAM::GroupPolicy': /./,
  'AWS::IAM::Role': /^(AssumeRolePolicyDocument|Policies|ManagedPolicyArns|PermissionsBoundary)$/,
  'AWS::IAM::User': /^(Policies|ManagedPolicyArns|PermissionsBoundary)$/,
  'AWS::IAM::Group': /^(Policies|ManagedPolicyArns)$/,
  'AWS::Lambda::Permission': /./,
  'AWS::Lambda::LayerVersionPermission': /./,
  'AWS::Events::EventBusPolicy': /^Statement$/,
  'AWS::Budgets::BudgetsAction': /^Definition$/,
};
/** What says nothing about access in a type that is about nothing else. */
const BESIDE_THE_POINT =
  /^(Tags|Description|GroupDescription|GroupName|Path|Name|PolicyName|StatementId|Title|Comment)$/;

/**
 * What opens or closes besides policies: roles, principals, groups, networks, ways of signing in, encryption, by the table over
 * CloudFormation's types.
 * @param isEntered whether a nested stack's template is compared by itself
 */
export function propertyChanges(
  base: Template,
  head: Template,
  isEntered: (id: string) => boolean,
): readonly PermissionChange[] {
  const [before, after] = [base.Resources ?? {}, head.Resources ?? {}];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((id) => {
    const [was, is] = [before[id], after[id]];
    if ([was, is].some((one) => one && nestedFile(one) !== undefined) && isEntered(id)) return [];
    if (was && is && was.Type === is.Type) {
      const conditional = conditionOf(base, was) === conditionOf(head, is) ? [] : [change(id, 'changed', unclear)];
      return [...conditional, ...changed(was, is).map((one) => change(id, 'changed', one))];
    }
    return [
      ...(was ? gone(was).map((one) => change(id, 'removed', one)) : []),
      ...(is ? come(is, before).map((one) => change(id, 'added', one)) : []),
    ];
  });
}

const unclear: Judged = { path: 'Condition', kind: 'other', before: 'one', after: 'another', verdict: 'notJudged' };

/** Of a resource whose condition nobody knows before a deploy. */
function conditionOf(template: Template, { Condition }: Resource): string {
  return Condition === undefined ? '' : canonical(template.Conditions?.[Condition] ?? null);
}

function change(owner: string, kind: PermissionChange['change'], judged: Judged): PermissionChange {
  const { path, before, after, verdict } = judged;
  const values = inside({ path, before, after });
  const details = values.slice(0, LISTED).flatMap(shownAs);
  return {
    owner,
    change: kind,
    broadens: verdict !== 'narrower',
    title: judged.kind === 'other' ? path || 'as a whole' : `${path} (${judged.kind})`,
    details: values.length > LISTED ? [...details, `  and ${values.length - LISTED} more`] : details,
    opened: verdict === 'notJudged' ? [NOT_JUDGED] : [],
  };
}

const LONGEST = 200;
/** Of values in a text that is JSON. */
const LISTED = 8;

function shownAs({ path, before, after }: ValueChange): readonly string[] {
  const line = (sign: string, text: string) => `${sign} ${path === '' ? '' : `${path}: `}${text}`;
  if (before === undefined) return [line('+', cut(rendered(after), LONGEST))];
  if (after === undefined) return [line('-', cut(rendered(before), LONGEST))];
  const [was, is] = excerpts(rendered(before), rendered(after), LONGEST);
  return [line('+', is), line('-', was)];
}

function changed({ Type, Properties: before = {} }: Resource, { Properties: after = {} }: Resource): readonly Judged[] {
  if (Type === CDK_METADATA) return [];
  const facts = factsOf(Type);
  const isWhole = facts === undefined || EXPANDED.test(Type) || (facts.is?.includes('access') ?? false);
  const place = { facts: facts ?? {}, isWhole };
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => READ_ELSEWHERE[Type]?.test(name) !== true && !(isWhole && BESIDE_THE_POINT.test(name)))
    .flatMap((name) => judged(place, [name], '', before[name], after[name]));
}

/** What the CDK says of itself in a template; nothing comes of it. */
const CDK_METADATA = 'AWS::CDK::Metadata';
/** What stands for resources that are not in this template. */
const EXPANDED = /^AWS::CloudFormation::Stack(Set)?$|^AWS::Serverless::|::MODULE$/;

interface Place {
  readonly facts: TypeFacts;
  /** Whether what the table does not know counts. */
  readonly isWhole: boolean;
}

function judged(
  place: Place,
  path: readonly string[],
  inherited: string,
  before: unknown,
  after: unknown,
): readonly Judged[] {
  if (isDeepStrictEqual(before, after)) return [];
  const entry = place.facts.properties?.[path.join('.')] ?? inherited;
  const [kind, written] = entryOf(entry);
  // Of encryption or a way of signing in as a whole, its own switch.
  const isSwitch = written === '' && /^Enabled?$/.test(path.at(-1) ?? '');
  const own = /Unauthenticated|Anonymous|Guest|Public/.test(path.join()) ? '+' : KEEPING_OUT.includes(kind) ? '-' : '';
  const sign = isSwitch ? own : written;
  const found = (verdict: Verdict): readonly Judged[] => [
    { path: path.join('.'), kind: kind || 'other', before, after, verdict },
  ];
  if (kind === 'rules')
    return ruleChanges(path.at(-1) ?? '', before, after).map((one) => ({
      path: path.join('.'),
      kind: 'network',
      ...one,
    }));
  if (kind === 'policy' || isPolicy(before, after)) return policyVerdict(before, after, found);
  if (isObjects(before) || isObjects(after)) {
    const [lost, gained] = apart(before, after);
    // What came in the place of something is compared with it.
    return Array.from({ length: Math.max(lost.length, gained.length) }).flatMap((_, at) =>
      kind !== '' && kind !== 'encryption' && lost[at] === undefined
        ? [{ path: path.join('.'), kind, before: undefined, after: gained[at], verdict: 'broader' as const }]
        : judged(place, path, entry, lost[at], gained[at]),
    );
  }
  if (isObject(before) || isObject(after)) {
    const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    // An empty object is there or is not, which may be all that it says.
    if (Object.keys({ ...was, ...is }).length === 0) return kind === '' && !place.isWhole ? [] : found('notJudged');
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) =>
      judged(place, [...path, name], kind === '' ? '' : kind, was[name], is[name]),
    );
  }
  if (kind !== '') return found(verdictOf(path.at(-1) ?? '', kind, sign, before, after));
  return place.isWhole ? found('notJudged') : [];
}

function entryOf(entry: string): readonly [string, '+' | '-' | ''] {
  const sign = entry.endsWith('+') ? '+' : entry.endsWith('-') ? '-' : '';
  return [sign === '' ? entry : entry.slice(0, -1), sign];
}

function isPolicy(before: unknown, after: unknown): boolean {
  return [before, after].some(
    (one) => (isObject(one) && 'Statement' in one) || (typeof one === 'string' && documents(one).length > 0),
  );
}

/** Statements are judged as such. What is none, such as a list of managed policies, is a list; anything else is not judged. */
function policyVerdict(
  before: unknown,
  after: unknown,
  found: (verdict: Verdict) => readonly Judged[],
): readonly Judged[] {
  const isRead = (one: unknown) => one === undefined || documents(one).length > 0;
  if (isRead(before) && isRead(after)) return [];
  return found(
    Array.isArray(before) || Array.isArray(after) ? verdictOf('', 'policy', '', before, after) : 'notJudged',
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isIntrinsic(value);
}

function isObjects(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.some(isObject);
}

/** The entries that only one of the two lists has. */
function apart(before: unknown, after: unknown): readonly [readonly unknown[], readonly unknown[]] {
  const [was, is] = [before, after].map((one) => (Array.isArray(one) ? (one as readonly unknown[]) : []));
  const without = (all: readonly unknown[], others: readonly unknown[]) => {
    const texts = others.map(canonical);
    return all.filter((one) => !texts.includes(canonical(one)));
  };
  return [without(was ?? [], is ?? []), without(is ?? [], was ?? [])];
}

/** What restricted others is gone. */
function gone({ Type }: Resource): readonly Judged[] {
  const isRead = READ_ELSEWHERE[Type] !== undefined || Type.endsWith('::Policy');
  if (!factsOf(Type)?.is?.includes('restricts') || isRead) return [];
  return [{ path: '', kind: 'other', before: `${Type}, which restricts`, after: undefined, verdict: 'notJudged' }];
}

/** What comes opens something where it says so, grants by being there, or acts with a role that was there before. */
function come({ Type, Properties = {} }: Resource, before: Readonly<Record<string, Resource>>): readonly Judged[] {
  const facts = factsOf(Type);
  if (EXPANDED.test(Type)) {
    return [
      {
        path: '',
        kind: 'other',
        before: undefined,
        after: `${Type}, whose resources are not read`,
        verdict: 'notJudged',
      },
    ];
  }
  const isDeny = Properties['RuleAction'] === 'deny';
  if (facts === undefined || isDeny || READ_ELSEWHERE[Type]?.test('PolicyDocument')) return [];
  const opened = Object.keys(Properties)
    .filter((name) => READ_ELSEWHERE[Type]?.test(name) !== true)
    .flatMap((name) => judged({ facts, isWhole: false }, [name], '', undefined, Properties[name]))
    .filter((one) => isOpenOfItself(one) || (one.kind === 'role' && isThere(one.after, before)))
    .map((one) => ({ ...one, verdict: 'broader' as const }));
  if (opened.length > 0 || !facts.is?.includes('grants')) return opened;
  // Those open to everybody say so in a property.
  if (Type === 'AWS::Lambda::Url') return [];
  return [{ path: '', kind: 'other', before: undefined, after: `${Type}, which grants`, verdict: 'broader' }];
}

function isOpenOfItself({ kind, path, after, verdict }: Judged): boolean {
  if (kind === 'encryption' || kind === 'role' || kind === 'group') return false;
  if (after === true || after === 'true')
    return verdict !== 'narrower' && /Public|Allow|Unauthenticated|Anonymous/.test(path);
  const texts = Array.isArray(after) ? after.map(rendered) : [rendered(after)];
  return (
    texts.some((text) => /^(\*|NONE|ANONYMOUS|Public\w+|internet-facing|0\.0\.0\.0\/0|::\/0)$/.test(text)) ||
    /"(0\.0\.0\.0|::)\/0"/.test(texts.join())
  );
}

/** A role by its name or ARN is one that was there; of one made by the same template the grants are judged themselves. */
function isThere(role: unknown, before: Readonly<Record<string, Resource>>): boolean {
  const [, id] = /^\$\{(\w+)(\.\w+)?\}$/.exec(rendered(role)) ?? [];
  return id === undefined ? typeof role === 'string' : before[id] !== undefined;
}
