import type { PrincipalKind } from '../ports/policy-room';
import { cannotTell, problemWords, type Answer, type Finding } from './finding';
import { attachedDenies, DENY_NAMES, type DenyPolicyArns } from './guard-state';

/** AWS's default for roles, users and groups alike (trap 35). */
export const DEFAULT_ATTACHED_POLICIES = 10;

export interface GuardedPrincipal {
  readonly kind: PrincipalKind;
  readonly name: string;
}

/** Whether the guard's denies would fit: one that is attached already needs no more room. */
export function assessPolicyRoom(
  { kind, name }: GuardedPrincipal,
  answer: Answer<readonly string[]>,
  quotas: Answer<Readonly<Record<PrincipalKind, number>>>,
  denies: DenyPolicyArns,
): Finding {
  const base = { check: 'policy-room', subject: `${kind} ${name}` } as const;
  if (answer.kind === 'unavailable') {
    return answer.problem.refusal === 'notFound'
      ? {
          ...base,
          status: 'failed',
          detail: `this guarded ${kind} does not exist: a stop cannot reach it`,
          fix: 'take it out of principals in config/budget-tiers.ts, or create it',
        }
      : cannotTell(base.check, base.subject, answer.problem, answer.latencyMs);
  }
  const quota = quotas.kind === 'known' ? quotas.value[kind] : DEFAULT_ATTACHED_POLICIES;
  const free = quota - answer.value.length;
  const needed = DENY_NAMES.length - attachedDenies(answer.value, denies).length;
  const assumed =
    quotas.kind === 'known'
      ? ''
      : `; the quota is AWS's default, as it could not be read: ${problemWords(quotas.problem)}`;
  const detail = `${answer.value.length} of ${quota} managed policies attached, the guard needs room for ${needed} more${assumed}`;
  if (free >= needed) return { ...base, status: 'ok', detail };
  return {
    ...base,
    // With one place left a stop still fits, if not all denies at once.
    status: free > 0 ? 'warning' : 'failed',
    detail,
    fix: 'merge or detach managed policies, make them inline, or ask for a higher IAM quota',
    tell: `${Math.max(0, free)} of ${needed} places`,
  };
}
