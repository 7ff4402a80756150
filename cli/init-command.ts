import type { Command } from '@commander-js/extra-typings';
import { add, type Run } from './command-options';

export function initCommand(root: Command, run: Run): void {
  add(
    root,
    'init',
    "writes spend-guard.config.ts of your own CDK app, or .js where it is in JavaScript; asks what isn't given",
  )
    .option('--env <name>', 'what the environment is called; default: dev')
    .option('--region <region>', 'where models are called and the guard is deployed; default: AWS_REGION')
    .option('--model <ids...>', 'models that may be called, by comma')
    .option('--limit <dollars>', 'what may be spent in a calendar month, UTC')
    .option('--owner <address>', 'mail address of whoever runs it')
    .option('--role <names...>', 'roles that a stop reaches, by comma, with their path; default: none')
    .option('--accept-overshoot <reason>', 'why more than the limit may be spent before a stop works')
    .option('--look', 'propose models and limit by what this account has used, as CloudWatch has it')
    .option('--yes', 'do not ask: take what is proposed')
    .option('--force', 'where there is a config already: write another, and keep a copy of it')
    .action((options) =>
      run('init', async (world) =>
        (require('./commands/init') as typeof import('./commands/init')).init(options, world),
      ),
    );
}
