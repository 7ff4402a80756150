import type { Command } from '@commander-js/extra-typings';
import { add, CONFIG, ONE_ENV, type Run } from './command-options';

export function verifyCommand(root: Command, run: Run): void {
  add(
    root,
    'verify',
    'settles in a live account, for cents and with consent, what no document and no emulator can show',
  )
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option(
      '--step <ids...>',
      'steps, by comma: metric-names, listing-delay, metric-delay, deny-latency, budget-tag, legacy-refusal; default: all',
    )
    .option('--yes <ids...>', 'do not ask for these steps, and leave out the others; all: for all of them')
    .option('--at-most <dollars>', 'what the steps may cost together at worst', '1')
    .option('--legacy-model <id>', 'of legacy-refusal: another than the cheapest known one')
    .option('--plan', 'only say what the steps would make, call and cost')
    .option('--policy', 'only print the IAM policy that whoever runs the steps needs')
    .option('--clean', 'only remove what earlier runs have left, also after a crash')
    .option('--out <file>', 'where the record goes; the journal is beside it', 'spend-guard.verified.json')
    .option('--page <file>', 'also write it as Markdown')
    .option('--signed-by <name>', 'who answers for it; default: the name of whoever runs it')
    .option('--with-account', "the account's whole number, and not its last four digits")
    .action((options) =>
      run('verify', async (world) =>
        (require('./commands/verify') as typeof import('./commands/verify')).verify(options, world),
      ),
    );
}
