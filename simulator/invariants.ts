import { HOUR_MS } from '../core/calendar';
import { formatUsd, percentOf } from '../core/money';
import { ownBudgetNames } from './outcome';
import { fireTimes, parseSchedule } from './template/schedule-expression';
import type { Place, World } from './world/world';

/** Longer than AWS Budgets ever takes here: 12 hours between refreshes and 5 of data delay. */
const BUDGETS_TAKE_AT_MOST_MS = 24 * HOUR_MS;

/**
 * What must hold in every month, whatever happened in it. The configuration is the measure, not the templates: a template
 * that lost a schedule, a threshold or a stop shows here.
 * @param features those that must have run in every environment
 * @returns what does not hold, in words
 */
export function violations(world: World, features: readonly string[]): readonly string[] {
  const found = [...world.places.values()].flatMap((place) =>
    [
      ...features.flatMap((feature) => runsProblems(place, world, feature)),
      ...mailProblems(place, world),
      ...alertProblems(place, world),
      ...stopProblems(place, world),
      ...usageProblems(place, world),
    ].map((text) => `${place.config.name}: ${text}`),
  );
  return [...new Set(found)];
}

/** Every feature ran, and nothing that was to be delivered was lost on the way. */
function runsProblems({ config }: Place, { journal }: World, feature: string): string[] {
  const runs = journal.runs.get(`${config.name}/${feature}`);
  if (!runs || runs.invoked === 0) return [`${feature} never ran: the template has no schedule for it`];
  if (runs.deadLetters === 0) return [];
  return [`${runs.deadLetters} runs of ${feature} were given up: ${journal.errors.get(`${config.name}/${feature}`)}`];
}

/** A report on each day at the configured local time, once, honest about what is not known, and to the owners. */
function mailProblems({ config }: Place, world: World): string[] {
  const { startMs, endMs } = world.settings.month;
  const mails = world.journal.mails.filter(({ environment }) => environment === config.name);
  const { hour, minute, timeZone } = config.report;
  const due = fireTimes(parseSchedule(`cron(${minute} ${hour} * * ? *)`, timeZone), startMs, endMs);
  const reports = mails.filter(({ feature }) => feature === 'cost-check');
  const perRun = (scheduledMs: number) => reports.filter((mail) => mail.scheduledMs === scheduledMs).length;
  const missing = Array.from(due).filter((at) => perRun(at) === 0);
  const twice = reports.filter(({ scheduledMs }) => perRun(scheduledMs) > 1);
  const invented = reports.filter(
    ({ atMs, subject, body }) =>
      world.isCostExplorerDown(atMs) && (!/unknown/i.test(subject) || body.includes('$0.00')),
  );
  const repeated = mails.filter(
    (mail, at) =>
      mails.findIndex(
        (other) => other.scheduledMs === mail.scheduledMs && other.feature === mail.feature && other.body === mail.body,
      ) < at,
  );
  const unheard = mails.filter(
    ({ recipients }) => !recipients.includes(config.owner) || !recipients.includes(config.budgetOwner),
  );
  return [
    ...(missing.length > 0
      ? [`${missing.length} of ${due.length} daily reports did not come, first ${utc(missing[0]!)}`]
      : []),
    ...twice.map(({ scheduledMs }) => `the report of ${utc(scheduledMs)} was sent more than once`),
    ...repeated.map(({ subject, atMs }) => `the mail of ${utc(atMs)} was sent before: ${subject}`),
    ...invented.map(
      ({ subject, atMs }) => `Cost Explorer was down and the report of ${utc(atMs)} gives a figure: ${subject}`,
    ),
    ...unheard.map(({ subject, atMs }) => `the mail of ${utc(atMs)} does not reach the owners: ${subject}`),
  ];
}

/** AWS Budgets tells every configured line that was really passed, once a month, and reaches the owner. */
function alertProblems({ config, usage, stack }: Place, world: World): string[] {
  const { journal, settings } = world;
  const sent = journal.notifications.filter(({ environment }) => environment === config.name);
  const names = ownBudgetNames(config, stack);
  const twice = sent.filter(
    (one, at) =>
      one.type === 'ACTUAL' &&
      sent.findIndex(
        (other) => other.budget === one.budget && other.type === one.type && other.atPercent === one.atPercent,
      ) < at,
  );
  const spentEarlier = usage.total(settings.month.startMs, settings.month.endMs - BUDGETS_TAKE_AT_MOST_MS);
  const expected = config.thresholds.filter(
    ({ basis, atPercent }) => basis === 'actual' && spentEarlier > percentOf(config.limit, atPercent),
  );
  const silent = expected.filter(
    ({ atPercent }) =>
      !sent.some((one) => names.has(one.budget) && one.type === 'ACTUAL' && one.atPercent === atPercent),
  );
  const unheard = sent.filter(({ recipients }) => !recipients.includes(config.owner));
  return [
    ...twice.map(({ atPercent, atMs }) => `the alert at ${atPercent}% came twice, again on ${utc(atMs)}`),
    ...silent.map(({ atPercent }) => `spend passed ${atPercent}% and no alert came within a day`),
    ...unheard.map(({ atPercent }) => `the alert at ${atPercent}% does not reach the owner`),
  ];
}

/** The bill's stop comes when, and only when, the bill is past its line, in the way that the config wants. */
function stopProblems({ config, reached }: Place, world: World): string[] {
  const { billAction } = config;
  const runs = world.journal.actionRuns.filter(({ environment }) => environment === config.name);
  if (billAction.kind === 'none') return runs.length > 0 ? ['a budgets action ran although billAction is none'] : [];
  const line = percentOf(config.limit, billAction.atPercent);
  const { month, scenario } = world.settings;
  const early = runs.filter(({ seen }) => seen <= line);
  const problems = early.map(
    ({ seen }) => `the bill's stop was triggered at ${formatUsd(seen)}, below its line of ${formatUsd(line)}`,
  );
  const reachedMs = reached.billAction();
  const asks = billAction.kind === 'needsApproval';
  if (runs.some(({ needsApproval }) => needsApproval !== asks))
    problems.push(`the bill's stop ${asks ? 'does not ask' : 'asks'} a person`);
  // A person may decline, and what is reached on the last day may be seen in the next month.
  const approvalMs =
    billAction.kind === 'automatic'
      ? 0
      : scenario.approval === 'never'
        ? Infinity
        : scenario.approval.afterHours * HOUR_MS;
  const dueMs = (reachedMs ?? Infinity) + BUDGETS_TAKE_AT_MOST_MS + approvalMs;
  if (dueMs >= month.endMs) return problems;
  if (runs.some(({ attachedMs }) => attachedMs !== undefined && attachedMs <= dueMs)) return problems;
  return [...problems, `spend passed the stop line on ${utc(reachedMs!)} and the bill's stop did not come`];
}

/** The world itself: its sums agree, and a stop stops every caller of every model. */
function usageProblems({ config, usage }: Place, world: World): string[] {
  const { startMs, endMs } = world.settings.month;
  const costs = usage.costs(startMs, endMs);
  const sum = costs.reduce((total, [, cost]) => total + cost, 0);
  // Four components a model, each rounded up to a whole nano-dollar; one more for the running total's own rounding.
  const tolerance = 4 * costs.length + 1;
  const problems =
    Math.abs(sum - usage.spent) > tolerance
      ? [`costs by model are ${sum - usage.spent} nano-dollars off the total`]
      : [];
  const stopped = world.journal.actionRuns.find(
    (run) => run.environment === config.name && run.attachedMs !== undefined,
  );
  if (stopped) {
    const used = usage
      .tokens(Math.ceil(stopped.attachedMs! / HOUR_MS) * HOUR_MS, endMs)
      .filter(([, { input }]) => input > 0);
    if (used.length > 0)
      problems.push(
        `${used.map(([model]) => model.id).join(', ')} went on after the stop of ${utc(stopped.attachedMs!)}`,
      );
  }
  return problems;
}

function utc(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
}
