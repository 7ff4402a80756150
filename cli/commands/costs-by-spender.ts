import type { EnvironmentConfig } from '../../config';
import { deployCommand } from '../../config';
import type { UtcMonth } from '../../core/calendar';
import {
  type CallerDivision,
  CALLER_DIVISIONS,
  focusOfBill,
  focusOfCallers,
  focusOfTag,
  type FocusOf,
  type FocusRow,
  type SpentBy,
  spentBy,
  spentByBill,
  spentByCaller,
  spentByTag,
} from '../../core/spenders';
import { type SpendersAnswer, spendersAnswer } from '../answers';
import { focusCsv, spentCsv } from '../costs/csv';
import { focusContext, warnOf } from '../costs/focus';
import { type CostsByOptions, type Division, monthOf } from '../costs/options';
import { spentLines } from '../costs/table';
import { deployedFunction, invoked } from '../deployed';
import { each, partData, partLines, partsExitCode, type Part } from '../each';
import { configuration, selected } from '../environments';
import { CommandError } from '../errors';
import type { CommandResult, Line } from '../result';
import type { World } from '../world';

/** All but budgets, which callers keep themselves. */
export type SpenderDivision = Exclude<Division, 'budget'>;

interface Spent {
  readonly spent: SpentBy;
  readonly focus: readonly FocusRow[];
}

/** A month by who or what spent it: two or three pages of Cost Explorer each, $0.01 a page; the logs were read before, day by day. */
export async function costsBySpender(
  by: SpenderDivision,
  options: CostsByOptions,
  world: World,
): Promise<CommandResult> {
  const now = world.now();
  const month = monthOf(options.month, now);
  const environments = selected(configuration(options.config, now).environments, options.env);
  const parts = await each(environments, (environment) => spentIn(environment, by, month, options, world));
  if (options.focus) warnOf(parts, ({ spent }) => spent.unknown, world);
  return {
    exitCode: partsExitCode(parts, ({ spent }) => spent.total === undefined || spent.unknown.length > 0),
    data: { month, by, environments: partData(parts, ({ spent }) => ({ ...spent })) },
    lines: linesOf(parts, by, options),
  };
}

async function spentIn(
  environment: EnvironmentConfig,
  by: SpenderDivision,
  month: UtcMonth,
  options: CostsByOptions,
  world: World,
): Promise<Spent> {
  checkConfigured(environment, by);
  const { guard } = await world.services(environment);
  world.progress(`Asking who spent what in ${environment.name} in ${month}`);
  const costCheck = await deployedFunction(guard, environment, 'cost-check');
  const answer = await invoked(guard, costCheck, { by: 'spenders', month }, spendersAnswer);
  const spent = divided(answer, environment, by, month, world.now());
  if (!options.focus) return { spent, focus: [] };
  const incomplete = [...spent.unknown, ...(spent.toCome === undefined ? [] : [spent.toCome])];
  const of = await focusContext(environment, month, options, incomplete, world);
  return { spent, focus: focusOf(answer, by, of) };
}

/** @throws CommandError NOT_CONFIGURED with what to add, and what can be had without */
function checkConfigured({ spenders: { logGroup, principalTag } }: EnvironmentConfig, by: SpenderDivision): void {
  if (isOfCallers(by) && logGroup === undefined) {
    const instead = principalTag === undefined ? '' : `; --by tag has the bill by the tag ${principalTag}`;
    throw new CommandError(
      'NOT_CONFIGURED',
      `the config names no log group that says who called: add spenders: { invocationLogs: { logGroup: '…' } } to the environment and deploy it; Bedrock's invocation logging itself is yours to switch on, see docs/who-spent.md${instead}`,
    );
  }
  if (by === 'tag' && principalTag === undefined) {
    const instead = logGroup === undefined ? '' : '; --by person has who called, by the log';
    throw new CommandError(
      'NOT_CONFIGURED',
      `the config names no tag of IAM principals: add spenders: { principalTag: 'team' } to the environment and deploy it, and activate the tag for cost allocation, see docs/who-spent.md${instead}`,
    );
  }
}

function isOfCallers(by: SpenderDivision): by is CallerDivision {
  return (CALLER_DIVISIONS as readonly string[]).includes(by);
}

function divided(
  { spenders, bill }: SpendersAnswer,
  environment: EnvironmentConfig,
  by: SpenderDivision,
  month: UtcMonth,
  now: number,
): SpentBy {
  if (isOfCallers(by)) {
    const callers = deployed(spenders.callers, environment);
    return spentBy({ month, source: 'invocationLogs' }, callers, (value) => spentByCaller(month, value, by, now));
  }
  if (by === 'tag') {
    const tagged = deployed(spenders.tagged, environment);
    return spentBy({ month, source: 'principalTag' }, tagged, (value) => spentByTag(month, value, now));
  }
  return spentBy({ month, source: 'bill' }, bill, (value) => spentByBill(month, value, by, now));
}

function focusOf({ spenders, bill }: SpendersAnswer, by: SpenderDivision, of: FocusOf): readonly FocusRow[] {
  if (isOfCallers(by)) return spenders.callers?.kind === 'known' ? focusOfCallers(spenders.callers.value, of) : [];
  if (by === 'tag') {
    return spenders.tagged?.kind === 'known'
      ? focusOfTag(spenders.tagged.value.tag, spenders.tagged.value.spend, of)
      : [];
  }
  return bill.kind === 'known' ? focusOfBill(bill.value, of) : [];
}

/** @throws CommandError NOT_DEPLOYED where the config asks for what the deployed guard does not read */
function deployed<T>(reading: T | undefined, { name }: EnvironmentConfig): T {
  if (reading !== undefined) return reading;
  throw new CommandError(
    'NOT_DEPLOYED',
    `what is deployed does not read yet what the config names under spenders; deploy it with ${deployCommand(name)}`,
  );
}

function linesOf(parts: readonly Part<Spent>[], by: SpenderDivision, { csv, focus }: CostsByOptions): readonly Line[] {
  if (focus) return focusCsv(parts.flatMap((part) => (part.kind === 'done' ? part.value.focus : [])));
  if (csv) {
    return spentCsv(
      parts.map((part) => (part.kind === 'done' ? { ...part, value: part.value.spent } : part)),
      by,
    );
  }
  return partLines(parts, ({ spent }) => spentLines(spent, by));
}
