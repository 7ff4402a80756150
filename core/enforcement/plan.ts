import type { UtcMonth } from '../calendar';
import { deniesOf } from '../health/guard-state';
import type { EnforcementState } from './state';
import type { Principal } from '../ports/attachments';
import type { DesiredState } from '../triggers';

/** The meter's two policies; `bill` is AWS Budgets' (trap 23). */
export type MeterDeny = 'meter' | 'large';
/** `meter` first: all models are denied before anything else is changed. */
export const METER_DENIES: readonly MeterDeny[] = ['meter', 'large'];

/** Whom IAM names as having the policy, or why it could not say. */
export type Attached =
  | { readonly kind: 'known'; readonly principals: readonly Principal[] }
  | { readonly kind: 'unavailable'; readonly why: string };

export interface PlanInput {
  /** What is really enforced: `open` in a dry run, whatever was decided. */
  readonly enforced: DesiredState;
  /** What was enforced by the tick before. */
  readonly enforcedBefore: DesiredState;
  readonly principals: readonly Principal[];
  readonly attached: Readonly<Record<MeterDeny, Attached>>;
  readonly confirmed: EnforcementState['confirmed'];
}

export interface AttachmentStep {
  readonly deny: MeterDeny;
  readonly change: 'attach' | 'detach';
  readonly principal: Principal;
}

export interface Drift {
  readonly deny: MeterDeny;
  /** What somebody else did. */
  readonly what: 'attached' | 'detached';
  readonly principal: Principal;
}

export interface EnforcementPlan {
  /** Attachments before detachments: nobody is let through in between. */
  readonly steps: readonly AttachmentStep[];
  readonly drift: readonly Drift[];
  readonly confirmed: EnforcementState['confirmed'];
  /** Listings that failed, in words. */
  readonly unlisted: readonly string[];
}

/** What makes the attachments match, from what IAM really has; the same input leads to the same steps, and none if all is well. */
export function planEnforcement(input: PlanInput): EnforcementPlan {
  const wanted = deniesOf(input.enforced);
  const wantedBefore = deniesOf(input.enforcedBefore);
  const steps: AttachmentStep[] = [];
  const drift: Drift[] = [];
  const unlisted: string[] = [];
  const confirmed: Record<string, readonly Principal[]> = {};
  for (const deny of METER_DENIES) {
    const listing = input.attached[deny];
    const isWanted = wanted.includes(deny);
    if (listing.kind === 'unavailable') {
      unlisted.push(`deny-${deny}: ${listing.why}`);
      confirmed[deny] = input.confirmed[deny] ?? [];
      // Both verbs hurt nobody when repeated: what cannot be looked up is simply made so.
      steps.push(...input.principals.map((principal) => step(deny, isWanted ? 'attach' : 'detach', principal)));
      continue;
    }
    const { principals: has } = listing;
    const had = input.confirmed[deny];
    const missing = input.principals.filter((one) => !includes(has, one));
    confirmed[deny] = has;
    if (isWanted) {
      steps.push(...missing.map((principal) => step(deny, 'attach', principal)));
      // Dropped from the configuration while denied: nobody else would ever let them go.
      const strangers = has.filter((one) => !includes(input.principals, one));
      steps.push(...strangers.map((principal) => step(deny, 'detach', principal)));
      if (wantedBefore.includes(deny)) {
        drift.push(...missing.filter((one) => includes(had ?? [], one)).map((one) => drifted(deny, 'detached', one)));
      }
    } else {
      steps.push(...has.map((principal) => step(deny, 'detach', principal)));
      // Shortly after a detach IAM may still list it: only what an earlier listing did not show was attached by somebody.
      if (!wantedBefore.includes(deny) && had !== undefined) {
        drift.push(...has.filter((one) => !includes(had, one)).map((one) => drifted(deny, 'attached', one)));
      }
    }
  }
  const order = (change: 'attach' | 'detach') => steps.filter((one) => one.change === change);
  return { steps: [...order('attach'), ...order('detach')], drift, confirmed, unlisted };
}

/** For people: `role dev-app`. */
export function principalText({ kind, name }: Principal): string {
  return `${kind} ${name}`;
}

export function samePrincipal(a: Principal, b: Principal): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** A month's figures start anew, and with them what is compared with them. */
export function enforcementOfMonth(before: EnforcementState, from: UtcMonth, to: UtcMonth): EnforcementState {
  if (from === to) return before;
  const { leakBaseline: _, ...kept } = before;
  return kept;
}

function includes(all: readonly Principal[], one: Principal): boolean {
  return all.some((other) => samePrincipal(other, one));
}

function step(deny: MeterDeny, change: 'attach' | 'detach', principal: Principal): AttachmentStep {
  return { deny, change, principal };
}

function drifted(deny: MeterDeny, what: Drift['what'], principal: Principal): Drift {
  return { deny, what, principal };
}
