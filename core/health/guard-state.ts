import type { Reading } from '../reading';
import type { DesiredState } from '../stop-lines';

/** The guard's two policies: the switch is the meter's, `deny-bill` is AWS Budgets'. */
export interface GuardPolicyArns {
  readonly switch: string;
  readonly bill: string;
}

/** Which of the two somebody has. */
export interface HeldBy {
  readonly switch: boolean;
  readonly bill: boolean;
}

/** What the guard itself does to the invoker role at present. */
export interface GuardState {
  /** What is really attached to it. */
  readonly held: Reading<HeldBy>;
  /** Of the switch's version in effect; `undefined`: it is none that the guard has written. */
  readonly inEffect: Reading<DesiredState | undefined>;
  /** `undefined`: the meter has not decided anything this month. */
  readonly desired: Reading<DesiredState | undefined>;
}

export function heldBy(attached: readonly string[], arns: GuardPolicyArns): HeldBy {
  return { switch: attached.includes(arns.switch), bill: attached.includes(arns.bill) };
}

/** Whether a state denies the models of a tier. */
export function denies(state: DesiredState, tier: 'small' | 'large'): boolean {
  switch (state) {
    case 'open':
      return false;
    case 'degraded':
      return tier === 'large';
    case 'stopped':
      return true;
  }
}

export type OwnDeny =
  | { readonly kind: 'none'; readonly why: string }
  /** What is really in effect could not be told, and the meter's state does not settle it. */
  | { readonly kind: 'untold'; readonly why: string }
  /** The guard's own doing, as it should be. @param told whether it was seen, and not only wanted */
  | { readonly kind: 'expected'; readonly why: string; readonly told: boolean }
  /** The guard's own doing, though the meter wants otherwise. */
  | { readonly kind: 'drifted'; readonly why: string };

/**
 * Whether the guard itself denies a model of this tier. What is attached and in effect counts before what is wanted; neither is
 * read from an error's text.
 */
export function ownDeny(tier: 'small' | 'large', { held, inEffect, desired }: GuardState): OwnDeny {
  const unread = (what: string, why: string): OwnDeny =>
    desired.kind === 'known' && desired.value !== undefined && denies(desired.value, tier)
      ? { kind: 'expected', why: `the meter's state is ${desired.value}; ${what} could not be read`, told: false }
      : { kind: 'untold', why: `${what} could not be read (${why})` };
  if (held.kind === 'unavailable') return unread("the invoker role's policies", held.why);
  if (held.value.bill) return { kind: 'expected', why: 'deny-bill is attached, by AWS Budgets', told: true };
  if (!held.value.switch) return { kind: 'none', why: 'the invoker role has no switch' };
  if (inEffect.kind === 'unavailable') return unread('what the switch says', inEffect.why);
  const says = inEffect.value;
  if (says === undefined)
    return { kind: 'untold', why: 'the guard has not written the version of the switch in effect' };
  const switched = `the switch says ${says}`;
  if (!denies(says, tier)) return { kind: 'none', why: switched };
  if (desired.kind === 'unavailable') {
    return { kind: 'expected', why: `${switched}; the meter's state could not be read`, told: true };
  }
  if (desired.value === undefined) {
    return { kind: 'expected', why: `${switched}; the meter has recorded no state this month`, told: true };
  }
  return denies(desired.value, tier)
    ? { kind: 'expected', why: `${switched}: the meter's state is ${desired.value}`, told: true }
    : { kind: 'drifted', why: `${switched} although the meter's state is ${desired.value}` };
}
