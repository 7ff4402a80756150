import type { EnvironmentConfig } from '../config';
import type { Alert } from '../core/decision';
import { addUpTo, formatUsd, ZERO, type NanoUsd } from '../core/money';
import { worstCaseRate } from '../core/estimates';
import { type ReplayLines, replay, type Replay, type PricedModel, type UsageRow } from '../core/replay';
import { replayEvents, replayFacts, utcMinute } from '../simulator';
import type { Line } from './result';
import { byModelAndMonth } from './usage/by-month';
import { notGuardedLines, type Covered } from './usage/covered';

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

/** For people: what happened when, and what it came to, as the page has it; first what all of that leaves out. */
export function replayLines(environment: EnvironmentConfig, result: Replay, part?: Covered): readonly Line[] {
  const { name, limit } = environment;
  const events = replayEvents(environment, result);
  return [
    `${name}, ${formatUsd(limit)} a month`,
    ...(part === undefined ? [] : notGuardedLines(name, part)),
    ...events.map(({ at, kind, text }) => ({ text: `  ${utcMinute(at)}  ${text}`, tone: TONES[kind] })),
    ...(events.length === 0 ? ['  nothing fires'] : []),
    ...replayFacts(environment, result, besideSpent(name, result, part)).map(
      ({ label, value }) => `  ${label}: ${value}`,
    ),
    ...result.byModel.map(
      ({ modelId, spent, denied, deniedTokens }) =>
        `  ${modelId}: spent ${formatUsd(spent)}${denied > 0 ? `, denied ${formatUsd(denied)} (${deniedTokens} tokens)` : ''}`,
    ),
    ...monthLines(result, part),
  ];
}

/** Each month, and under it each model: what was used, and what was spent of it. */
function monthLines({ months, byModelAndMonth: guarded }: Replay, part: Covered | undefined): readonly Line[] {
  const models = byModelAndMonth(guarded, part?.notGuardedByMonth ?? []);
  const dollars = (amount: NanoUsd | undefined) => (amount === undefined ? 'unknown' : formatUsd(amount));
  const width = Math.max(0, ...models.map(({ modelId }) => modelId.length));
  const wide = Math.max(0, ...models.map(({ cost }) => dollars(cost).length));
  return [...new Set(models.map(({ month }) => month))].flatMap((month) => {
    const { spent = ZERO, denied = ZERO } = months.find((one) => one.month === month) ?? {};
    return [
      `  ${month}  spent ${formatUsd(spent)}, denied ${formatUsd(denied)}`,
      ...models
        .filter((one) => one.month === month)
        .map((one) => {
          const used = dollars(one.cost).padStart(wide);
          const remark = one.guarded ? '' : '  not guarded';
          return `    ${one.modelId.padEnd(width)}  used ${used}  spent ${dollars(one.spent).padStart(wide)}${remark}`;
        }),
    ];
  });
}

/** Undefined: nothing, all of the usage is guarded. */
export function besideSpent(name: string, { spent, denied }: Replay, part: Covered | undefined): string | undefined {
  const { notGuarded = [] } = part ?? {};
  if (notGuarded.length === 0) return undefined;
  const priced = notGuarded.flatMap(({ cost }) => cost ?? []);
  const cost = addUpTo(ZERO, ...priced);
  const percent = cost === 0 ? 0 : Math.round((1_000 * cost) / (cost + spent + denied)) / 10;
  const parts = [
    ...(priced.length === 0 ? [] : [`${formatUsd(cost)}, ${percent}% of all`]),
    ...(priced.length === notGuarded.length ? [] : ['tokens whose price nobody knows']),
  ];
  return `not guarded, and in no figure here: ${parts.join(', and ')}, of models that ${name} does not have`;
}

const TONES = { mail: 'warning', stop: 'bad', degrade: 'bad', open: 'good' } as const;

export function replayData(
  replay: Replay,
  { notGuarded, notGuardedByMonth }: Covered,
): Readonly<Record<string, unknown>> {
  // Hours are for the line of the page.
  const { alerts, changes, byModelAndMonth: guarded, byHour: _, ...result } = replay;
  return {
    notGuarded,
    usedByModelAndMonth: byModelAndMonth(guarded, notGuardedByMonth),
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
