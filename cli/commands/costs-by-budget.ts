import type { EnvironmentConfig } from '../../config';
import { utcDay, type UtcMonth } from '../../core/calendar';
import { formatUsd, type NanoUsd } from '../../core/money';
import { aligned, chargeback, periodsOf, type ChargeRow } from '../../core/report';
import { periodEnd, periodStart } from '../../core/shared-budgets';
import { type ChargedBudget, focusOfBudgets, type FocusRow } from '../../core/spenders';
import { focusCsv } from '../costs/csv';
import { focusContext, warnOf } from '../costs/focus';
import { type CostsByOptions, monthOf } from '../costs/options';
import { csvLine, exactUsd, type Cell } from '../csv';
import { each, partData, partLines, partsExitCode, type Part } from '../each';
import { configuration, selected } from '../environments';
import type { CommandResult, Line } from '../result';
import { callersBudgets } from '../shared-budgets';
import type { World } from '../world';

const HEADS = [
  ...['environment', 'row', 'budget', 'period', 'limit_usd', 'spent_usd', 'unsettled_usd', 'held_usd', 'note'],
];

interface Charged {
  readonly rows: readonly ChargeRow[];
  readonly focus: readonly FocusRow[];
}

/** What callers have spent in a month, by budget: for whoever is charged for it. Asks no bill, and costs nothing. */
export async function costsByBudget(options: CostsByOptions, world: World): Promise<CommandResult> {
  const now = world.now();
  const month = monthOf(options.month, now);
  const environments = selected(configuration(options.config, now).environments, options.env);
  const parts = await each(environments, async (environment): Promise<Charged> => {
    world.progress(`Asking what callers of ${environment.name} have spent in ${month}`);
    const rows = await rowsOf(environment, month, world);
    return { rows, focus: options.focus ? await focusOf(environment, rows, month, options, world) : [] };
  });
  if (options.focus) warnOf(parts, ({ rows }) => unknownOf(rows), world);
  return {
    exitCode: partsExitCode(parts, ({ rows }) => unknownOf(rows).length > 0),
    data: { month, environments: partData(parts, ({ rows }) => ({ rows })) },
    lines: options.focus
      ? focusCsv(parts.flatMap((part) => (part.kind === 'done' ? part.value.focus : [])))
      : options.csv
        ? csvLines(parts, month)
        : partLines(parts, ({ rows }) => tableLines(rows)),
  };
}

async function rowsOf(environment: EnvironmentConfig, month: UtcMonth, world: World): Promise<readonly ChargeRow[]> {
  const { shared } = await callersBudgets(environment, world);
  const now = world.now();
  const asked = periodsOf(environment.budgets, month, now);
  return chargeback({ month, asked, stored: await shared.sharedBudgets(asked), now });
}

/** What adds up to the total: budgets within others are in theirs already. */
async function focusOf(
  environment: EnvironmentConfig,
  rows: readonly ChargeRow[],
  month: UtcMonth,
  options: CostsByOptions,
  world: World,
): Promise<readonly FocusRow[]> {
  const charged = rows.flatMap(({ kind, path, period, spent }): ChargedBudget[] =>
    spent === undefined || (kind !== 'budget' && kind !== 'rest')
      ? []
      : [{ path, from: utcDay(periodStart(period)), to: utcDay(periodEnd(period)), amount: spent }],
  );
  return focusOfBudgets(charged, await focusContext(environment, month, options, unknownOf(rows), world));
}

function unknownOf(rows: readonly ChargeRow[]): readonly string[] {
  return rows.flatMap((row) => (row.unknown === undefined ? [] : [`${nameOf(row)} in ${row.period}: ${row.unknown}`]));
}

function csvLines(parts: readonly Part<Charged>[], month: UtcMonth): readonly Line[] {
  const records = parts.flatMap((part): Cell[][] =>
    part.kind === 'failed'
      ? // Whoever adds up the file must see that an environment is missing.
        [[part.environment, 'unknown', '', month, '', '', '', '', part.message]]
      : part.value.rows.map((row) => [
          ...[part.environment, row.kind, nameOf(row), row.period],
          ...[row.limit, row.spent, row.unsettled, row.held].map(figure),
          noteOf(row),
        ]),
  );
  return [HEADS, ...records].map(csvLine);
}

function figure(amount: NanoUsd | undefined): Cell {
  return amount === undefined ? '' : { figure: exactUsd(amount) };
}

function tableLines(rows: readonly ChargeRow[]): readonly Line[] {
  const heads = ['budget', 'period', 'spent', 'limit', 'held', 'unsettled'];
  const cells = rows.map((row) => [
    ...[nameOf(row), row.period],
    ...[row.spent, row.limit, row.held, row.unsettled].map((amount) =>
      amount === undefined ? '-' : formatUsd(amount),
    ),
  ]);
  const [head = '', ...lines] = aligned([heads, ...cells], 2);
  return [
    `  ${head}`,
    ...rows.map((row, at): Line => {
      const text = `  ${lines[at]}  ${noteOf(row)}`.trimEnd();
      return row.unknown === undefined ? text : { text, tone: 'bad' };
    }),
    '  What is within a budget is in its spend too: those of the first level and what is in none make the total.',
  ];
}

function nameOf({ kind, path }: ChargeRow): string {
  switch (kind) {
    case 'rest':
      return '(not in any budget)';
    case 'total':
      return '(total)';
    case 'budget':
    case 'within':
      return path;
  }
}

function noteOf({ unknown, note }: ChargeRow): string {
  return unknown === undefined ? (note ?? '') : `unknown: ${unknown}`;
}
