import type { Command } from '@commander-js/extra-typings';
import { add, CONFIG, ONE_ENV, type Run, YES } from './command-options';

/** Keys of those who call through the server. */
export function callerCommands(root: Command, run: Run): void {
  const callers = root.command('callers').description('keys of those who call through the server, each on one budget');
  add(callers, 'add', 'makes a key, and shows it once')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option(
      '--budget <path>',
      "the budget that it draws on, such as search/nightly; needed where there are any within the environment's own",
    )
    .option('--person <who>', 'who answers for it, such as alex@example.com; needed')
    .option('--expires <duration>', 'how long it is good: 12h, or 30d, at most 366d; needed')
    .option('--name <name>', 'what it is for, such as ci')
    .option(...YES)
    .action((options) =>
      run('callers add', async (world) =>
        (require('./commands/callers') as typeof import('./commands/callers')).addCaller(options, world),
      ),
    );
  add(callers, 'list', 'all keys, whose they are, and until when; never what they are')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .action((options) =>
      run('callers list', async (world) =>
        (require('./commands/callers') as typeof import('./commands/callers')).listCallers(options, world),
      ),
    );
  add(callers, 'revoke', 'ends a key: every server refuses it within 5 s')
    .argument('<id>', 'its id, or the whole key')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option(...YES)
    .action((id, options) =>
      run('callers revoke', async (world) =>
        (require('./commands/callers') as typeof import('./commands/callers')).revokeCaller(id, options, world),
      ),
    );
}
