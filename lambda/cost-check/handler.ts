import { GuardError } from '../../core/errors';
import { calibrationOf } from '../../core/meter/calibration';
import { compareDays, type DayComparison, type NamedModel } from '../../core/meter/compare';
import { makeMeterReport } from '../../core/meter-report';
import { ServiceError } from '../../core/ports/service-error';
import { makeReport, reportMetrics, type CostReport } from '../../core/report';
import { reportMail } from '../../core/report-text';
import type { CostCheckDeps } from './deps';
import type { CostCheckEnv } from './env';
import { parseEvent } from './event';
import { read } from './read';
import type { MeterReadings } from './read-meter';

export type CostCheckResult =
  | { readonly kind: 'reported'; readonly report: CostReport; readonly mailed: boolean }
  | { readonly kind: 'skipped'; readonly why: string };

/**
 * Shorter than Lambda's first pause before a retry (a minute), so that a failed run's retry takes its claim over; longer than
 * Scheduler's duplicates are apart. The function's time-out is shorter still: a run this old is over.
 */
export const STALE_CLAIM_MS = 55_000;
/** Lambda's own attempts at an asynchronous event: the last one reports what it could not read as unknown. */
const ATTEMPTS = 3;

/**
 * The daily report, and the same on demand.
 * @throws GuardError EVENT_INVALID; and for a fault that may pass, so that Lambda retries, until the last attempt
 */
export function makeHandler(deps: CostCheckDeps, env: CostCheckEnv): (event: unknown) => Promise<CostCheckResult> {
  return async (input) => {
    const now = deps.now();
    const event = parseEvent(input, now);

    const claim = event.kind === 'schedule' ? await deps.state.claim(event.dueAt, now, now - STALE_CLAIM_MS) : undefined;
    if (claim && claim.kind !== 'claimed') {
      return { kind: 'skipped', why: claim.kind === 'sent' ? 'this report was sent' : 'another run is reporting' };
    }
    const reading = await read(deps, env, now);
    if (reading.bill.kind === 'unavailable' && reading.bill.retryable && claim && claim.attempt < ATTEMPTS) {
      throw new GuardError('BILL_UNAVAILABLE', `attempt ${claim.attempt} of ${ATTEMPTS}: ${reading.bill.why}`);
    }

    const { meter: readings, days, billDays } = reading;
    const models = modelsOf(env);
    const comparison = compareDays(days, models, readings.days, billDays);
    const calibration = await calibrate(deps, readings.calibration, comparison, now);
    const meterInput = { ...readings, calibration, days, comparison, models, limit: env.LIMIT_NANO_USD, now };
    const report = makeReport({ ...reading, ...settingsOf(env), meter: makeMeterReport(meterInput), now });

    const mail = reportMail(report, env.REPORT_TIME_ZONE);
    if (event.mail) await deps.mail.send(mail);
    // First of all that follows, and never undone: from here on a retry must not mail again.
    if (event.kind === 'schedule') await deps.state.markSent(event.dueAt, now, mail.subject);
    deps.metrics.record(env.ENVIRONMENT, reportMetrics(report), {
      event: 'cost.reported',
      subject: mail.subject,
      requests: report.requests,
    });
    return { kind: 'reported', report, mailed: event.mail };
  };
}

/** Written before it is reported, so that the report has what holds from now on. Where no day could be compared, the last stands. */
async function calibrate(
  { calibration }: CostCheckDeps,
  last: MeterReadings['calibration'],
  { days }: DayComparison,
  now: number,
): Promise<MeterReadings['calibration']> {
  if (days.length === 0) return last;
  const value = { factor: calibrationOf(days, now), at: now };
  try {
    await calibration.keepCalibration(value);
    return { kind: 'known', value };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { kind: 'unavailable', why: `x${value.factor} could not be kept: ${error.errorName} from AWS` };
  }
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
