import type { EnvironmentConfig } from '../config/guard-config';
import { alertMail, type Alert } from '../core/alerts';
import { formatUsd } from '../core/money';
import { replay, type Replay, type ReplayLines } from '../core/replay/replay';
import { stepsOf, type PricedModel, type UsageRow } from '../core/replay/usage';
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
  return replay(stepsOf(rows, models), linesOf(environment));
}

function linesOf({ limit, thresholds, stopAtPercent, dailyLimit, hourlyBrake, meter }: EnvironmentConfig): ReplayLines {
  const { metricDelayMinutes, tickMinutes, enforcementMinutes } = meter.overshoot.assumptions;
  return {
    limit,
    thresholds,
    stopAtPercent,
    dailyLimit,
    hourlyBrake,
    metricDelayMinutes,
    enforcementMinutes: tickMinutes + enforcementMinutes,
    graceMinutes: meter.graceMinutes,
  };
}

/** For people: what happened when, and what it came to. */
export function replayLines(environment: EnvironmentConfig, result: Replay): readonly Line[] {
  const { name, limit } = environment;
  const events = [
    ...result.alerts.map(({ at, alert }) => ({
      at,
      text: alertMail(alert, { environment: name, enforce: true }).subject.replace(`[meter] ${name} `, 'mail: '),
      tone: 'warning' as const,
    })),
    ...result.changes.map(({ at, from, to, reason }) => ({
      at,
      text: `${from} -> ${to}: ${reason}`,
      tone: to === 'open' ? ('good' as const) : ('bad' as const),
    })),
  ].sort((a, b) => a.at - b.at);
  return [
    `${name}, ${formatUsd(limit)} a month`,
    ...events.map(({ at, text, tone }) => ({ text: `  ${minute(at)}  ${text}`, tone })),
    ...(events.length === 0 ? ['  nothing fires'] : []),
    ...result.months.map(
      ({ month, spent, denied }) => `  ${month}  spent ${formatUsd(spent)}, denied ${formatUsd(denied)}`,
    ),
    ...result.byModel.map(
      ({ modelId, spent, denied, deniedTokens }) =>
        `  ${modelId}: spent ${formatUsd(spent)}${denied > 0 ? `, denied ${formatUsd(denied)} (${deniedTokens} tokens)` : ''}`,
    ),
  ];
}

export function replayData({ alerts, changes, ...result }: Replay): Readonly<Record<string, unknown>> {
  return {
    ...result,
    alerts: alerts.map(({ at, alert }) => ({ at: iso(at), ...withIsoTimes(alert) })),
    changes: changes.map(({ at, ...change }) => ({ at: iso(at), ...change })),
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

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
