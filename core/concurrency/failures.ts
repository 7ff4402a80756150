import { HOUR_MS } from '../calendar';
import { asciiSubject, type Mail, runbookLine } from '../mail';
import { type Notice, noticeOf } from '../notice';
import type { ConvergeResult, Outcome } from './result';

/** What one run could not do the next one may: people are told of what has stood for so long. */
export const TELL_AFTER_MS = HOUR_MS;

/** What could not be lowered, restored or read, run after run (pk `auto-stop`, sk `failures`). */
export interface FailureRecord {
  readonly schemaVersion: 1;
  /** Counts up with every write: of two runs that read the same, one writes. */
  readonly revision: number;
  /** By function, or `<function>:<qualifier>`. */
  readonly failures: Readonly<Record<string, StandingFailure>>;
}

export interface StandingFailure {
  /** Of the first run on end that it failed in. */
  readonly sinceMs: number;
  /** People know of it. */
  readonly told: boolean;
}

export interface FailureNews {
  /** How many have stood for `TELL_AFTER_MS`. */
  readonly standing: number;
  /** What people are told: each failure once, and its end once. */
  readonly mail?: Mail;
  /** To be kept in place of what was; absent: nothing has changed. */
  readonly record?: FailureRecord;
}

/** What of a run's failures is news, beside those of the runs before it. Pure. */
export function failureNews(before: FailureRecord | undefined, result: ConvergeResult, nowMs: number): FailureNews {
  const was = before?.failures ?? {};
  const failed = new Map(result.outcomes.filter(isFailed).map((one) => [keyOf(one), one.reason]));
  const stillUnknown = (key: string) => !failed.has(key) && isUnknown(key, result.outcomes);
  const after: Record<string, StandingFailure> = {};
  const appeared: Appeared[] = [];
  for (const [key, reason] of failed) {
    const sinceMs = was[key]?.sinceMs ?? nowMs;
    const stands = nowMs - sinceMs >= TELL_AFTER_MS;
    if (stands && was[key]?.told !== true) appeared.push({ key, reason, sinceMs });
    after[key] = { sinceMs, told: stands };
  }
  for (const [key, one] of Object.entries(was)) if (stillUnknown(key)) after[key] = one;
  const recovered = Object.entries(was)
    .filter(([key, { told }]) => told && after[key] === undefined)
    .map(([key, { sinceMs }]) => ({ key, sinceMs }));
  const standing = [...failed.keys()].filter((key) => after[key]?.told === true).length;
  const isChanged = JSON.stringify(sorted(was)) !== JSON.stringify(sorted(after));
  return {
    standing,
    ...(appeared.length + recovered.length > 0 && {
      mail: mailOf(result.environment, appeared, recovered, nowMs),
    }),
    ...(isChanged && {
      record: { schemaVersion: 1, revision: (before?.revision ?? 0) + 1, failures: after },
    }),
  };
}

function isFailed({ outcome }: Outcome): boolean {
  return outcome === 'failed';
}

function keyOf({ functionName, qualifier }: Outcome): string {
  return qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
}

/** Neither better nor worse than before: this run did not come to it, or did not come to the function that it is of. */
function isUnknown(key: string, outcomes: readonly Outcome[]): boolean {
  const [functionName = key] = key.split(':');
  return outcomes.some(
    (one) =>
      (keyOf(one) === key && (one.outcome === 'deferred' || one.outcome === 'busy')) ||
      (keyOf(one) === functionName && functionName !== key && (isFailed(one) || one.outcome === 'deferred')),
  );
}

function sorted(failures: FailureRecord['failures']): readonly unknown[] {
  return Object.entries(failures)
    .map(([key, { sinceMs, told }]) => [key, sinceMs, told] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

interface Recovered {
  readonly key: string;
  readonly sinceMs: number;
}

interface Appeared extends Recovered {
  readonly reason: string;
}

function mailOf(
  environment: string,
  appeared: readonly Appeared[],
  recovered: readonly Recovered[],
  nowMs: number,
): Mail {
  const more = appeared.length + recovered.length - 1;
  const others = more > 0 ? ` (+${more} more)` : '';
  const headline =
    appeared.length > 0
      ? `${failsTitle(appeared[0]?.key)}${others}`
      : `provisioned concurrency of ${recovered[0]?.key} works again${others}`;
  return {
    subject: asciiSubject(`[auto-stop] ${environment}: ${headline}`),
    body: [
      ...(appeared.length > 0
        ? [
            'For an hour these could not be lowered, restored or read:',
            ...appeared.map(({ key, reason }) => `  ${key}: ${reason}`),
          ]
        : []),
      ...(recovered.length > 0 ? ['These work again:', ...recovered.map(({ key }) => `  ${key}`)] : []),
      `${TRIED_AGAIN} ${runbookLine(RUNBOOK)}`,
    ].join('\n'),
    notices: [
      ...appeared.map((one) => firingNotice(environment, one)),
      ...recovered.map((one) => resolvedNotice(environment, one, nowMs)),
    ],
  };
}

const RUNBOOK = 'auto-stop-failures';
const TRIED_AGAIN = 'It is tried again every 15 minutes. What is owed is kept.';

function failsTitle(key: string | undefined): string {
  return `provisioned concurrency of ${key} fails`;
}

/** Of the failure alone, not of the run: one that dies after it was sent sends the same again. */
function firingNotice(environment: string, { key, reason, sinceMs }: Appeared): Notice {
  return noticeOf(
    { environment, source: 'auto-stop', key: `${key}|${sinceMs}|fails`, at: sinceMs + TELL_AFTER_MS },
    {
      title: failsTitle(key),
      lines: [`For an hour it could not be lowered, restored or read: ${reason}`, TRIED_AGAIN],
      runbook: RUNBOOK,
    },
    { fact: key, status: 'firing', urgency: 'warning' },
  );
}

function resolvedNotice(environment: string, { key, sinceMs }: Recovered, nowMs: number): Notice {
  return noticeOf(
    {
      environment,
      source: 'auto-stop',
      key: `${key}|${sinceMs}|works`,
      at: Math.max(nowMs, sinceMs + TELL_AFTER_MS + 1),
    },
    { title: `provisioned concurrency of ${key} works again`, lines: [] },
    { fact: key, status: 'resolved', urgency: 'info' },
  );
}
