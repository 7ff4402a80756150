import type { EnvironmentConfig } from '../config/guard-config';
import type { Alert } from '../core/alerts';
import { formatUsd } from '../core/money';
import { worstCaseRate } from '../core/overshoot';
import type { ReplayLines } from '../core/replay/lines';
import { replay, type Replay } from '../core/replay/replay';
import type { PricedModel, UsageRow } from '../core/replay/usage';
import { replayEvents, replayFacts, utcMinute } from '../simulator/report/story';
import type { Line } from './result';

/**
 * What the guard of an environment would have done with a usage.
 * @param models what each model of it is, and costs. @default - those of the environment
 */
export function replayed(
  environment: EnvironmentConfig,
  rows: Iterable<UsageRow>,
  models: readonly PricedModel[] = environment.models,
): Replay {
  return replay(rows, models, linesOf(environment));
}

function linesOf({ limit, thresholds, stopAtPercent, dailyLimit, hourlyBrake, meter }: EnvironmentConfig): ReplayLines {
  const { metricDelayMinutes, tickMinutes, enforcementMinutes } = meter.overshoot.assumptions;
  return {
    limit,
    thresholds,
    stopAtPercent,
    dailyLimit,
    hourlyBrake,
    worstCaseRatePerMinute: worstCaseRate(meter.overshoot),
    metricDelayMinutes,
    tickMinutes,
    enforcementMinutes,
    graceMinutes: meter.graceMinutes,
  };
}

/** For people: what happened when, and what it came to, as the page has it. */
export function replayLines(environment: EnvironmentConfig, result: Replay): readonly Line[] {
  const { name, limit } = environment;
  const events = replayEvents(environment, result);
  return [
    `${name}, ${formatUsd(limit)} a month`,
    ...events.map(({ at, kind, text }) => ({ text: `  ${utcMinute(at)}  ${text}`, tone: TONES[kind] })),
    ...(events.length === 0 ? ['  nothing fires'] : []),
    ...replayFacts(environment, result).map(({ label, value }) => `  ${label}: ${value}`),
    ...result.months.map(
      ({ month, spent, denied }) => `  ${month}  spent ${formatUsd(spent)}, denied ${formatUsd(denied)}`,
    ),
    ...result.byModel.map(
      ({ modelId, spent, denied, deniedTokens }) =>
        `  ${modelId}: spent ${formatUsd(spent)}${denied > 0 ? `, denied ${formatUsd(denied)} (${deniedTokens} tokens)` : ''}`,
    ),
  ];
}

const TONES = { mail: 'warning', stop: 'bad', degrade: 'bad', open: 'good' } as const;

export function replayData({ alerts, changes, ...result }: Replay): Readonly<Record<string, unknown>> {
  return {
    ...result,
    alerts: alerts.map(({ at, alert }) => ({ at: iso(at), ...withIsoTimes(alert) })),
    changes: changes.map(({ at, holdsFrom, ...change }) => ({ at: iso(at), holdsFrom: iso(holdsFrom), ...change })),
  };
}

/** An alert's own times, beside the one at which it goes out. */
const ALERT_TIMES = ['runsOutAt', 'until', 'endsAt', 'since', 'blindSince'];

function withIsoTimes(alert: Alert): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(alert).map(([key, value]: readonly [string, unknown]) => [
      key,
      ALERT_TIMES.includes(key) && typeof value === 'number' ? iso(value) : value,
    ]),
  );
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
