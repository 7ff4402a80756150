import type { Command } from '@commander-js/extra-typings';
import { EXIT_CODE_MEANINGS, EXIT_CODES } from '../../cli/exit-codes';
import { SCHEMA_VERSION } from '../../cli/output';
import { program } from '../../cli/program';
import { code, table } from './markdown';

/** Every command as commander knows it. */
export function cliReference(): string {
  const root = program(async () => undefined);
  const commands = leaves(root, []);
  return [
    '# The command line',
    '',
    'Made from `cli/program.ts` by `npm run reference`.',
    '',
    'From a clone, after `npm ci`: `npx spend-guard COMMAND`, or `node bin/spend-guard.js COMMAND` from any folder.',
    '',
    '- Results go to standard output; progress, questions and errors to standard error.',
    `- \`--json\` prints one document with \`schemaVersion\` (${SCHEMA_VERSION}), \`command\` and \`exitCode\`; an error as \`error.code\` and \`error.message\`. Amounts are integer nano-dollars.`,
    '- Colour only on a terminal, and not with `NO_COLOR`.',
    '- What acts on production asks. A declined question, or nobody to ask, is an exit code of its own; `--yes` goes ahead.',
    "- Commands that ask AWS use the credentials of whoever runs them, in the environment's Region.",
    '',
    '## Exit codes',
    '',
    table(
      ['code', 'means'],
      Object.entries(EXIT_CODE_MEANINGS).map(([name, meaning]) => [
        String(EXIT_CODES[name as keyof typeof EXIT_CODES]),
        meaning,
      ]),
    ),
    '',
    ...commands.flatMap(([name, command]) => [...section(name, command), '']),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

/** Commands that do something, with their whole names. */
function leaves(command: Command, path: readonly string[]): readonly (readonly [string, Command])[] {
  const within = command.commands.flatMap((inner) => leaves(inner as Command, [...path, inner.name()]));
  // One that only has others has no options of its own.
  const acts = within.length === 0 || command.options.length > 0;
  return [...(acts ? [[path.join(' '), command] as const] : []), ...within];
}

function section(name: string, command: Command): readonly string[] {
  const args = command.registeredArguments.map((one) => ({
    term: one.required ? `<${one.name()}>` : `[${one.name()}${one.variadic ? '...' : ''}]`,
    description: one.description,
  }));
  const options = command.options.map(({ flags, description, defaultValue }) => ({
    term: flags,
    description: defaultValue === undefined ? description : `${description}; default: ${String(defaultValue)}`,
  }));
  const usage = [`spend-guard ${name}`, ...args.map(({ term }) => term)].join(' ');
  return [
    `## \`${usage}\``,
    '',
    sentence(command.description()),
    '',
    table(
      ['', ''],
      [...args, ...options].map(({ term, description }) => [code(term), description]),
    ),
  ];
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
