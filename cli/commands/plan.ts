import type { EnvironmentConfig } from '../../config/guard-config';
import { decide, type Decision } from '../../core/decide';
import type { MeterState } from '../../core/meter/state';
import type { Order } from '../../core/orders';
import { formatUsd } from '../../core/money';
import { overshootLines } from '../../core/overshoot';
import { percentText } from '../../core/triggers';
import { each, partData, partLines, partsExitCode } from '../each';
import { configuration, selected } from '../environments';
import { deployedMeter } from '../meter';
import type { CommandResult, Line } from '../result';
import type { World } from '../world';
import { time } from './status';

export interface PlanOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
}

interface PlanAnswer {
  readonly environment: EnvironmentConfig;
  readonly before: MeterState | undefined;
  /** Absent where the meter has not read anything: what a deployment would do is unknown then. */
  readonly after: Decision | undefined;
}

/**
 * What a deployment of this configuration would do now, by the real decision on what the meter has last seen. What it would
 * change in the stack is `npx cdk diff`.
 */
export async function plan(options: PlanOptions, world: World): Promise<CommandResult> {
  const environments = selected(configuration(options.config, world.now()).environments, options.env);
  const parts = await each(environments, async (environment): Promise<PlanAnswer> => {
    world.progress(`Asking the meter of ${environment.name}`);
    const { state, order } = await deployedMeter(environment, await world.services(environment), world.now());
    return { environment, before: state, after: state && decisionWith(environment, state, order, world.now()) };
  });
  return {
    exitCode: partsExitCode(parts, ({ before, after }) => after === undefined || changes(before, after)),
    data: {
      environments: partData(parts, ({ before, after, environment }) => ({
        limit: environment.limit,
        deployedLimit: before?.decision.lines.limit,
        now: before?.decision.desired,
        ...(after
          ? { after: after.desired, reason: after.reason, waitsUntil: after.next.grace?.until }
          : { after: 'unknown' }),
        overshoot: environment.meter.overshoot,
      })),
    },
    lines: partLines(parts, planLines),
  };
}

/** Pure: nothing of it is kept or sent. */
function decisionWith(
  environment: EnvironmentConfig,
  state: MeterState,
  order: Order | undefined,
  now: number,
): Decision | undefined {
  const known = state.reading?.known;
  if (known === undefined) return undefined;
  const { limit, thresholds, stopAtPercent, dailyLimit, hourlyBrake, meter } = environment;
  const { metricDelayMinutes, tickMinutes, enforcementMinutes } = meter.overshoot.assumptions;
  return decide({
    assessment: known,
    ...{ limit, thresholds, stopAtPercent, dailyLimit, hourlyBrake },
    delayMinutes: metricDelayMinutes + tickMinutes + enforcementMinutes,
    ...(order?.kind === 'override' && { override: order.override }),
    ...(order?.kind === 'stop' && { manualStop: order.stop }),
    previous: state.decision,
    installedAt: state.installedAt,
    enforce: meter.enforce,
    onBlind: meter.onBlind,
    unknownAfterMinutes: meter.unknownAfterMinutes,
    graceMinutes: meter.graceMinutes,
    now,
    calibration: 1,
  });
}

function changes(before: MeterState | undefined, after: Decision): boolean {
  return after.desired !== (before?.decision.desired ?? 'open') || after.next.grace !== undefined;
}

function planLines({ environment, before, after }: PlanAnswer): readonly Line[] {
  const { limit, name, meter } = environment;
  const overshoot = overshootLines(name, meter.overshoot)
    .slice(0, 1)
    .map((line) => `  ${line}`);
  if (after === undefined) {
    return [
      { text: '  what a deployment would do now is unknown: the meter has not read anything yet', tone: 'warning' },
      ...overshoot,
    ];
  }
  const spent =
    after.monthToDate === undefined ? 'unknown' : `${percentText(after.monthToDate.raw, limit)} of ${formatUsd(limit)}`;
  const was = before?.decision.lines.limit;
  const { grace } = after.next;
  const now = before?.decision.desired ?? 'open';
  const verdict = after.desired === now ? `stays ${now}` : `would become ${after.desired}`;
  return [
    ...(was !== undefined && was !== limit ? [`  limit ${formatUsd(was)} -> ${formatUsd(limit)}`] : []),
    {
      text: `  ${name} ${verdict}: spent ${spent}; ${after.reason.text}`,
      tone: after.desired === 'open' ? 'good' : 'bad',
    },
    ...(grace
      ? [
          {
            text: `  would stop ${name} at ${time(grace.until)}, after paging: ${grace.causes.join(', ')}`,
            tone: 'bad',
          } as const,
        ]
      : []),
    ...overshoot,
  ];
}
