import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { GuardError, messageInOneLine } from '../core/errors';
import { SHIPPED_CONFIG } from './problems';
import { ORGANIZATION_EXAMPLE } from './organization';
import type { OrganizationInput } from './organization-schema';
import type { GuardInput } from './schema';

const ROOT = path.resolve(__dirname, '..');

export interface ConfigFile<Input> {
  readonly input: Input;
  /** As it was named. */
  readonly file: string;
}

export type GuardFile = ConfigFile<GuardInput>;

/** What the file of a context key is: the one that is shipped, and by which function it says what it has. */
interface Kind {
  readonly context: string;
  readonly shipped: string;
  readonly define: string;
}

const GUARD: Kind = { context: 'config', shipped: SHIPPED_CONFIG, define: 'defineGuard' };
const ORGANIZATION: Kind = { context: 'organization', shipped: ORGANIZATION_EXAMPLE, define: 'defineOrganization' };

/**
 * The configuration in a TypeScript file that exports it by default, such as `config/budget-tiers.ts`.
 * @param file from the project's folder, or absolute; undefined for the shipped one
 * @throws GuardError CONTEXT_INVALID where there is no such file, it cannot be loaded, or it exports none
 */
export function guardAt(file: unknown = SHIPPED_CONFIG): GuardFile {
  return exportedBy(file, GUARD) as GuardFile;
}

/** As `guardAt`, of an organisation's file. */
export function organizationAt(file: unknown): ConfigFile<OrganizationInput> {
  return exportedBy(file, ORGANIZATION) as ConfigFile<OrganizationInput>;
}

function exportedBy(file: unknown, { context, shipped, define }: Kind): ConfigFile<unknown> {
  if (typeof file !== 'string' || !existsSync(path.resolve(ROOT, file))) {
    throw new GuardError(
      'CONTEXT_INVALID',
      `--context ${context}=${String(file)}: no such file; the shipped one is ${shipped}`,
    );
  }
  if (statSync(path.resolve(ROOT, file)).isDirectory()) {
    throw new GuardError('CONTEXT_INVALID', `${file}: it is a folder; name the file in it, as ${shipped} is`);
  }
  const { default: input } = loaded(file, shipped);
  if (input === undefined) {
    throw new GuardError('CONTEXT_INVALID', `${file}: it has no default export; write export default ${define}({ … })`);
  }
  return { input, file };
}

function loaded(file: string, shipped: string): { readonly default?: unknown } {
  const absolute = path.resolve(ROOT, file);
  try {
    return require(absolute) as { default?: unknown };
  } catch (cause) {
    const { why, fix } = whyNotLoaded(cause, absolute, shipped);
    throw new GuardError('CONTEXT_INVALID', `${file}: it cannot be loaded (${why}); ${fix}`, { cause });
  }
}

/** Which line, and what is wrong there, without the loader's own words and the files that it came through. */
function whyNotLoaded(cause: unknown, file: string, shipped: string): { readonly why: string; readonly fix: string } {
  const fix = `it must be TypeScript that exports its config by default, as ${shipped} does`;
  const {
    code,
    requireStack,
    stack = '',
    message = '',
  } = cause as Partial<NodeJS.ErrnoException> & {
    readonly requireStack?: string[];
  };
  if (code === 'MODULE_NOT_FOUND') {
    const [, wanted = 'a module'] = /^Cannot find module '([^']+)'/.exec(message) ?? [];
    const from = requireStack?.[0];
    const place = from === undefined || from === file ? '' : ` by way of ${from}`;
    return {
      why: `it imports '${wanted}'${place}, which is not there`,
      fix: 'correct the path, or install the package',
    };
  }
  // As esbuild words it, which compiles TypeScript here.
  const [, at, line, wrong] = /^(.+?):(\d+):\d+: ERROR: (.+)$/m.exec(message) ?? [];
  if (wrong !== undefined) return { why: `${placeOf(at, line, file)}${messageInOneLine(wrong)}`, fix };
  const [, compiled, compiledLine] = /^(\/[^\n]+?|[A-Z]:[^\n]+?):(\d+)\n/.exec(stack) ?? [];
  const thrown = stack.split('\n').find((frame) => frame.trimStart().startsWith('at ') && frame.includes(`${file}:`));
  const [, thrownLine] = thrown === undefined ? [] : (/:(\d+):\d+\)?$/.exec(thrown) ?? []);
  const place = compiled === undefined ? placeOf(file, thrownLine, file) : placeOf(compiled, compiledLine, file);
  // The loader says below the first lines which files it came through.
  const [own = ''] = messageOf(cause).split('\nRequire stack:');
  return { why: `${place}${messageInOneLine(own)}`, fix };
}

function placeOf(at: string | undefined, line: string | undefined, file: string): string {
  if (line === undefined) return '';
  return at === undefined || path.resolve(at) === file ? `line ${line}: ` : `${at}, line ${line}: `;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
