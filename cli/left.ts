import type { Command } from '@commander-js/extra-typings';
import type { Run } from './program';

/** The options of `spend-guard left`, for help and for what is wrong with them: bin/spend-guard.js answers before this is loaded. */
export function addLeft(command: Command<[], { json?: true | undefined }>, run: Run): void {
  command
    .option('--url <address>', 'of the server', 'http://127.0.0.1:8787')
    .option('--claude-code', "for Claude Code's status line: reads its JSON, and always ends with 0")
    .action((options) =>
      run('left', async () => (require('./commands/left') as typeof import('./commands/left')).left(options)),
    );
}
