import { CommanderError } from '@commander-js/extra-typings';
import type { Run } from './command-options';
import { DeclinedError, CommandError, UsageError } from './errors';
import { EXIT_CODES, type ExitCode } from './exit-codes';
import { Output, type Terminal } from './output';
import { program } from './program';
import { confirm, type Ask, type Reply } from './prompt';
import type { Place, Services } from './services';
import { usageMessage } from './usage-message';

/** The process around a command; a test has its own. */
export interface Outside {
  readonly terminal: Terminal;
  readonly ask: Ask;
  readonly reply: (question: string) => Promise<Reply>;
  readonly user: string;
  readonly node: string;
  now(): number;
  stopAsked(): Promise<void>;
  services(place: Place): Promise<Services>;
}

/**
 * `spend-guard …`, without the process around it.
 * @param args what follows the program's name
 * @returns the exit code, see `exit-codes.ts`
 * @throws what no user can act on: a defect
 */
export async function main(args: readonly string[], outside: Outside): Promise<ExitCode> {
  const { terminal } = outside;
  // Asked before commander reads the rest, which may be wrong.
  const output = new Output(terminal, args.includes('--json') ? 'json' : 'text');
  let exitCode: ExitCode = EXIT_CODES.ok;
  let running = 'spend-guard';
  const run: Run = async (name, work) => {
    running = name;
    const result = await work({
      now: () => outside.now(),
      progress: (text) => output.progress(text),
      say: (lines) => output.say(lines),
      warn: (text) => output.warn(text),
      stopAsked: () => outside.stopAsked(),
      confirm: (question, yes) => {
        output.endProgress();
        return confirm(question, yes, outside.ask);
      },
      ask: (question) => {
        output.endProgress();
        return outside.reply(question);
      },
      services: (place) => outside.services(place),
      user: outside.user,
      node: outside.node,
    });
    output.result(name, result);
    exitCode = result.exitCode;
  };
  const root = program(run);
  quiet(root, terminal);
  try {
    await root.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    output.endProgress();
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.ok;
    const failure =
      error instanceof CommanderError
        ? { code: 'USAGE', message: usageMessage(root, args, error), exitCode: EXIT_CODES.usage }
        : await failureOf(error);
    if (!failure) throw error;
    output.error(running, failure.exitCode, failure.code, failure.message);
    return failure.exitCode;
  }
}

/** Help goes to standard output; what commander says of an error is worded anew. */
function quiet(command: ReturnType<typeof program>, terminal: Terminal): void {
  command.configureOutput({ writeOut: (text) => terminal.stdout(text), writeErr: () => undefined });
  command.exitOverride();
  for (const inner of command.commands) quiet(inner as ReturnType<typeof program>, terminal);
}

/** What ends a command with words in place of an answer. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: ExitCode;
}

async function failureOf(error: unknown): Promise<Failure | undefined> {
  if (error instanceof UsageError) return { ...named(error), exitCode: EXIT_CODES.usage };
  if (error instanceof DeclinedError) return { ...named(error), exitCode: EXIT_CODES.declined };
  if (error instanceof CommandError) return { ...named(error), exitCode: EXIT_CODES.failed };
  const { explained } = require('./explain') as typeof import('./explain');
  const explanation = explained(error);
  return explanation && { ...explanation, exitCode: EXIT_CODES.failed };
}

function named({ code, message }: UsageError | DeclinedError | CommandError) {
  return { code, message };
}
