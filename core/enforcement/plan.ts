import type { UtcMonth } from '../calendar';
import { keepingLast } from '../kept';
import type { Reading } from '../reading';
import type { Principal, PolicyVersion } from './ports';
import type { DesiredState } from '../stop-lines';
import type { EnforcementState } from './state';
import { SWITCH_STATES, told, type Digest, type SwitchVersion } from './switch-document';
import { newestFirst } from './switch-versions';

export interface PlanInput {
  /** What is really enforced: `open` in a dry run, whatever was decided. */
  readonly enforced: DesiredState;
  readonly principals: readonly Principal[];
  readonly versions: Reading<readonly PolicyVersion[]>;
  /** Who has the switch. */
  readonly attached: Reading<readonly Principal[]>;
  readonly before: EnforcementState;
  readonly digest: Digest;
}

export type Drift =
  /** Another version is in effect than the guard had put in; without `found` it is nobody's text. */
  | { readonly kind: 'flipped'; readonly found?: DesiredState; readonly expected: DesiredState }
  /** A version that the guard has not written. */
  | { readonly kind: 'edited'; readonly ids: readonly string[] }
  /** A version that somebody has deleted. */
  | { readonly kind: 'deleted'; readonly state: DesiredState }
  | { readonly kind: 'detached'; readonly principal: Principal };

export interface EnforcementPlan {
  /** The version to put in effect; absent where the right one is, or none is there. */
  readonly setDefault?: string;
  /** Whether the versions could be looked at. */
  readonly isTold: boolean;
  /** Nothing stands for the state that is wanted: it must be written first. */
  readonly isMissing: boolean;
  /** The deploy's function must put the versions in order; nothing is urgent about it unless `isMissing`. */
  readonly needsRepair: boolean;
  /** Who lacks the switch. */
  readonly attach: readonly Principal[];
  readonly drift: readonly Drift[];
  /** Of the state afterwards. */
  readonly versions: NonNullable<EnforcementState['versions']>;
  /** Versions that the guard has not written. */
  readonly foreign: readonly string[];
  readonly principals: string;
  /** What could not be read, in words. */
  readonly unread: readonly string[];
}

/**
 * What makes the switch match, from what IAM really has: one version put in effect for everybody, whoever lacks the switch given
 * it, and nothing if all is well. What cannot be looked up is simply made so: neither call hurts when it is repeated.
 */
export function planEnforcement(input: PlanInput): EnforcementPlan {
  const { attached, versions, before } = input;
  return planOf(
    input.principals,
    input.enforced,
    versions.kind === 'known' ? versions.value : versions.why,
    attached.kind === 'known' ? attached.value : attached.why,
    input.digest,
    before.versions,
    before.foreign,
    before.switchedTo,
    before.principals,
    before.pagedOpen,
  );
}

/**
 * Nearly every minute finds what the one before it has found.
 * @param versions and `attached`: why they could not be looked up, where they could not
 */
const planOf = keepingLast(
  (
    principals: readonly Principal[],
    enforced: DesiredState,
    versions: readonly PolicyVersion[] | string,
    attached: readonly Principal[] | string,
    digest: Digest,
    ...[wereVersions, wereForeign, switchedTo, wasPrincipals, lacked]: Before
  ): EnforcementPlan => {
    const before = { versions: wereVersions, foreign: wereForeign, switchedTo };
    const { unread, drift, ...switched } =
      typeof versions === 'string'
        ? planUnseen(enforced, versions, before)
        : planSwitch(enforced, versions, before, digest);
    const names = digest(JSON.stringify(principals.map(principalText).sort()));
    const holders = typeof attached === 'string' ? undefined : new Set(attached.map(principalText));
    const attach = principals.filter((one) => holders?.has(principalText(one)) !== true);
    const had = holders !== undefined && wasPrincipals === names;
    const detached = had ? attach.filter((one) => !lacked.includes(principalText(one))) : [];
    return {
      ...switched,
      attach,
      drift: [...drift, ...detached.map((principal) => ({ kind: 'detached', principal }) as const)],
      principals: names,
      unread: [...unread, ...(typeof attached === 'string' ? [`who has the switch: ${attached}`] : [])],
    };
  },
);

type Before = readonly [
  versions: EnforcementState['versions'],
  foreign: EnforcementState['foreign'],
  switchedTo: EnforcementState['switchedTo'],
  principals: EnforcementState['principals'],
  pagedOpen: EnforcementState['pagedOpen'],
];

type BeforeSwitch = { readonly [Key in 'versions' | 'foreign' | 'switchedTo']: EnforcementState[Key] };

function planUnseen(enforced: DesiredState, why: string, before: BeforeSwitch) {
  const known = before.versions?.[enforced];
  return {
    ...(known !== undefined && { setDefault: known }),
    isTold: false,
    isMissing: false,
    needsRepair: false,
    drift: [],
    versions: before.versions ?? {},
    foreign: before.foreign ?? [],
    unread: [`the versions of the switch: ${why}`],
  };
}

function planSwitch(enforced: DesiredState, looked: readonly PolicyVersion[], before: BeforeSwitch, digest: Digest) {
  const versions = looked.map((version) => told(version, digest));
  const current = versions.find(({ isDefault }) => isDefault);
  const target = versionFor(versions, enforced);
  const byState = SWITCH_STATES.map((state) => [state, versionFor(versions, state)?.id] as const);
  const missing = byState.filter(([, id]) => id === undefined).map(([state]) => state);
  const foreign = versions.filter(({ state }) => state === undefined).map(({ id }) => id);
  const edited = foreign.filter((id) => before.foreign?.includes(id) !== true);
  const expected = before.switchedTo;
  const drift: readonly Drift[] = [
    ...(expected !== undefined && current?.state !== expected
      ? [{ kind: 'flipped', ...(current?.state && { found: current.state }), expected } as const]
      : []),
    ...(edited.length > 0 ? [{ kind: 'edited', ids: edited } as const] : []),
    ...missing
      .filter((state) => before.versions?.[state] !== undefined)
      .map((state) => ({ kind: 'deleted', state }) as const),
  ];
  return {
    ...(target !== undefined && target.id !== current?.id && { setDefault: target.id }),
    isTold: true,
    isMissing: target === undefined,
    // Where none is missing, what is foreign is one more.
    needsRepair: missing.length > 0 || versions.length > SWITCH_STATES.length,
    drift,
    versions: asBefore(before.versions, byState),
    foreign,
    unread: [],
  };
}

/** The very same object as before where it says the same: the next tick, which is given it, finds what this one has planned. */
function asBefore(
  before: EnforcementState['versions'],
  found: readonly (readonly [DesiredState, string | undefined])[],
): NonNullable<EnforcementState['versions']> {
  if (before !== undefined && found.every(([state, id]) => before[state] === id)) return before;
  return Object.fromEntries(found.filter(([, id]) => id !== undefined));
}

/** The newest of a state: after a deploy with another text both are there for a moment. */
export function versionFor(versions: readonly SwitchVersion[], state: DesiredState): SwitchVersion | undefined {
  return versions.filter((one) => one.state === state).sort(newestFirst)[0];
}

/** For people: `role dev-app`. */
export function principalText({ kind, name }: Principal): string {
  return `${kind} ${name}`;
}

/** A month's figures start anew, and with them what is compared with them. */
export function enforcementOfMonth(before: EnforcementState, from: UtcMonth, to: UtcMonth): EnforcementState {
  if (from === to) return before;
  const { leakBaseline: _, ...kept } = before;
  return kept;
}
