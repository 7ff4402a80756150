import { decimalToNano, formatUsd, type NanoUsd } from '../../core/money';
import { percentText, thresholdAmount, type Threshold } from '../../core/stop-lines';
import { deployCommand, type EnvironmentConfig } from '../../config';
import type { DeployedFunction } from '../../core/enforcement';
import { callerLines, callersData, callersOf, type Callers } from '../callers';
import { deployedFunction, variable } from '../deployed';
import { each, partData, partLines, partsExitCode } from '../each';
import { configName, configuration, selected, theOne } from '../environments';
import { dollars } from '../order-options';
import type { CommandResult, Line } from '../result';
import type { Services } from '../services';
import type { World } from '../world';

export interface BudgetOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly limit?: string | undefined;
}

/** A threshold in dollars, and whether the month is past it already. */
interface ThresholdLine extends Threshold {
  readonly amount: NanoUsd;
  /** Undefined where the spend is unknown, or a forecast is needed that AWS does not make. */
  readonly isReached: boolean | undefined;
}

interface BudgetAnswer {
  /** The one that was asked about: the configured one without `--limit`. */
  readonly limit: NanoUsd;
  readonly configuredLimit: NanoUsd;
  readonly spent: Reading;
  readonly forecast: Reading;
  readonly thresholds: readonly ThresholdLine[];
  readonly callers: Callers;
}

type Reading =
  { readonly kind: 'known'; readonly amount: NanoUsd } | { readonly kind: 'unavailable'; readonly why: string };

/**
 * The limits that the configuration sets, beside what AWS Budgets has counted. `--limit` asks what another limit would do
 * now; it changes nothing: a limit is set in the configuration and deployed, so that a budget never differs from its review.
 */
export async function budget(options: BudgetOptions, world: World): Promise<CommandResult> {
  const wanted = options.limit === undefined ? undefined : dollars(options.limit);
  const all = configuration(options.config, world.now()).environments;
  const environments = wanted === undefined ? selected(all, options.env) : [theOne(all, options.env)];
  const parts = await each(environments, async (environment): Promise<BudgetAnswer> => {
    world.progress(`Asking AWS Budgets about ${environment.name}`);
    const { spent, forecast, callers } = await calculated(environment, world);
    const limit = wanted ?? environment.limit;
    return {
      limit,
      configuredLimit: environment.limit,
      spent,
      forecast,
      callers,
      thresholds: environment.thresholds.map((threshold) => lineOf(threshold, limit, { spent, forecast })),
    };
  });
  return {
    exitCode: partsExitCode(parts, ({ thresholds }) =>
      thresholds.some(({ effect, isReached }) => effect === 'stop' && isReached === true),
    ),
    data: { environments: partData(parts, ({ callers, ...answer }) => ({ ...answer, callers: callersData(callers) })) },
    lines: partLines(parts, (answer) => [
      ...answerLines(answer),
      ...(wanted === undefined ? [] : limitHint(configName(options.config), environments[0]?.name ?? '', answer)),
    ]),
  };
}

async function calculated(
  environment: EnvironmentConfig,
  world: World,
): Promise<{ readonly spent: Reading; readonly forecast: Reading; readonly callers: Callers }> {
  const services = await world.services(environment);
  const costCheck = await deployedFunction(services.guard, environment, 'cost-check');
  const callers = await callersOf(environment, costCheck, services, world.now());
  return { ...(await billed(costCheck, services)), callers };
}

async function billed(
  costCheck: DeployedFunction,
  { spend }: Services,
): Promise<{ readonly spent: Reading; readonly forecast: Reading }> {
  const answer = await spend(variable(costCheck, 'ACCOUNT_ID')).calculated(variable(costCheck, 'BUDGET_NAME'));
  const none = (why: string): Reading => ({ kind: 'unavailable', why });
  if (answer.kind === 'missing') {
    const why = 'the budget was deleted: deploy the stack again';
    return { spent: none(why), forecast: none(why) };
  }
  if (answer.kind === 'unavailable') return { spent: none(answer.why), forecast: none(answer.why) };
  if (answer.currency !== 'USD') {
    const why = `AWS Budgets counts in ${answer.currency}, the limit is in USD`;
    return { spent: none(why), forecast: none(why) };
  }
  return {
    spent: { kind: 'known', amount: decimalToNano(answer.actual) },
    forecast: answer.forecast
      ? { kind: 'known', amount: decimalToNano(answer.forecast) }
      : none('AWS makes no forecast yet'),
  };
}

function lineOf(
  threshold: Threshold,
  limit: NanoUsd,
  { spent, forecast }: { readonly spent: Reading; readonly forecast: Reading },
): ThresholdLine {
  const amount = thresholdAmount(threshold, limit);
  const reading = threshold.basis === 'forecast' ? forecast : spent;
  return { ...threshold, amount, isReached: reading.kind === 'known' ? reading.amount >= amount : undefined };
}

function answerLines({ limit, spent, forecast, thresholds, callers }: BudgetAnswer): readonly Line[] {
  const of = (reading: Reading) =>
    reading.kind === 'known'
      ? `${formatUsd(reading.amount)} (${percentText(reading.amount, limit)})`
      : `unknown: ${reading.why}`;
  return [
    `  limit a month  ${formatUsd(limit)}`,
    `  counted        ${of(spent)}; AWS Budgets is 8 to 24 hours behind`,
    `  forecast       ${of(forecast)}`,
    ...callerLines(callers, '  in-path        '),
    // Looks like "within budget" while the billing tag is not active (trap 25).
    ...(spent.kind === 'known' && spent.amount === 0
      ? [
          '                 nothing counted: nothing was used, or the budget cannot see it; spend-guard doctor tells which',
        ]
      : []),
    ...thresholds.map(({ atPercent, effect, basis, amount, isReached }): Line => {
      const what = basis === 'forecast' ? `${effect} by forecast` : effect;
      const text = `  ${`${atPercent}%`.padStart(7)}  ${formatUsd(amount).padStart(12)}  ${what}${isReached === undefined ? ', unknown whether reached' : isReached ? ', REACHED' : ''}`;
      return isReached ? { text, tone: effect === 'stop' ? 'bad' : 'warning' } : text;
    }),
  ];
}

/** What `--limit` was asked for, and how it is set: by a reviewed change of the configuration, never by this command. */
function limitHint(
  file: string,
  name: string,
  { limit, configuredLimit, spent, thresholds }: BudgetAnswer,
): readonly Line[] {
  const stop = thresholds.find(({ effect }) => effect === 'stop');
  const now =
    spent.kind === 'unavailable'
      ? 'whether it would stop now is unknown'
      : stop?.isReached
        ? 'it would stop now'
        : 'it would not stop now';
  return [
    `  Configured is ${formatUsd(configuredLimit)}; with ${formatUsd(limit)} ${now}.`,
    `  To set it: environments.${name}.monthlyLimitUsd in ${file}, then ${deployCommand(name)}`,
  ];
}
