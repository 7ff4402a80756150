import { utcTime } from '../../core/calendar';
import type { EnvironmentConfig } from '../../config';
import { type Order, overrideEnd, overrideProblems, type Override } from '../../core/stop-lines';
import { formatUsd, ZERO } from '../../core/money';
import { configuration, theOne } from '../environments';
import { UsageError } from '../errors';
import { EXIT_CODES } from '../exit-codes';
import { deployedMeter, evaluateNow, type DeployedMeter } from '../meter';
import { asked, dollars, reasonOf, untilOf } from '../order-options';
import type { CommandResult, Line } from '../result';
import type { Services } from '../services';
import type { World } from '../world';

export interface StopOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly reason?: string | undefined;
  readonly yes?: true | undefined;
}

export interface ResumeOptions extends StopOptions {
  readonly limit?: string | undefined;
  readonly until?: string | undefined;
}

/** Denies every guarded principal, whatever is spent, until it is resumed. */
export async function stop(options: StopOptions, world: World): Promise<CommandResult> {
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  const reason = reasonOf(options.reason);
  await asked(
    environment,
    `Stop ${environment.name}: deny every model to every guarded principal, until somebody resumes it?`,
    options,
    world,
  );
  const services = await world.services(environment);
  const found = await deployedMeter(environment, services, world.now());
  const order: Order = { kind: 'stop', stop: { since: world.now(), by: world.user, reason } };
  return carriedOut(environment, services, found, order, world, [
    `It holds over the month's turn too. To end it: npx spend-guard resume --env ${environment.name} --reason "..."`,
  ]);
}

/**
 * Gives an override, which ends by itself. Above the stop line it needs `--until` and `--limit`: an open end is how a guard
 * is lost. Without them, and under the line, it ends what holds: a manual stop, a daily limit, a brake.
 */
export async function resume(options: ResumeOptions, world: World): Promise<CommandResult> {
  const now = world.now();
  const environment = theOne(configuration(options.config, now).environments, options.env);
  const limit = options.limit === undefined ? undefined : dollars(options.limit);
  const until = options.until === undefined ? undefined : untilOf(options.until, now);
  const override: Override = {
    since: now,
    by: world.user,
    reason: reasonOf(options.reason),
    ...(limit !== undefined && { limit }),
    ...(until !== undefined && { until }),
  };
  const services = await world.services(environment);
  world.progress(`Asking the meter of ${environment.name}`);
  const found = await deployedMeter(environment, services, now);
  const { decision } = found.state ?? {};
  const monthToDate =
    decision?.lastKnown?.month === found.state?.month ? (decision?.lastKnown?.monthToDate ?? ZERO) : ZERO;
  const problems = overrideProblems(override, {
    monthToDate,
    stopLine: decision?.lines.stop ?? environment.limit,
    now,
  });
  if (problems.length > 0) {
    throw new UsageError(
      `resume --env ${environment.name}: ${problems.map((problem) => `--${problem}`).join('; ')}; such as --limit 150 --until 6h`,
    );
  }
  const spent = decision?.lastKnown === undefined ? 'what is spent is unknown' : `${formatUsd(monthToDate)} is spent`;
  const upTo = limit === undefined ? 'with the configured lines' : `up to ${formatUsd(limit)}`;
  await asked(
    environment,
    `Resume ${environment.name} ${upTo}, until ${utcTime(overrideEnd(override))} at the latest (${spent})?`,
    options,
    world,
  );
  return carriedOut(environment, services, found, { kind: 'override', override }, world, [
    `It ends at ${utcTime(overrideEnd(override))} at the latest, by re-evaluating. It was mailed, and is in every report.`,
  ]);
}

async function carriedOut(
  environment: EnvironmentConfig,
  services: Services,
  { meter, table, state: before }: DeployedMeter,
  order: Order,
  world: World,
  after: readonly Line[],
): Promise<CommandResult> {
  await table.give(order);
  world.progress('Ordered; the meter decides');
  const decided = await evaluateNow(services, meter, world);
  const wanted = order.kind === 'stop' ? 'stopped' : undefined;
  const isDone = decided !== undefined && (wanted === undefined || decided.desired === wanted);
  return {
    exitCode: isDone ? EXIT_CODES.ok : EXIT_CODES.findings,
    data: { environment: environment.name, order, before: before?.desired, ...(decided && { decided }) },
    lines: [
      decided === undefined
        ? {
            text: 'Ordered. Other ticks were in the way: the next one, within a minute, carries it out.',
            tone: 'warning',
          }
        : {
            text: `${environment.name} is now ${decided.desired}: ${decided.reason}`,
            tone: isDone ? 'good' : 'warning',
          },
      ...after,
    ],
  };
}
