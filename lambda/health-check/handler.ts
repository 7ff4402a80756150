import { GuardError } from '../../core/errors';
import {
  assessHealth,
  type HealthReadings,
  type HealthSubjects,
  attempt,
  type Pace,
  healthDocument,
  healthLines,
  type HealthDocument,
  extendedAccessDates,
  healthMetrics,
  isOutboxLeft,
  isRepeated,
  recordOf,
  type HealthRecord,
} from '../../core/health';
import { sameDates } from '../../core/meter';
import type { HealthCheckDeps } from './deps';
import { parseTrigger } from './event';
import type { HealthCheckEnv } from './env';
import { readHealth } from './read';

export interface HealthCheckResult {
  /** `repeated`: this scheduled run was made before. `overtaken`: another run was faster, and has mailed what is new. */
  readonly kind: 'checked' | 'repeated' | 'overtaken';
  readonly lines: readonly string[];
  readonly document: HealthDocument;
}

/** The function ends after two minutes: half a minute is left to keep and to tell what was found. */
const DEADLINE_MS = 90_000;
const READ_LAST_MS = 10_000;

/** @throws GuardError EVENT_INVALID; whatever keeps the result from being kept or mailed, so that Lambda tries again */
export function makeHandler(deps: HealthCheckDeps, env: HealthCheckEnv) {
  return async (event: unknown): Promise<HealthCheckResult> => {
    const now = deps.now();
    const trigger = parseTrigger(event, now);
    const pace: Pace = { elapsedMs: deps.stopwatch(), timeout: (ms) => deps.timeout(ms), deadlineMs: DEADLINE_MS };

    const last = await attempt(pace, READ_LAST_MS, (signal) => deps.state.last(signal));
    const previous = last.kind === 'known' ? last.value : undefined;
    if (previous && isRepeated(trigger, previous)) {
      if (isOutboxLeft(previous, now)) await sendOutbox(deps, previous);
      return resultOf('repeated', previous.document);
    }
    const readings = await readHealth(deps, env, pace, last);

    const document = healthDocument(env.ENVIRONMENT, now, trigger, assessHealth(readings, subjectsOf(env), now));
    const before = last.kind === 'known' ? previous?.document : 'unread';
    deps.metrics.record(env.ENVIRONMENT, healthMetrics(document, before), logFields(document));
    // What was not read must not be overwritten: what was told would be told again.
    if (trigger.source === 'on-demand' || last.kind === 'unavailable') return resultOf('checked', document);

    await keepDates(deps, readings);
    const record = recordOf({
      document,
      scheduledAt: trigger.scheduledAt,
      savedAtMs: deps.now(),
      last: previous,
    });
    try {
      await deps.state.save(record, previous?.revision ?? 0);
    } catch (error) {
      if (error instanceof GuardError && error.code === 'STATE_CONFLICT') return resultOf('overtaken', document);
      throw error;
    }
    await sendOutbox(deps, record);
    return resultOf('checked', document);
  };
}

/** Tells the meter from when on a list price is not trusted. What was not read is not overwritten. */
async function keepDates(
  { state }: HealthCheckDeps,
  { models, extendedAccess: before }: HealthReadings,
): Promise<void> {
  if (before.kind === 'unavailable') return;
  const dates = extendedAccessDates(models, before.value);
  if (!sameDates(dates, before.value)) await state.saveExtendedAccess(dates);
}

/**
 * Sends what is still to be sent, and notes that it is. A crash between the two repeats a mail rather than loses it.
 */
async function sendOutbox(deps: HealthCheckDeps, record: HealthRecord): Promise<void> {
  if (record.outbox.length === 0) return;
  for (const mail of record.outbox) await deps.mail.send(mail);
  await deps.state.save({ ...record, revision: record.revision + 1, outbox: [] }, record.revision);
}

function resultOf(kind: HealthCheckResult['kind'], document: HealthDocument): HealthCheckResult {
  return { kind, lines: healthLines(document.findings), document };
}

/** What is in order needs no line in the log. */
function logFields({ trigger, summary, findings }: HealthDocument): Readonly<Record<string, unknown>> {
  return {
    event: 'health.checked',
    trigger,
    summary,
    findings: findings.filter(({ status }) => status !== 'ok' && status !== 'expected'),
  };
}

function subjectsOf(env: HealthCheckEnv): HealthSubjects {
  return {
    environment: env.ENVIRONMENT,
    accountId: env.ACCOUNT_ID,
    region: env.REGION,
    invokerRoleArn: env.INVOKER_ROLE_ARN,
    policies: { switch: env.SWITCH_ARN, bill: env.DENY_BILL_ARN },
    billAction: env.BILL_ACTION === 'true',
    permissionSets: env.PERMISSION_SETS,
    topicArn: env.ALERT_TOPIC_ARN,
    emails: env.ALERT_EMAILS,
    tableName: env.STATE_TABLE_NAME,
    localEndpoint: env.LOCAL_ENDPOINT,
    assumedQuotas: env.ASSUMED_QUOTAS,
    meterFunction: env.METER_FUNCTION,
  };
}
