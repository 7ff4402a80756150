import { aboveZero, asFindings, metrics, type MetricValue } from '../metrics';
import { changeMail, changesSince, findingKey } from './changes';
import type { HealthDocument, Trigger } from './document';
import type { HealthRecord } from './record';

export interface RunFacts {
  readonly document: HealthDocument;
  readonly scheduledAt: string;
  readonly savedAtMs: number;
  /** Undefined before the first run. */
  readonly last: HealthRecord | undefined;
}

/** Longer than mails take to go out, shorter than Lambda's first pause before a retry (a minute). */
const OUTBOX_STALE_MS = 55_000;

/** What a run leaves behind: the record to keep, with the mails that are still to be sent. */
export function recordOf({ document, scheduledAt, savedAtMs, last }: RunFacts): HealthRecord {
  const changes = changesSince(last?.told ?? {}, document.findings);
  // Also where the clock was set back: by it chats and pagers tell which was the last.
  const at = Math.max(Date.parse(document.at), last === undefined ? 0 : Date.parse(last.document.at) + 1);
  const mail = changeMail(document.environment, changes, document.findings, at);
  return {
    schemaVersion: 1,
    revision: (last?.revision ?? 0) + 1,
    scheduledAtMs: Date.parse(scheduledAt),
    savedAtMs,
    document,
    told: changes.told,
    outbox: [...(last?.outbox ?? []), ...(mail ? [mail] : [])],
  };
}

/**
 * A repeated delivery, or one that a later run has overtaken: what it would have found is known already. People who ask
 * always get an answer of their own.
 */
export function isRepeated(trigger: Trigger, last: HealthRecord | undefined): boolean {
  return trigger.source === 'schedule' && last !== undefined && Date.parse(trigger.scheduledAt) <= last.scheduledAtMs;
}

/** Mails that a run left behind, as opposed to mails that it is just sending. */
export function isOutboxLeft({ outbox, savedAtMs }: HealthRecord, now: number): boolean {
  return outbox.length > 0 && now - savedAtMs >= OUTBOX_STALE_MS;
}

/**
 * A metric that is sent only when there is something to say costs nothing in a healthy month. The mail says at once that something
 * broke; the alarm, that it was still so in the next run.
 * @param last the result that is kept; `unread`: nobody can be told what is new, and the alarm speaks instead of the mail
 */
export function healthMetrics(
  { summary, findings }: HealthDocument,
  last: HealthDocument | 'unread' | undefined,
): readonly MetricValue[] {
  const before = new Set(last === 'unread' ? [] : failedIn(last));
  const standing = failedIn({ findings }).filter((key) => last === 'unread' || before.has(key));
  const latencies = findings.flatMap(({ check, status, latencyMs }) =>
    check === 'model-call' && status === 'ok' && latencyMs !== undefined ? [latencyMs] : [],
  );
  const canaryFailed = findings.some(({ check, status }) => check === 'canary' && status === 'warning');
  return [
    ...aboveZero([
      { metric: metrics.healthFailures, value: summary.failed },
      { metric: metrics.healthWarnings, value: summary.warning },
      { metric: metrics.healthUnknown, value: summary.unknown },
      { metric: metrics.canaryFailures, value: canaryFailed ? 1 : 0 },
    ]),
    ...asFindings(standing.length),
    ...(latencies.length > 0 ? [{ metric: metrics.slowestModel, value: Math.max(...latencies) }] : []),
  ];
}

function failedIn(document: Pick<HealthDocument, 'findings'> | undefined): readonly string[] {
  return (document?.findings ?? []).filter(({ status }) => status === 'failed').map(findingKey);
}
