import { DAY_MS } from '../calendar';
import type { AccessKey, AccessKeyUse } from './ports';
import { cannotTell, type Answer, type Finding } from './finding';

/** A key older than this is due: the user asked for rotation every month. */
export const MAX_KEY_AGE_DAYS = 30;

export interface KeyWithUse {
  readonly key: AccessKey;
  readonly use: Answer<AccessKeyUse>;
}

/** Only keys that work count; an inactive one cannot spend. */
export function assessAccessKeys(user: string, answer: Answer<readonly KeyWithUse[]>, now: number): readonly Finding[] {
  if (answer.kind === 'unavailable') {
    return answer.problem.refusal === 'notFound'
      ? [
          {
            check: 'access-key',
            subject: user,
            status: 'warning',
            detail: 'this guarded IAM user does not exist: a stop has nobody to reach',
            fix: 'take it out of principals.users in the config, or create it',
            tell: 'gone',
          },
        ]
      : [cannotTell('access-key', user, answer.problem, answer.latencyMs)];
  }
  const active = answer.value.filter(({ key }) => key.active);
  if (active.length === 0)
    return [{ check: 'access-key', subject: user, status: 'ok', detail: 'no active access key' }];
  return active.map((one) => assessKey(user, one, now));
}

function assessKey(user: string, { key, use }: KeyWithUse, now: number): Finding {
  const shown = maskedKeyId(key.id);
  const ageDays = (now - key.createdAtMs) / DAY_MS;
  const detail = `key ${shown} is ${Math.floor(ageDays)} days old, ${useWords(use, now)}`;
  const subject = `${user} ${shown}`;
  if (ageDays <= MAX_KEY_AGE_DAYS) return { check: 'access-key', subject, status: 'ok', detail };
  return {
    check: 'access-key',
    subject,
    status: 'warning',
    detail,
    fix: rotationSteps(user, shown),
    tell: `older than ${MAX_KEY_AGE_DAYS} days`,
  };
}

/** A key id is no secret, but a log that shows one looks like a leak: the last four characters identify it. */
export function maskedKeyId(id: string): string {
  return `...${id.slice(-4)}`;
}

function rotationSteps(user: string, shown: string): string {
  return [
    `1. aws iam create-access-key --user-name ${user}`,
    '2. switch every program to the new key',
    `3. aws iam get-access-key-last-used for the old key (${shown}), until nothing uses it`,
    `4. aws iam update-access-key --user-name ${user} --status Inactive for the old key, and wait a day`,
    `5. aws iam delete-access-key --user-name ${user} for the old key`,
    'Better: temporary credentials of the invoker role, which never grow old',
  ].join('; ');
}

function useWords(use: Answer<AccessKeyUse>, now: number): string {
  if (use.kind === 'unavailable') return `last use unknown (${use.problem.errorName})`;
  const { atMs, service } = use.value;
  if (atMs === undefined) return 'never used';
  const days = Math.max(0, Math.floor((now - atMs) / DAY_MS));
  return `last used ${days === 0 ? 'today' : `${days} days ago`}${service ? ` for ${service}` : ''}`;
}
