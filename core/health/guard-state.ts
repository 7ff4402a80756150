/** What the meter wants: everything open, the large models denied, or everything. */
export type DesiredState = 'open' | 'degraded' | 'stopped';

/** The guard's deny policies, by owner: `bill` is AWS Budgets', the others are the meter's. */
export const DENY_NAMES = ['meter', 'large', 'bill'] as const;
export type DenyName = (typeof DENY_NAMES)[number];
export type DenyPolicyArns = Readonly<Record<DenyName, string>>;

export type Reading<T> =
  { readonly kind: 'known'; readonly value: T } | { readonly kind: 'unavailable'; readonly why: string };

/** What the guard itself does to the invoker role at present. */
export interface GuardState {
  /** Really attached to it. */
  readonly attached: Reading<readonly DenyName[]>;
  /** `undefined`: the meter has not decided anything this month. */
  readonly desired: Reading<DesiredState | undefined>;
}

export function attachedDenies(policyArns: readonly string[], denies: DenyPolicyArns): readonly DenyName[] {
  return DENY_NAMES.filter((name) => policyArns.includes(denies[name]));
}

export type OwnDeny =
  | { readonly kind: 'none' }
  /** What is attached could not be read, and the meter's state does not settle it. */
  | { readonly kind: 'untold'; readonly why: string }
  /** The guard's own doing, as it should be. */
  | { readonly kind: 'expected'; readonly why: string }
  /** The guard's own doing, though the meter wants otherwise. */
  | { readonly kind: 'drifted'; readonly why: string };

/**
 * Whether the guard itself denies a model of this tier. What is attached counts before what is wanted; neither is read
 * from an error's text.
 */
export function ownDeny(tier: 'small' | 'large', guard: GuardState): OwnDeny {
  const covers = (name: DenyName) => name !== 'large' || tier === 'large';
  const { attached, desired } = guard;
  if (attached.kind === 'unavailable') {
    const wanted = desired.kind === 'known' && desired.value !== undefined ? deniesOf(desired.value) : [];
    return wanted.some(covers) && desired.kind === 'known'
      ? { kind: 'expected', why: `the meter's state is ${desired.value}; what is attached could not be read` }
      : { kind: 'untold', why: attached.why };
  }
  const covering = attached.value.filter(covers);
  if (covering.length === 0) return { kind: 'none' };
  const names = covering.map((name) => `deny-${name}`).join(' and ');
  if (covering.includes('bill')) return { kind: 'expected', why: `${names} is attached, by AWS Budgets` };
  if (desired.kind === 'unavailable') {
    return { kind: 'expected', why: `${names} is attached; the meter's state could not be read` };
  }
  if (desired.value === undefined) {
    return { kind: 'expected', why: `${names} is attached; the meter has recorded no state this month` };
  }
  const wanted = deniesOf(desired.value);
  return covering.some((name) => wanted.includes(name))
    ? { kind: 'expected', why: `${names} is attached: the meter's state is ${desired.value}` }
    : { kind: 'drifted', why: `${names} is attached although the meter's state is ${desired.value}` };
}

/** What the meter attaches in a state. */
export function deniesOf(desired: DesiredState): readonly DenyName[] {
  switch (desired) {
    case 'open':
      return [];
    case 'degraded':
      return ['large'];
    case 'stopped':
      return ['meter', 'large'];
  }
}
