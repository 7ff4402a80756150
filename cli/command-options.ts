import type { Command } from '@commander-js/extra-typings';
import { SHIPPED_CONFIG, SHIPPED_ORGANIZATION } from '../config/home';
import type { CommandResult } from './result';
import type { World } from './world';

/** A command's work, given its name as people type it. What it needs is loaded when it runs: `--help` loads nothing. */
export type Run = (name: string, work: (world: World) => Promise<CommandResult>) => Promise<void>;

export const ONE_ENV = ['--env <name>', 'the environment; needed where there are several'] as const;
export const ENV = ['--env <names>', 'environments of the config, by comma; default: all'] as const;
export const REPORT = ['--report <file>', 'also write it as one HTML file, which needs no network'] as const;
export const CONFIG = ['--config <file>', `another config than ${SHIPPED_CONFIG}`] as const;
export const ORGANIZATION = [
  '--organization <file>',
  `another file of the organisation than ${SHIPPED_ORGANIZATION}`,
] as const;
export const YES = ['--yes', 'do not ask; without it, production asks'] as const;

/** A command that gives JSON too, as all do. */
export function add<Name extends string>(parent: Command, name: Name, description: string) {
  return parent
    .command(name)
    .description(description)
    .option('--json', 'print one JSON document, with its schemaVersion');
}
