import { canonical, isIntrinsic, rendered } from './canonical';

/** An IAM statement as texts, so that statements of two templates can be compared. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Empty in a trust policy: the role itself is meant. */
  readonly resources: readonly string[];
  /** Empty in an identity's policy: its owner is meant. */
  readonly principals: readonly string[];
  /** `operator key` to its values. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
  /** NotAction, NotResource, NotPrincipal, or a form that is not read: equal to itself, and otherwise not judged. */
  readonly opaque: string | undefined;
  /** Of NotAction, whose statement is opaque too. */
  readonly notActions?: readonly string[];
  /** What such a statement says but for its NotAction. */
  readonly besides?: string;
}

type Properties = Readonly<Record<string, unknown>>;

/** Policy documents anywhere in a resource's properties, such as a key's or a table's, those written as text among them. */
export function documents(value: unknown): readonly unknown[] {
  if (typeof value === 'string' || isIntrinsic(value)) {
    const text = rendered(value);
    const json = /^\s*\{/.test(text) && text.includes('"Statement"') ? jsonOf(text) : undefined;
    return json === undefined ? [] : documents(json);
  }
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value) return [value];
  return Object.values(value).flatMap(documents);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The statements of a policy document; none where there is no document. */
export function documentOf(document: unknown): readonly Statement[] {
  if (document === undefined) return [];
  const [read] = typeof document === 'string' ? documents(document) : [document];
  const statements = ((read ?? {}) as Properties)['Statement'];
  // A document made by an intrinsic function is known by its text alone.
  if (statements === undefined) return [opaque({ document })];
  // Before this version `${aws:username}` was no variable: the same text says something else.
  const isOlder = (read as Properties)['Version'] !== '2012-10-17';
  return list(statements).map((one) =>
    isOlder && canonical(one).includes('${aws:')
      ? opaque({ ...(one as Properties), Version: 'older' })
      : statementOf(one),
  );
}

function statementOf(value: unknown): Statement {
  const { Sid, Effect, Action, Resource, Principal, Condition, ...rest } = value as Properties;
  const isRead = Object.keys(rest).length === 0 && (Effect === 'Allow' || Effect === 'Deny');
  if (!isRead || isIntrinsic(Condition)) return opaque(value);
  return {
    sid: typeof Sid === 'string' ? Sid : undefined,
    effect: Effect,
    actions: texts(Action),
    resources: texts(Resource),
    principals: principalsOf(Principal),
    conditions: conditionsOf(Condition),
    opaque: undefined,
  };
}

function opaque(value: unknown): Statement {
  const { Sid, NotAction, ...besides } = value as Properties;
  const { Effect } = besides;
  return {
    sid: typeof Sid === 'string' ? Sid : undefined,
    effect: Effect === 'Deny' ? 'Deny' : 'Allow',
    actions: [],
    resources: [],
    principals: [],
    conditions: {},
    opaque: canonical({ ...besides, ...(NotAction === undefined ? {} : { NotAction }) }),
    ...(NotAction === undefined ? {} : { notActions: texts(NotAction), besides: canonical(besides) }),
  };
}

function principalsOf(principal: unknown): readonly string[] {
  if (principal === undefined) return [];
  if (typeof principal === 'string') return [principal];
  const all = Object.entries(principal as Properties).flatMap(([kind, names]) =>
    // `{ AWS: '*' }` and `'*'` mean the same.
    texts(names).map((name) => (name === '*' ? '*' : `${kind} ${name}`)),
  );
  return [...new Set(all)].sort();
}

function conditionsOf(condition: unknown): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries((condition ?? {}) as Properties).flatMap(([operator, keys]) =>
      Object.entries(keys as Properties).map(([key, values]) => [`${operator} ${key}`, texts(values)] as const),
    ),
  );
}

export function texts(value: unknown): readonly string[] {
  return [...new Set(list(value).map(rendered))].sort();
}

export function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}
