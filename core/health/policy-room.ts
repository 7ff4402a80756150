import type { PrincipalKind } from './ports';
import { cannotTell, problemWords, type Answer, type Finding } from './finding';
import { heldBy, type GuardPolicyArns } from './guard-state';

/** AWS's default for roles, users and groups alike (trap 35). */
export const DEFAULT_ATTACHED_POLICIES = 10;

export interface GuardedPrincipal {
  readonly kind: PrincipalKind;
  readonly name: string;
}

export interface GuardPolicies {
  /** @default - not deployed yet: nobody has either */
  readonly arns?: GuardPolicyArns;
  /** Whether AWS Budgets attaches its own deny at a line, which needs a place beside the switch. */
  readonly billAction: boolean;
  /** Everybody must have the switch by now; before a deployment, which attaches it, it need only fit. */
  readonly mustHold: boolean;
}

const MAKE_ROOM = 'merge or detach managed policies, make them inline, or ask for a higher IAM quota';

/**
 * Whether somebody has the switch, without which no stop reaches them, and whether what is still to be attached fits: found before
 * anything must be stopped.
 */
export function assessPolicyRoom(
  { kind, name }: GuardedPrincipal,
  answer: Answer<readonly string[]>,
  quotas: Answer<Readonly<Record<PrincipalKind, number>>>,
  { arns, billAction, mustHold }: GuardPolicies,
): Finding {
  const base = { check: 'policy-room', subject: `${kind} ${name}` } as const;
  if (answer.kind === 'unavailable') {
    return answer.problem.refusal === 'notFound'
      ? {
          ...base,
          status: 'failed',
          detail: `this guarded ${kind} does not exist: a stop cannot reach it`,
          fix: 'take it out of principals in the config, or create it',
        }
      : cannotTell(base.check, base.subject, answer.problem, answer.latencyMs);
  }
  const quota = quotas.kind === 'known' ? quotas.value[kind] : DEFAULT_ATTACHED_POLICIES;
  const held = arns === undefined ? { switch: false, bill: false } : heldBy(answer.value, arns);
  const needed = (held.switch ? 0 : 1) + (billAction && !held.bill ? 1 : 0);
  const free = Math.max(0, quota - answer.value.length);
  const assumed =
    quotas.kind === 'known'
      ? ''
      : `; the quota is AWS's default, as it could not be read: ${problemWords(quotas.problem)}`;
  const room = `${answer.value.length} of ${quota} managed policies attached, the guard needs room for ${needed} more${assumed}`;
  if (mustHold && !held.switch) {
    return {
      ...base,
      status: 'failed',
      detail: `has no switch: a stop does not reach it; ${room}`,
      fix: free > 0 ? 'deploy the stack again, which attaches it' : `${MAKE_ROOM}; then deploy the stack again`,
      tell: `no switch, ${free} of ${needed} places`,
    };
  }
  const detail = held.switch ? `has the switch; ${room}` : room;
  if (free >= needed) return { ...base, status: 'ok', detail };
  return {
    ...base,
    // A stop needs the switch alone; what does not fit beside it is AWS Budgets' own deny.
    status: held.switch || free > 0 ? 'warning' : 'failed',
    detail: held.switch || free > 0 ? `${detail}: none for the deny of AWS Budgets` : detail,
    fix: MAKE_ROOM,
    tell: `${free} of ${needed} places`,
  };
}
