import { utcTime } from '../../core/calendar';
import type { EnvironmentConfig } from '../../config';
import { decide, type Decision, type MeterState, type MeterStatePort } from '../../core/decision';
import { GuardError, ServiceError } from '../../core/errors';
import { type Order, percentText } from '../../core/stop-lines';
import { formatUsd } from '../../core/money';
import { overshootLines } from '../../core/estimates';
import { asking, diagnosisLines, type Diagnosis } from '../doctor/diagnosis';
import { held, skipHeld } from '../doctor/held';
import { each, partData, partLines, partsExitCode } from '../each';
import { configuration, selected } from '../environments';
import { isAboutCredentials } from '../explain';
import { needsAttention } from '../findings';
import { deployedMeter } from '../meter';
import type { Looked } from '../looked/looked';
import { looks } from '../looked/looks';
import { inCommon, leftOut, notTouchedLines } from '../looked/not-touched';
import type { CommandResult, Line } from '../result';
import type { Services } from '../services';
import type { World } from '../world';

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
 * change in the stack is `npx cdk diff`; what else was not looked at stands below the answer.
 */
export async function plan(options: PlanOptions, world: World): Promise<CommandResult> {
  const all = configuration(options.config, world.now()).environments;
  const environments = selected(all, options.env);
  const looked = looks('plan does not ask');
  // Beside the answer, as they are known also where nothing is deployed that could give one.
  const unheld = new Map<string, readonly Diagnosis[]>();
  const parts = await each(environments, (environment) =>
    looked.at(environment, (look) =>
      planOf(environment, look, world, (found) => void unheld.set(environment.name, found)),
    ),
  );
  const unheldIn = (name: string) => unheld.get(name) ?? [];

  const others = leftOut(all, environments);
  const { common, own } = inCommon(environments, (name) => looked.notTouched(name));
  return {
    exitCode: partsExitCode(
      parts,
      ({ environment: { name }, before, after }) =>
        after === undefined || changes(before, after) || needsAttention(unheldIn(name)),
    ),
    data: {
      environments: partData(
        parts,
        ({ before, after, environment }) => ({
          limit: environment.limit,
          deployedLimit: before?.decision.lines.limit,
          now: before?.decision.desired,
          ...(after
            ? { after: after.desired, reason: after.reason, waitsUntil: after.next.grace?.until }
            : { after: 'unknown' }),
          overshoot: environment.meter.overshoot,
        }),
        (name) => ({ unheld: unheldIn(name), notTouched: looked.notTouched(name) }),
      ),
      notTouched: others,
    },
    lines: [
      ...partLines(parts, planLines, (name) => [...unheldIn(name).flatMap(diagnosisLines), ...own(name)]),
      ...common,
      ...notTouchedLines(others),
    ],
  };
}

async function planOf(
  environment: EnvironmentConfig,
  look: Looked,
  world: World,
  tell: (unheld: readonly Diagnosis[]) => void,
): Promise<PlanAnswer> {
  world.progress(`Asking IAM and the meter of ${environment.name}`);
  const services = look.watch(await world.services(environment));
  tell(await unheldBy(environment, services, look));
  const { table, state, order } = await deployedMeter(environment, services, world.now());
  const known = state?.reading?.known;
  if (known === undefined) look.note('spend', 'notDeployed', 'the deployed meter has not read anything yet');
  else look.note(`spend after ${utcTime(known.asOf)}`, 'beyond', 'the meter last read everything then');
  const seen = known?.byModel.map(({ region }) => region) ?? [];
  for (const region of environment.meter.regions.filter((one) => one !== environment.region && !seen.includes(one))) {
    look.note(
      `spend in ${region}`,
      'otherRegion',
      'the deployed meter has seen none there, or does not read that Region',
    );
  }
  // Without it, what counts for a stop is what the meter itself starts from.
  const factor = known === undefined ? 1 : await calibrationOf(table);
  return { environment, before: state, after: state && decisionWith(environment, state, order, factor, world.now()) };
}

/** Whom a stop would not reach after the deployment; what could not be asked stands among what was not touched. */
async function unheldBy(
  environment: EnvironmentConfig,
  services: Services,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const ask = asking(services);
  const identity = await ask((signal) => services.identity.whoAmI(signal));
  if (identity.kind === 'unavailable') {
    const { errorName } = identity.problem;
    // Without credentials the meter is not asked either, which says so of everything.
    if (!isAboutCredentials(errorName))
      skipHeld(look, 'unanswered', `AWS did not say whose credentials these are: ${errorName}`);
    return [];
  }
  const { account } = identity.value;
  if (environment.account !== undefined && environment.account !== account) {
    skipHeld(look, 'otherAccount', `signed in to account ${account}, deployed to ${environment.account}`);
    return [];
  }
  const functions = await ask(() => services.guard.functions(environment.name));
  const all = await held(ask, services, environment, { identity: identity.value, functions }, look, true);
  return all.filter(({ status }) => status === 'failed' || status === 'warning');
}

/** What the bill says beside the meter; where these credentials may not read it, that stands among what was not touched. */
async function calibrationOf(table: MeterStatePort): Promise<number> {
  try {
    return (await table.calibration())?.factor ?? 1;
  } catch (error) {
    if (error instanceof ServiceError || error instanceof GuardError) return 1;
    throw error;
  }
}

/** Pure: nothing of it is kept or sent. */
function decisionWith(
  environment: EnvironmentConfig,
  state: MeterState,
  order: Order | undefined,
  calibration: number,
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
    calibration,
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
            text: `  would stop ${name} at ${utcTime(grace.until)}, after paging: ${grace.causes.join(', ')}`,
            tone: 'bad',
          } as const,
        ]
      : []),
    ...overshoot,
  ];
}
