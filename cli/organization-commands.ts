import type { Command } from '@commander-js/extra-typings';
import { add, ORGANIZATION, type Run } from './command-options';

const YES = ['--yes', 'do not ask'] as const;
const REASON = ['--reason <text>', 'why; mailed and audited; needed'] as const;
const ACCOUNT = ['<account>', 'its number, 12 digits'] as const;

/** What the organisation's hub knows, and orders to it. */
export function organizationCommands(root: Command, run: Run): void {
  const organization = root
    .command('organization')
    .description('the accounts of an organisation, by its hub: what they spend, and the brake that stops one');

  add(
    organization,
    'status',
    'every account against its limit, what needs a decision, who is silent, which brakes are on',
  )
    .option(...ORGANIZATION)
    .action((options) =>
      run('organization status', async (world) =>
        (require('./commands/organization') as typeof import('./commands/organization')).status(options, world),
      ),
    );

  add(organization, 'report', 'the daily report now: every account; as a page, and by mail')
    .option(...ORGANIZATION)
    .option('--page <file>', 'also write it as one HTML file, which needs no network')
    .option('--mail', "send it to the hub's alert topic too, and keep its page in the hub's bucket")
    .action((options) =>
      run('organization report', async (world) =>
        (require('./commands/organization') as typeof import('./commands/organization')).report(options, world),
      ),
    );

  add(organization, 'approve', 'approves the brake that waits for an account; good for that decision alone')
    .argument(...ACCOUNT)
    .option('--decision <id>', 'the one that was mailed, such as 2026-11.3; default: the one that waits now')
    .option(...ORGANIZATION)
    .option(...YES)
    .action((account, options) =>
      run('organization approve', async (world) =>
        (require('./commands/organization-orders') as typeof import('./commands/organization-orders')).approve(
          account,
          options,
          world,
        ),
      ),
    );

  add(organization, 'stop', 'puts the brake on an account, whatever it has spent, until it is lifted')
    .argument(...ACCOUNT)
    .option(...REASON)
    .option(...ORGANIZATION)
    .option(...YES)
    .action((account, options) =>
      run('organization stop', async (world) =>
        (require('./commands/organization-orders') as typeof import('./commands/organization-orders')).stop(
          account,
          options,
          world,
        ),
      ),
    );

  add(organization, 'lift', "takes an account's brake off, and keeps it off until a time or the month's end")
    .argument(...ACCOUNT)
    .option(...REASON)
    .option(
      '--until <time>',
      "when it is decided anew: 6h, or 2026-11-30T18:00Z; default: the UTC month's end; not for an ordered stop",
    )
    .option(...ORGANIZATION)
    .option(...YES)
    .action((account, options) =>
      run('organization lift', async (world) =>
        (require('./commands/organization-orders') as typeof import('./commands/organization-orders')).lift(
          account,
          options,
          world,
        ),
      ),
    );
}
