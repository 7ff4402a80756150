import type { Command, CommanderError } from '@commander-js/extra-typings';

/** Commander's complaint in the guard's words: the place, the value, what is allowed, and the fix. */
export function usageMessage(root: Command, args: readonly string[], error: CommanderError): string {
  const { command, path } = commandOf(root, args);
  const [line = ''] = error.message.replace(/^error: /, '').split('\n');
  const said = line.replace(/\.$/, '');
  const help = `see ${path} --help`;
  const options = command.options.map(({ long }) => long).join(', ');
  const names = command.commands.map((one) => one.name()).join(', ');
  const takes = command.registeredArguments.map((argument) => `<${argument.name()}>`).join(' ');
  switch (error.code) {
    case 'commander.unknownOption':
      return `${path}: ${said}; allowed: ${[options, '--help'].filter(Boolean).join(', ')}; ${help}`;
    case 'commander.unknownCommand':
      return `${path}: ${said}; allowed: ${names}; ${help}`;
    case 'commander.help':
      return `${path}: no command; allowed: ${names}; ${help}`;
    case 'commander.excessArguments':
      return names
        ? `${path}: unknown command '${command.args[0] ?? ''}'; allowed: ${names}; ${help}`
        : `${path}: ${said}; it takes ${takes || 'none'}; ${help}`;
    case 'commander.optionMissingArgument':
      return `${path}: ${said}; give it a value; ${help}`;
    default:
      return `${path}: ${said}; it takes ${takes || 'none'}; ${help}`;
  }
}

/** The command that the arguments lead to, as far as they name one. */
function commandOf(root: Command, args: readonly string[]): { readonly command: Command; readonly path: string } {
  let command = root;
  let path = root.name();
  for (const arg of args) {
    const next = command.commands.find((one) => one.name() === arg) as Command | undefined;
    if (!next) break;
    command = next;
    path = `${path} ${arg}`;
  }
  return { command, path };
}
