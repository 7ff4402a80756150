import type { EnvironmentConfig } from '../../config';
import { MINUTE_MS, utcTime } from '../../core/calendar';
import { told, type DeployedFunction } from '../../core/enforcement';
import type { Reading } from '../../core/reading';
import { stateInEffect } from '../../core/health';
import type { MeterState } from '../../core/decision';
import { type Order, overrideEnd, percentText, type DesiredState } from '../../core/stop-lines';
import type { TokenCounts } from '../../core/meter';
import { formatUsd } from '../../core/money';
import { ServiceError } from '../../core/errors';
import { guardedUnmetered, unmeteredText } from '../../core/metering';
import { sha256 } from '../../lambda/digest';
import { burningCaches, cacheLines } from '../cache-lines';
import { callerLines, callersData, callersOf, type Callers } from '../callers';
import { each, partData, partLines, partsExitCode } from '../each';
import { configuration, selected } from '../environments';
import { deployedMeter, orderInForce } from '../meter';
import type { CommandResult, Line } from '../result';
import type { Services } from '../services';
import type { World } from '../world';

export interface StatusOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
}

interface StatusAnswer {
  readonly state: MeterState | undefined;
  readonly order: Order | undefined;
  /** The last tick is too long ago: what is said here may no longer hold. */
  readonly stale: boolean;
  /** Whom a stop reaches and the meter may not see, by the configuration. */
  readonly unmetered: readonly string[];
  readonly callers: Callers;
  readonly switch: Reading<DesiredState | undefined>;
}

/** As callers of the in-path plugin judge it too. */
const STALE_MS = 10 * MINUTE_MS;

/** What the meter sees and holds at present, in each environment. */
export async function status(options: StatusOptions, world: World): Promise<CommandResult> {
  const environments = selected(configuration(options.config, world.now()).environments, options.env);
  const parts = await each(environments, async (environment: EnvironmentConfig): Promise<StatusAnswer> => {
    world.progress(`Asking the meter of ${environment.name}`);
    const services = await world.services(environment);
    const { state, order, meter } = await deployedMeter(environment, services, world.now());
    return {
      state,
      order: orderInForce(order, world.now()),
      stale: state === undefined || world.now() - state.decision.at > STALE_MS,
      unmetered: guardedUnmetered(environment),
      callers: await callersOf(environment, meter, services, world.now()),
      switch: await switchOf(meter, services),
    };
  });
  const attention = ({ state, stale, switch: theSwitch }: StatusAnswer) =>
    stale ||
    state === undefined ||
    state.desired !== 'open' ||
    state.decision.blindSince !== undefined ||
    differs(theSwitch, state);
  return {
    exitCode: partsExitCode(parts, attention),
    data: {
      environments: partData(parts, ({ state, order, stale, unmetered, callers, switch: theSwitch }) => ({
        stale,
        callers: callersData(callers),
        guardedUnmetered: unmetered,
        switch: theSwitch.kind === 'known' ? (theSwitch.value ?? 'foreign') : 'unknown',
        ...(order && { order }),
        ...(state && {
          month: state.month,
          desired: state.decision.desired,
          enforced: state.desired,
          at: new Date(state.decision.at).toISOString(),
          limit: state.decision.lines.limit,
          monthToDate: state.decision.lastKnown?.monthToDate,
          today: state.decision.lastKnown?.today,
          blindSince: state.decision.blindSince,
          holds: state.decision.holds,
          grace: state.decision.grace,
          byModel: state.reading?.known?.byModel ?? [],
          foreign: state.reading?.known?.foreign ?? [],
          unguarded: state.reading?.known?.unguarded ?? [],
          findings: state.reading?.known?.findings ?? [],
          cacheBurn: burningCaches(state.reading?.known, state.decision.lines.limit),
          open: state.enforcement.pagedOpen,
          stoppedSince: state.enforcement.stoppedSince,
        }),
      })),
    },
    lines: partLines(parts, (answer) => statusLines(answer)),
  };
}

function statusLines({ state, order, stale, unmetered, callers, switch: theSwitch }: StatusAnswer): readonly Line[] {
  const unseen: readonly Line[] =
    unmetered.length === 0 ? [] : [{ text: `  not metered       ${unmeteredText(unmetered)}`, tone: 'warning' }];
  if (state === undefined) {
    return [
      { text: '  the meter has not run yet: it does each minute once it is deployed', tone: 'warning' },
      ...unseen,
    ];
  }
  const { decision, reading, enforcement } = state;
  const { lastKnown, lines, blindSince, holds, grace } = decision;
  const tone = state.desired === 'open' ? 'good' : 'bad';
  const spent = lastKnown?.month === state.month ? lastKnown : undefined;
  return [
    { text: `  ${state.desired}${dryRun(state)}, as of ${utcTime(decision.at)}`, tone },
    ...(stale
      ? [
          {
            text: `  the meter has said nothing for ${STALE_MS / MINUTE_MS} minutes: see docs/runbook.md, "spend-meter-missing-runs"`,
            tone: 'bad',
          } as const,
        ]
      : []),
    switchLine(theSwitch, state),
    spent === undefined
      ? '  spent this month  unknown'
      : `  spent this month  ${formatUsd(spent.monthToDate)}, ${percentText(spent.monthToDate, lines.limit)} of ${formatUsd(lines.limit)}; today ${formatUsd(spent.today)}`,
    ...holds.map(({ text, day }) => `  because           ${text} (${day})`),
    ...(grace
      ? [
          {
            text: `  waits             until ${utcTime(grace.until)}, then it acts on: ${grace.causes.join(', ')}`,
            tone: 'warning',
          } as const,
        ]
      : []),
    ...(blindSince === undefined
      ? []
      : [
          {
            text: `  BLIND             since ${utcTime(blindSince)}${reading?.unknown ? `: ${reading.unknown}` : ''}`,
            tone: 'bad',
          } as const,
        ]),
    ...orderLines(order),
    ...unseen,
    ...callerLines(callers, '  in-path callers   '),
    ...(enforcement.pagedOpen.length > 0
      ? [{ text: `  left out          ${enforcement.pagedOpen.join(', ')}`, tone: 'bad' } as const]
      : []),
    ...(reading?.known?.byModel ?? []).map(
      ({ modelId, region, monthToDate, tokens }) =>
        `  ${formatUsd(monthToDate).padStart(10)}  ${modelId} in ${region}: ${tokenText(tokens)}`,
    ),
    ...cacheLines(reading?.known, lines.limit),
    ...(reading?.known?.foreign ?? []).map(
      ({ owner, metricId, tokens }) => `  not counted  ${owner}: ${metricId}, ${tokenText(tokens)}`,
    ),
  ];
}

/** What IAM has in effect at this moment, which the meter's record may no longer say. */
async function switchOf(
  { variables }: DeployedFunction,
  { switchVersions }: Services,
): Promise<StatusAnswer['switch']> {
  const arn = variables['SWITCH_ARN'];
  if (!arn) return { kind: 'unavailable', why: 'the deployed guard names none' };
  try {
    const versions = await switchVersions(arn).list();
    return { kind: 'known', value: stateInEffect(versions.map((version) => told(version, sha256))) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { kind: 'unavailable', why: error.errorName };
  }
}

function differs(theSwitch: StatusAnswer['switch'], { desired }: MeterState): boolean {
  return theSwitch.kind === 'known' && theSwitch.value !== desired;
}

function switchLine(theSwitch: StatusAnswer['switch'], state: MeterState): Line {
  const label = '  switch            ';
  if (theSwitch.kind === 'unavailable') return { text: `${label}not read: ${theSwitch.why}`, tone: 'warning' };
  const says = theSwitch.value === undefined ? 'a version in effect that is none of the guard' : theSwitch.value;
  if (!differs(theSwitch, state)) return `${label}${says}`;
  return { text: `${label}${says}, although the meter has put in ${state.desired}`, tone: 'bad' };
}

function dryRun({ desired, decision }: MeterState): string {
  return desired === decision.desired ? '' : ` (dry run: it would be ${decision.desired})`;
}

export function orderLines(order: Order | undefined): readonly Line[] {
  if (order === undefined) return [];
  if (order.kind === 'stop') {
    const { by, since, reason } = order.stop;
    return [{ text: `  ordered           stop by ${by} since ${utcTime(since)}: ${reason}`, tone: 'warning' }];
  }
  const { override } = order;
  const limit = override.limit === undefined ? 'the configured lines' : `up to ${formatUsd(override.limit)}`;
  return [
    {
      text: `  ordered           override by ${override.by}, ${limit}, until ${utcTime(overrideEnd(override))}: ${override.reason}`,
      tone: 'warning',
    },
  ];
}

function tokenText(tokens: TokenCounts): string {
  const { input, output, cacheRead, cacheWrite } = tokens;
  const cached = cacheRead + cacheWrite > 0 ? `, cache ${cacheRead} read, ${cacheWrite} written` : '';
  return `${input} in, ${output} out${cached}`;
}
