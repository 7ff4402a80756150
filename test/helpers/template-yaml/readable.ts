/** A synthesized template as `Template.toJSON()` gives it. */
export interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, CloudFormationResource>>;
  readonly [section: string]: unknown;
}

interface CloudFormationResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

export interface ReadableResource {
  readonly type: string;
  /** Properties and attributes (`DependsOn`, `DeletionPolicy`, …) side by side, sorted by name. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface ReadableTemplate {
  /** By logical id, without the hash where the id is one of a kind without it. */
  readonly resources: Readonly<Record<string, ReadableResource>>;
  /** Parameters, outputs, and whatever else the template has. */
  readonly rest: Readonly<Record<string, unknown>>;
  /** Whole logical ids by type: what a change of replaces something that others hold, or that keeps something. */
  readonly contract: Readonly<Record<string, readonly string[]>>;
}

/** CDK appends to a logical id eight hex digits of the hash of its path. */
const ID_HASH = /[0-9A-F]{8}$/;
/** By the name of the property, a hash of what is shipped. */
const HASHES: Readonly<Record<string, readonly [of: RegExp, mask: string]>> = {
  S3Key: [/^[0-9a-f]{64}(?=\.(zip|json)$)/, '<hash>'],
  TemplateFingerprint: [/^[0-9a-f]{16}$/, '<fingerprint>'],
};
const POLICY_VERSION = '2012-10-17';
/** What every CDK stack has, and nobody here decides. */
const OF_CDK = ['BootstrapVersion', 'CheckBootstrapVersion'];
/** Made anew with nothing lost: nobody holds their names, and they keep nothing. */
const REPLACEABLE = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
];

/** What a template says, for people: nothing is left out but hashes, fingerprints and what CDK adds to every stack. */
export function readable(template: CloudFormationTemplate): ReadableTemplate {
  const names = namesOf(Object.keys(template.Resources), Object.keys(template['Parameters'] ?? {}));
  const { Resources, ...others } = folded(template, names) as CloudFormationTemplate;
  const resources = Object.entries(Resources).map(([id, one]) => [names.get(id)!, resource(id, one, names)] as const);
  const rest = Object.entries(others)
    .map(([name, told]) => [name, isFields(told) ? value(withoutCdk(told)) : told] as const)
    .filter(([, told]) => !isFields(told) || Object.keys(told).length > 0);
  return { resources: sorted(resources), rest: sorted(rest), contract: contractOf(Resources) };
}

/** By name and who reads it, what the functions find in the file beside their code: whatever two read alike is told once. */
export function readableSettings(of: Readonly<Record<string, Readonly<Record<string, string>>>>): Fields {
  const readers = new Map<string, string[]>();
  for (const [feature, settings] of Object.entries(of)) {
    for (const entry of Object.entries(settings)) {
      const told = JSON.stringify(entry);
      readers.set(told, [...(readers.get(told) ?? []), feature]);
    }
  }
  return sorted(
    [...readers].map(([told, features]) => {
      const [name, text] = JSON.parse(told) as [string, string];
      return [`${name} (${features.sort().join(', ')})`, value(parsed(text) ?? text)] as const;
    }),
  );
}

/** By logical id, the name without its hash; whole where another resource or a parameter would be called the same. */
function namesOf(ids: readonly string[], parameters: readonly string[]): Names {
  const bare = ids.map((id) => id.replace(ID_HASH, ''));
  const all = [...bare, ...parameters];
  return new Map(
    ids.map((id, at) => {
      const alone = bare[at] !== '' && all.filter((one) => one === bare[at]).length === 1;
      return [id, alone ? bare[at]! : id];
    }),
  );
}

function contractOf(resources: CloudFormationTemplate['Resources']): ReadableTemplate['contract'] {
  const ids = new Map<string, string[]>();
  for (const [id, { Type }] of Object.entries(resources)) {
    if (!REPLACEABLE.includes(Type)) ids.set(Type, [...(ids.get(Type) ?? []), id].sort());
  }
  return sorted([...ids]);
}

type Fields = Readonly<Record<string, unknown>>;
type Names = ReadonlyMap<string, string>;

const isFields = (told: unknown): told is Fields => typeof told === 'object' && told !== null && !Array.isArray(told);

/** References and joined texts as `Fn::Sub` would write them, so a `${` that is none becomes `${!`. */
function folded(told: unknown, names: Names): unknown {
  if (typeof told === 'string') return told.replaceAll('${', '${!');
  if (Array.isArray(told)) return told.map((one) => folded(one, names));
  if (!isFields(told)) return told;
  return (
    referenced(told, names) ??
    Object.fromEntries(Object.entries(told).map(([key, one]) => [key, folded(one, names)] as const))
  );
}

function referenced(told: Fields, names: Names): string | undefined {
  const [[kind, of] = [], ...more] = Object.entries(told);
  if (kind === undefined || more.length > 0) return undefined;
  const name = (id: string) => names.get(id) ?? id;
  if (kind === 'Ref') return `\${${name(String(of))}}`;
  if (kind === 'Fn::GetAtt' && isTexts(of)) return `\${${[name(of[0]!), ...of.slice(1)].join('.')}}`;
  if (kind === 'Fn::Sub' && typeof of === 'string') {
    return of.replace(/\$\{([^!.}]+)/g, (_, id: string) => `\${${name(id)}`);
  }
  if (kind !== 'Fn::Join' || !Array.isArray(of) || !Array.isArray(of[1])) return undefined;
  const parts = (of[1] as readonly unknown[]).map((part) => folded(part, names));
  return isTexts(parts) ? parts.join(String(of[0])) : undefined;
}

const isTexts = (told: unknown): told is readonly string[] =>
  Array.isArray(told) && told.length > 0 && told.every((one) => typeof one === 'string');

function resource(
  id: string,
  { Type, Properties = {}, ...attributes }: CloudFormationResource,
  names: Names,
): ReadableResource {
  const twice = Object.keys(attributes).filter((key) => key in Properties);
  if (twice.length > 0) throw new Error(`${id}: ${twice.join(', ')} stands both beside and among its properties`);
  const { DependsOn, ...others } = attributes;
  const named = (other: unknown) => names.get(String(other)) ?? String(other);
  // A set to CloudFormation: whatever order CDK finds, nothing changes.
  const after = DependsOn === undefined ? {} : { DependsOn: [DependsOn].flat().map(named).sort() };
  const properties = Object.entries({ ...Properties, ...others, ...after }).map(
    ([key, told]) => [key, told === id ? '<its logical id>' : told] as const,
  );
  return { type: Type, properties: value(Object.fromEntries(properties)) as Fields };
}

function withoutCdk(section: Fields): Fields {
  return Object.fromEntries(Object.entries(section).filter(([key]) => !OF_CDK.includes(key)));
}

function value(told: unknown): unknown {
  if (Array.isArray(told)) return pairs(told) ?? told.map(member);
  if (!isFields(told)) return told;
  if (isDocument(told)) return [told['Statement']].flat().map(statement);
  return sorted(Object.entries(told).map(([key, one]) => field(key, one)));
}

function field(key: string, told: unknown): readonly [string, unknown] {
  const hash = HASHES[key];
  if (hash && typeof told === 'string') return [key, told.replace(...hash)];
  const json = parsed(told);
  return json === undefined ? [key, value(told)] : [`${key} (JSON)`, json];
}

function member(told: unknown): unknown {
  const json = parsed(told);
  return json === undefined ? value(told) : { '(JSON)': json };
}

/** A text that is JSON of something with parts, and nothing but that: written again it is the same text. Its own order is kept. */
function parsed(text: unknown): object | undefined {
  if (typeof text !== 'string' || !/^[[{]/.test(text)) return undefined;
  try {
    const found = JSON.parse(text) as object;
    return JSON.stringify(found) === text ? found : undefined;
  } catch {
    return undefined;
  }
}

/** `[{ Key, Value }]` and `[{ Name, Value }]` as one map. */
function pairs(list: readonly unknown[]): Fields | undefined {
  for (const key of ['Key', 'Name']) {
    const all = list.filter(isFields).filter((one) => Object.keys(one).sort().join() === `${key},Value`);
    const keys = new Set(all.map((one) => one[key]));
    if (list.length > 0 && all.length === list.length && keys.size === list.length) {
      return sorted(all.map((one) => [String(one[key]), value(one['Value'])]));
    }
  }
  return undefined;
}

function isDocument({ Version, Statement, ...others }: Fields): boolean {
  return Version === POLICY_VERSION && Statement !== undefined && Object.keys(others).length === 0;
}

/** In the order in which one would say it, the effect as the name of its actions: `Deny: [bedrock:Invoke*]`. */
function statement(told: unknown): Fields {
  const { Sid, Effect, Action, Principal, Resource, ...others } = told as Fields;
  const does = Action === undefined ? { Effect } : { [String(Effect)]: value(Action) };
  const said = { Sid, ...does, Principal: value(Principal), Resource: value(Resource), ...(value(others) as Fields) };
  return Object.fromEntries(Object.entries(said).filter(([, one]) => one !== undefined));
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
