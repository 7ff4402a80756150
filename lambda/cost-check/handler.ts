import { MINUTE_MS } from '../../core/calendar';
import { GuardError } from '../../core/errors';
import { calibrationOf, compareDays, type DayComparison, type NamedModel } from '../../core/meter';
import {
  makeMeterReport,
  reportDay,
  type Claim,
  type ReportDay,
  makeReport,
  reportMetrics,
  type CostReport,
  reportSubject,
} from '../../core/report';
import { answered, asked, understood, type Unavailable } from './asked';
import type { CostCheckDeps } from './deps';
import type { CostCheckEnv } from './env';
import { parseEvent } from './event';
import { read, type CostCheckReading } from './read';
import { askedSpenders, type SpendersAnswer } from './read-spenders';
import type { MeterReadings } from './read-meter';
import { publishReport, sendReport, type Sent } from './send';

export type CostCheckResult =
  | { readonly kind: 'reported'; readonly report: CostReport; readonly mailed: boolean }
  | { readonly kind: 'skipped'; readonly why: string }
  | SpendersAnswer;

/**
 * Shorter than Lambda's first pause before a retry (a minute), so that a failed run's retry takes its claim over; longer than
 * Scheduler's duplicates are apart. The function's time-out is shorter still: a run this old is over.
 */
export const STALE_CLAIM_MS = 55_000;
/** Lambda's own attempts at an asynchronous event: the last one reports what it could not read as unknown. */
const ATTEMPTS = 3;

/**
 * Without claims nobody counts attempts: Lambda's second one begins within three minutes of the schedule's instant (a minute until
 * the first, a run of at most 50 s, a minute's pause), its third after them.
 */
const LAST_ATTEMPT_AFTER_MS = 3 * MINUTE_MS;

/**
 * The daily report, and the same on demand. What cannot be read stands in it as unknown, with the reason.
 * @throws GuardError EVENT_INVALID; for a fault that may pass, so that Lambda retries, until the last attempt; ServiceError where
 *   the mail cannot be sent
 */
export function makeHandler(deps: CostCheckDeps, env: CostCheckEnv): (event: unknown) => Promise<CostCheckResult> {
  return async (input) => {
    const now = deps.now();
    const event = parseEvent(input, now);
    if (event.kind === 'spenders') return askedSpenders(deps, env, event.month, now);

    const due =
      event.kind === 'schedule' ? { at: event.dueAt, day: reportDay(event.dueAt, env.REPORT_TIME_ZONE) } : undefined;
    const claim = due && (await claimOf(deps, due, now));
    if (claim?.kind === 'busy') return { kind: 'skipped', why: 'another run is reporting' };
    if (claim?.kind === 'sent') {
      const told = due !== undefined && claim.isUntold === true ? await tellLater(deps, env, due.day, now) : '';
      return { kind: 'skipped', why: `this day's report was sent${told}` };
    }
    const reading = await read(deps, env, now);
    const { bill } = reading;
    if (bill.kind === 'unavailable' && bill.retryable && claim?.kind === 'claimed' && claim.attempt < ATTEMPTS) {
      throw new GuardError('BILL_UNAVAILABLE', `attempt ${claim.attempt} of ${ATTEMPTS}: ${bill.why}`);
    }

    const made = await reportOf(deps, env, withClaim(reading, claim), now);
    const day = due?.day ?? reportDay(now, env.REPORT_TIME_ZONE);
    const { report, ...sent }: Sent = event.mail ? await sendReport(deps, env, made, day) : { report: made };
    const subject = reportSubject(report);
    // A run that fails from here on is tried again, and would mail again.
    const isUntold = sent.unpublished !== undefined;
    const marked = due && (await asked(() => deps.state.markSent(due.day, now, subject, isUntold)));
    const unmarked = marked?.kind === 'unavailable' ? { unmarked: marked.why } : {};
    await asked(async () =>
      deps.metrics.record(env.ENVIRONMENT, reportMetrics(report), {
        event: 'cost.reported',
        subject,
        requests: report.requests,
        ...(reading.bytesScanned === undefined ? {} : { bytesScanned: reading.bytesScanned }),
        ...unmarked,
        ...sent,
      }),
    );
    return { kind: 'reported', report, mailed: event.mail };
  };
}

/**
 * People were mailed by an earlier run of the day, and those who do not read mail were not told: they are told how it stands now. Twice
 * does no harm, since a channel knows the report by its day.
 * @returns what became of it, for the log
 */
async function tellLater(deps: CostCheckDeps, env: CostCheckEnv, day: ReportDay, now: number): Promise<string> {
  const report = await reportOf(deps, env, await read(deps, env, now), now);
  const published = await asked(() => publishReport(deps.mail, env, report, day));
  if (published.kind === 'unavailable') return `; who does not read mail is not told it: ${published.why}`;
  const marked = await asked(() => deps.state.markSent(day, now, reportSubject(report)));
  const unmarked = marked.kind === 'unavailable' ? `, which is not written down: ${marked.why}` : '';
  return `, and who does not read mail is told it now${unmarked}`;
}

/** @throws GuardError CLAIM_UNAVAILABLE while a later attempt may find the table again: nobody should get two mails for a minute's outage */
async function claimOf(
  { state }: CostCheckDeps,
  due: { readonly at: number; readonly day: ReportDay },
  now: number,
): Promise<Claim | Unavailable> {
  const claim = await answered(() => state.claim(due.day, now, now - STALE_CLAIM_MS));
  if (claim.kind === 'unavailable' && now - due.at < LAST_ATTEMPT_AFTER_MS) {
    throw new GuardError('CLAIM_UNAVAILABLE', `whether this report was sent is unknown: ${claim.why}`);
  }
  return claim;
}

function withClaim(reading: CostCheckReading, claim: Claim | Unavailable | undefined): CostCheckReading {
  if (claim?.kind !== 'unavailable') return reading;
  const why = `whether it was sent before: ${claim.why}`;
  return { ...reading, lines: [...reading.lines, { line: 'daily report', state: 'unknown', why }] };
}

async function reportOf(
  deps: CostCheckDeps,
  env: CostCheckEnv,
  reading: CostCheckReading,
  now: number,
): Promise<CostReport> {
  const { meter: readings, days, billDays } = reading;
  const models = modelsOf(env);
  const comparison = understood<DayComparison>(
    () => compareDays(days, models, readings.days, billDays),
    (why) => ({ days: [], notCompared: days.map((day) => ({ day, why })) }),
  );
  const calibration = await calibrate(deps, readings.calibration, comparison, now);
  const meterInput = { ...readings, calibration, days, comparison, models, limit: env.LIMIT_NANO_USD, now };
  const meter = understood(
    () => makeMeterReport(meterInput),
    (why) =>
      makeMeterReport({
        ...meterInput,
        state: { kind: 'unavailable', why },
        comparison: { days: [], notCompared: days.map((day) => ({ day, why })) },
      }),
  );
  const input = { ...reading, ...settingsOf(env), meter, now };
  return understood(
    () => makeReport(input),
    (why) => makeReport({ ...input, bill: { kind: 'unavailable', why, retryable: false } }),
  );
}

/** Written before it is reported, so that the report has what holds from now on. Where no day could be compared, the last stands. */
async function calibrate(
  { calibration }: CostCheckDeps,
  last: MeterReadings['calibration'],
  { days }: DayComparison,
  now: number,
): Promise<MeterReadings['calibration']> {
  if (days.length === 0) return last;
  const computed = await asked(async () => ({ factor: calibrationOf(days, now), at: now }));
  if (computed.kind === 'unavailable') return computed;
  const { value } = computed;
  const kept = await asked(() => calibration.keepCalibration(value));
  return kept.kind === 'known'
    ? { kind: 'known', value }
    : { kind: 'unavailable', why: `x${value.factor} could not be kept: ${kept.why}` };
}

function modelsOf({ MODEL_NAMES }: CostCheckEnv): readonly NamedModel[] {
  return Object.entries(MODEL_NAMES).map(([modelId, name]) => ({ modelId, name }));
}

function settingsOf(env: CostCheckEnv) {
  return {
    environment: env.ENVIRONMENT,
    limit: env.LIMIT_NANO_USD,
    thresholds: env.THRESHOLDS,
    neverStop: env.NEVER_STOP,
    guardedUnmetered: env.GUARDED_UNMETERED,
  };
}
