import { COSTLY_ACTIONS, COSTLY_BESIDES_MODELS, INVOKE_VERB } from './costly-actions';
import type { PolicyVersion } from './ports';
import type { DesiredState } from '../stop-lines';

/** IAM's path of the switch, which permission sets name beside its name. */
export const SWITCH_PATH = '/spend-guard/';

/** The same in every release: permission sets of IAM Identity Center refer to it by name and path. */
export function switchName(environment: string): string {
  return `spend-guard-switch-${environment}`;
}

/** The three that the switch has, each in a version of its own. */
export const SWITCH_STATES = ['open', 'degraded', 'stopped'] as const satisfies readonly DesiredState[];

/** SHA-256 of a text, in hexadecimal digits. */
export type Digest = (text: string) => string;

export interface SwitchScope {
  readonly partition: string;
  readonly account: string;
  /** Base ids of all that `degraded` leaves: whatever is not here is taken away. */
  readonly smallModels: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;
interface Statement extends Fields {
  readonly Sid: string;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** What stands in the first statement's Sid, before the seal; IAM takes letters and digits there. */
const MARKS: Readonly<Record<DesiredState, string>> = {
  open: 'SpendGuardOpenDeniesNothing',
  degraded: 'SpendGuardDegraded',
  stopped: 'SpendGuardStopped',
};
const SEAL_DIGITS = 16;

/**
 * The version of a state. Its first Sid names the state and carries a seal over all the rest, so that a version tells by its
 * content alone what it is, whichever release has written it, and that nobody has changed it.
 */
export function switchDocument(state: DesiredState, scope: SwitchScope, digest: Digest): PolicyDocument {
  return sealed(state, statementsOf(state, scope), digest);
}

/** The template makes the policy with it, and may never change it: CloudFormation would make the new text the one in effect. */
export function openDocument(digest: Digest): PolicyDocument {
  return sealed('open', [DENIES_NOTHING], digest);
}

/** Which state a version stands for; undefined: nobody of the guard has written it so. */
export function stateOf(document: unknown, digest: Digest): DesiredState | undefined {
  const [first, ...rest] = statementsIn(document);
  const sid = first?.['Sid'];
  if (typeof sid !== 'string') return undefined;
  const state = SWITCH_STATES.find(
    (one) => sid.startsWith(MARKS[one]) && sid.length === MARKS[one].length + SEAL_DIGITS,
  );
  if (state === undefined) return undefined;
  const seal = sealOf({ ...(document as object), Statement: [{ ...first, Sid: MARKS[state] }, ...rest] }, digest);
  return sid.endsWith(seal) ? state : undefined;
}

export function sameDocument(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** A version never changes what it says: it is looked at each minute, and told once. */
const known = new WeakMap<object, { readonly state: DesiredState | undefined }>();

/** A version, and the state it stands for. */
export interface SwitchVersion extends Omit<PolicyVersion, 'document'> {
  readonly state: DesiredState | undefined;
}

export function told({ document, ...version }: PolicyVersion, digest: Digest): SwitchVersion {
  if (typeof document !== 'object' || document === null) return { ...version, state: undefined };
  const before = known.get(document);
  if (before !== undefined) return { ...version, ...before };
  const now = { state: stateOf(document, digest) };
  known.set(document, now);
  return { ...version, ...now };
}

/** Of what everybody may do anyway, and only where a request has no caller, which none has. */
const DENIES_NOTHING: Fields = {
  Effect: 'Allow',
  Action: 'sts:GetCallerIdentity',
  Resource: '*',
  Condition: { Null: { 'aws:PrincipalArn': 'true' } },
};

type Statements = readonly [Fields, ...Statement[]];

function statementsOf(state: DesiredState, scope: SwitchScope): Statements {
  switch (state) {
    case 'open':
      return [DENIES_NOTHING];
    case 'degraded':
      return [{ Effect: 'Deny', Action: [...COSTLY_BESIDES_MODELS], Resource: '*' }, allButSmallModels(scope)];
    case 'stopped':
      return [{ Effect: 'Deny', Action: [...COSTLY_ACTIONS], Resource: '*' }];
  }
}

/**
 * An allow-list: a model that is in no list, a Region or a kind of model that nobody has thought of, a router or a reservation
 * is denied as well. A profile hides no model: Bedrock checks the model behind it too (trap 4; for application profiles also,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html, read 2026-11-28).
 */
function allButSmallModels({ partition, account, smallModels }: SwitchScope): Statement {
  return {
    Sid: 'DenyAllButSmallModels',
    Effect: 'Deny',
    Action: INVOKE_VERB,
    NotResource: [
      ...['inference-profile', 'application-inference-profile'].map(
        (kind) => `arn:${partition}:bedrock:*:${account}:${kind}/*`,
      ),
      // `*` for the Region also matches the empty Region of a global profile's model (trap 4).
      ...smallModels.map((modelId) => `arn:${partition}:bedrock:*::foundation-model/${modelId}`),
    ],
  };
}

function sealed(state: DesiredState, [first, ...rest]: Statements, digest: Digest): PolicyDocument {
  const unsealed: PolicyDocument = { Version: '2012-10-17', Statement: [{ ...first, Sid: MARKS[state] }, ...rest] };
  return { ...unsealed, Statement: [{ ...first, Sid: `${MARKS[state]}${sealOf(unsealed, digest)}` }, ...rest] };
}

function sealOf(unsealed: unknown, digest: Digest): string {
  return digest(canonical(unsealed)).slice(0, SEAL_DIGITS);
}

/** Whatever stands there, so that all of it is under the seal. */
function statementsIn(document: unknown): readonly (Fields | null | undefined)[] {
  const { Statement: statements } = (document ?? {}) as { Statement?: Fields | Fields[] };
  return Array.isArray(statements) ? statements : [statements];
}

/** The same for what IAM reads as the same: keys in order, and one value of a list as the value itself. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 1 ? canonical(value[0]) : `[${value.map((one) => canonical(one)).join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}
