import { closest } from 'fastest-levenshtein';
import { type ConfiguredBudget, deployCommand, type EnvironmentConfig } from '../../config';
import { utcMonth, utcTime } from '../../core/calendar';
import { add, formatUsd, NANO_PER_USD, ZERO, type NanoUsd } from '../../core/money';
import {
  budgetName,
  type BudgetOrder,
  type BudgetPath,
  limitsInForce,
  periodAt,
  periodEnd,
} from '../../core/shared-budgets';
import { callersData, callersOf, type Callers } from '../callers';
import { configName, configuration, theOne } from '../environments';
import { UsageError } from '../errors';
import { EXIT_CODES } from '../exit-codes';
import { deployedMeter, evaluateNow } from '../meter';
import { asked, dollars, reasonOf, untilOf } from '../order-options';
import type { CommandResult, Line } from '../result';
import type { World } from '../world';
import type { ResumeOptions } from './orders';

const EACH = { month: 'a month', week: 'a week', day: 'a day' } as const;
const RUNNING = { month: 'this month', week: 'this week', day: 'today' } as const;

/**
 * Gives a budget another limit without a deploy, for a while or until the next order. The meter says it to callers, who go by what
 * is configured as soon as it has ended.
 */
export async function setBudget(path: BudgetPath, options: ResumeOptions, world: World): Promise<CommandResult> {
  const now = world.now();
  const environment = theOne(configuration(options.config, now).environments, options.env);
  const budget = budgetOf(environment, path, configName(options.config));
  const given = givenIn(options, budget, now);
  const services = await world.services(environment);
  world.progress(`Asking the meter of ${environment.name}`);
  const { meter, table } = await deployedMeter(environment, services, now);
  const { [path]: before = budget.limit } = limitsInForce(environment.budgets, await table.budgetOrders(), now);
  const callers = await callersOf(environment, meter, services, now, budget);
  const spent = spentLine(budget, given, callers, now);
  const what = `${budgetName(path)} of ${environment.name}`;
  const howLong = given.until === undefined ? 'until another order' : `until ${utcTime(given.until)}`;
  const change = `${formatUsd(given.limit)} ${EACH[budget.period]} in place of ${formatUsd(before)}, ${howLong}`;
  await asked(environment, `Give ${what} ${change} (${textOf(spent)})?`, options, world);

  const order: BudgetOrder = { ...given, by: world.user, at: world.now() };
  await table.giveBudgetOrder(path, order);
  world.progress('Ordered; the meter decides');
  const decided = await evaluateNow(services, meter, world);
  const limits = decided && ((await table.latest(utcMonth(world.now())))?.budgets?.limits ?? {});
  const isInForce = limits !== undefined && Object.hasOwn(limits, path) && limits[path] === order.limit;
  return {
    exitCode: isInForce ? EXIT_CODES.ok : EXIT_CODES.findings,
    data: {
      ...{ environment: environment.name, budget: path, period: periodAt(budget.period, now), order },
      ...{ configured: budget.limit, before, callers: callersData(callers), inForce: isInForce },
    },
    lines: [
      isInForce
        ? { text: `${what} has ${change}. Callers read it within 30 s.`, tone: 'good' }
        : { text: notInForce(limits, path, environment.name), tone: 'warning' },
      spent,
      given.until === undefined
        ? `The order stays, whatever is configured: ${formatUsd(budget.limit)} at present. It is audited, and in every report.`
        : `Then the configured ${formatUsd(budget.limit)} holds again, by itself. It is audited, and in every report.`,
      `To end it sooner: npx spend-guard budgets set ${path} --env ${environment.name} --limit ${(budget.limit / NANO_PER_USD).toFixed(2)} --until 1m --reason "..."`,
    ],
  };
}

/** @throws UsageError */
function budgetOf({ name, budgets }: EnvironmentConfig, path: BudgetPath, config: string): ConfiguredBudget {
  const found = budgets.find((budget) => budget.path === path);
  if (found) return found;
  const place = `environments.${name}.budgets of ${config}`;
  const command = `budgets set ${path === '' ? "''" : path} --env ${name}`;
  if (budgets.length === 0) {
    throw new UsageError(
      `${command}: ${name} has no budgets within its own; they belong in ${place}, and are deployed`,
    );
  }
  const paths = budgets.map((budget) => budget.path);
  throw new UsageError(
    `${command}: no such budget; nearest: ${closest(path, paths)}; allowed: ${paths.join(', ')}; a new one belongs in ${place}; the environment's own limit is raised by spend-guard resume`,
  );
}

/** @throws UsageError */
function givenIn(
  options: ResumeOptions,
  { path, period }: ConfiguredBudget,
  now: number,
): Pick<BudgetOrder, 'limit' | 'until' | 'reason'> {
  if (options.limit === undefined) {
    throw new UsageError(`budgets set ${path}: --limit: must say how much ${EACH[period]}, such as --limit 30`);
  }
  const limit = dollars(options.limit);
  const until = options.until === undefined ? undefined : untilOf(options.until, now);
  if (until !== undefined && until <= now) {
    throw new UsageError(`--until ${options.until}: must be in the future, such as 6h; it is ${utcTime(now)} now`);
  }
  const reason = reasonOf(options.reason, 'it is audited, and in every report');
  return { limit, reason, ...(until !== undefined && { until }) };
}

/** What the budget has spent in the running period, and what follows of it under the order. */
function spentLine(
  { path, period, limit: configured }: ConfiguredBudget,
  { limit, until }: Pick<BudgetOrder, 'limit' | 'until'>,
  callers: Callers,
  now: number,
): Line {
  const running = RUNNING[period];
  if ('unknown' in callers)
    return { text: `what it has spent ${running} is unknown: ${callers.unknown}`, tone: 'warning' };
  if (callers.budget === undefined) return `nobody has called in it ${running}`;
  const { spent, carried = ZERO } = callers.budget;
  const may = (each: NanoUsd) => add(each, carried);
  const over = carried > ZERO ? `, with ${formatUsd(carried)} carried over` : '';
  if (spent < may(limit)) return `${formatUsd(spent)} of it is spent ${running}${over}`;
  const turns = periodEnd(periodAt(period, now));
  const goesOn = until !== undefined && spent < may(configured) ? Math.min(until, turns) : turns;
  return {
    text: `${formatUsd(spent)} is spent ${running}${over}: grants in ${path} and within it stop until ${utcTime(goesOn)}`,
    tone: 'warning',
  };
}

function notInForce(limits: Readonly<Record<string, NanoUsd>> | undefined, path: BudgetPath, name: string): string {
  if (limits === undefined) {
    return 'Ordered. Other ticks were in the way: the next one, within a minute, says it to callers.';
  }
  if (!Object.hasOwn(limits, path)) {
    return `Ordered, and not in force: the deployed guard has no ${budgetName(path)}. The order holds once it has: ${deployCommand(name)}`;
  }
  return `Ordered, and not in force: another order came in between. See npx spend-guard budgets --env ${name}`;
}

function textOf(line: Line): string {
  return typeof line === 'string' ? line : line.text;
}
