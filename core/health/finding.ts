import type { Refusal, RefusalReason } from '../errors';

export const CHECKS = [
  'identity',
  'invoker-role',
  'model-call',
  'lifecycle',
  'list-price',
  'canary',
  'access-key',
  'subscription',
  'cost-allocation-tag',
  'switch',
  'policy-room',
  'permission-set',
  'quota',
  'reserved-concurrency',
  'local-endpoint',
  'state-table',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** `expected`: out of order for a reason that the guard knows of. `unknown`: the check could not be made; never read as ok. */
export type FindingStatus = 'ok' | 'expected' | 'unknown' | 'warning' | 'failed';

export interface Finding {
  readonly check: CheckName;
  /** What was checked, such as a model id, a user or an address. With `check` it identifies the finding over time. */
  readonly subject: string;
  readonly status: FindingStatus;
  /** Of the one call that the finding rests on. */
  readonly latencyMs?: number;
  readonly detail: string;
  readonly fix?: string;
  /**
   * The condition that people are mailed of, once, until it changes: a warning without one stays in the report. A
   * failure needs none.
   */
  readonly tell?: string;
}

/** A service's refusal as data. `text` is for people; decisions go by `refusal`, explanations by `reason`. */
export interface Problem {
  readonly refusal: Refusal;
  /** Of a refused model call, where its adapter has understood it. */
  readonly reason?: RefusalReason;
  readonly errorName: string;
  readonly text: string;
  /** Absent where no answer came. */
  readonly httpStatus?: number;
}

/** What became of one question to a service. */
export type Answer<T> =
  | { readonly kind: 'known'; readonly value: T; readonly latencyMs: number }
  | { readonly kind: 'unavailable'; readonly problem: Problem; readonly latencyMs: number };

/** A check that could not be made: the refusal is named, and nothing is claimed. */
export function cannotTell(check: CheckName, subject: string, problem: Problem, latencyMs?: number): Finding {
  return {
    check,
    subject,
    status: 'unknown',
    ...(latencyMs === undefined ? {} : { latencyMs }),
    detail: `not checked: ${problemWords(problem)}`,
    ...(problem.refusal === 'accessDenied'
      ? {
          fix: "deploy the stack again; if it stays, a service control policy or a boundary denies the health check's role",
        }
      : {}),
  };
}

export function problemWords({ refusal, errorName, text }: Problem): string {
  switch (refusal) {
    case 'accessDenied':
      return `permission refused (${errorName}: ${text})`;
    case 'throttled':
      return `throttled (${errorName}); the next run asks again`;
    case 'timedOut':
      return `no answer in time (${errorName})`;
    case 'unavailable':
      return `the service is not available (${errorName}: ${text})`;
    case 'notFound':
    case 'invalid':
    case 'other':
      return `${errorName}: ${text}`;
  }
}
