import type { EnvironmentConfig } from '../../config';
import {
  budgetTreeLines,
  makeBudgetTree,
  needsAttention,
  runningBudgets,
  type BudgetLine,
  type BudgetTree,
} from '../../core/report';
import { each, partData, partLines, partsExitCode } from '../each';
import { configuration, selected } from '../environments';
import type { CommandResult, Line, Tone } from '../result';
import { callersBudgets } from '../shared-budgets';
import type { World } from '../world';

export interface BudgetsOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly report?: string | undefined;
}

const TONES: Readonly<Record<NonNullable<BudgetLine['concern']>, Tone>> = { near: 'warning', over: 'bad' };

/** The budget that callers of each environment share, and those within it, as they stand now. Asks no bill. */
export async function budgets(options: BudgetsOptions, world: World): Promise<CommandResult> {
  const environments = selected(configuration(options.config, world.now()).environments, options.env);
  const { report } = options;
  if (report !== undefined) {
    (require('../usage/report-path') as typeof import('../usage/report-path')).checkReportPath(report);
  }
  const parts = await each(environments, async (environment) => {
    world.progress(`Asking what callers share in ${environment.name}`);
    return { environment: environment.name, tree: await treeOf(environment, world) };
  });
  if (report !== undefined) {
    // The simulator, whose page it is, takes a while to load.
    const { writeBudgetsReport } = require('../../simulator') as typeof import('../../simulator');
    const known = parts.flatMap((part) => (part.kind === 'done' ? [part.value] : []));
    world.progress(writeBudgetsReport(report, known, world.now()));
  }
  return {
    // An unknown budget is none with something left.
    exitCode: partsExitCode(parts, ({ tree }) => tree.budgets.some(needsAttention)),
    data: {
      environments: partData(parts, ({ tree: { budgets: all, strayOrders } }) => ({ budgets: all, strayOrders })),
    },
    lines: partLines(parts, ({ environment, tree }) => linesOf(tree, environment)),
  };
}

async function treeOf(environment: EnvironmentConfig, world: World): Promise<BudgetTree> {
  const { limit, budgets: nodes } = environment;
  const now = world.now();
  const { shared, orders } = await callersBudgets(environment, world);
  const [stored, ordered] = await Promise.all([shared.sharedBudgets(runningBudgets(nodes, now)), orders()]);
  return makeBudgetTree({ limit, nodes, stored: { kind: 'known', value: stored }, orders: ordered, now });
}

function linesOf(tree: BudgetTree, environment: string): readonly Line[] {
  const lines = budgetTreeLines(tree, environment).map(({ text, concern }): Line => {
    const indented = `  ${text}`;
    return concern ? { text: indented, tone: TONES[concern] } : indented;
  });
  const [, ...within] = tree.budgets;
  return within.length > 0
    ? lines
    : [...lines, `  no budget is within it: add environments.${environment}.budgets to the config, and deploy it`];
}
