import type { StepId } from './steps';

/** What every name begins with: where nothing can be listed by tag, this finds it. */
export const NAME_PREFIX = 'spend-guard-verify-';
/** IAM's path of roles and policies, by which they are listed. */
export const IAM_PATH = '/spend-guard-verify/';

/** Sorts by time, and is within what IAM, Budgets and Bedrock (trap 53) take in a name. @param random four or more of [0-9a-z] */
export function runIdAt(now: number, random: string): string {
  return `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}-${random}`;
}

/** When a run began; undefined: no id of a run. */
export function runBegan(runId: string): number | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)-[0-9a-z]+$/.exec(runId) ?? [];
  const at = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** @param more tells several of a step apart */
export function resourceName(runId: string, step: StepId, more = ''): string {
  return `${NAME_PREFIX}${runId}-${step}${more === '' ? '' : `-${more}`}`;
}
