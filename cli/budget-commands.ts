import type { Command } from '@commander-js/extra-typings';
import { add, CONFIG, ENV, ONE_ENV, REPORT, type Run, YES } from './command-options';

/** What callers share, and orders on it. */
export function budgetCommands(root: Command, run: Run): void {
  const budgets = add(
    root,
    'budgets',
    "what callers share: an environment's budget and those within it, and who is near",
  )
    .option(...ENV)
    .option(...CONFIG)
    .option(...REPORT)
    .action((options) =>
      run('budgets', async (world) =>
        (require('./commands/budgets') as typeof import('./commands/budgets')).budgets(options, world),
      ),
    );
  add(budgets, 'set', 'gives a budget another limit without a deploy, for a while or until the next order')
    .argument('<path>', 'the budget, such as search/nightly')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option('--limit <dollars>', 'the limit for each of its periods, before what is carried over; needed')
    .option(
      '--until <time>',
      'when the configured one holds again: 6h, or 2026-11-30T18:00Z; default: with another order',
    )
    .option('--reason <text>', 'why; audited, and in every report')
    .option(...YES)
    .action((path, options) =>
      run('budgets set', async (world) =>
        (require('./commands/budget-orders') as typeof import('./commands/budget-orders')).setBudget(
          path,
          options,
          world,
        ),
      ),
    );
}
