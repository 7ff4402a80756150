import type { Command } from '@commander-js/extra-typings';
import { add, type Run } from './command-options';

/** For help, and for what is wrong with its options: bin/spend-guard.js answers before this is loaded. */
export function leftCommand(root: Command, run: Run): void {
  add(root, 'left', 'one line: what the tightest budget has left, asked of spend-guard serve')
    .option('--url <address>', 'of the server', 'http://127.0.0.1:8787')
    .option('--claude-code', "for Claude Code's status line: reads its JSON, and always ends with 0")
    .action((options) =>
      run('left', async () => (require('./commands/left') as typeof import('./commands/left')).left(options)),
    );
}
