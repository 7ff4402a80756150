import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { GuardError, messageInOneLine } from '../core/errors';
import {
  FIX,
  load,
  mistakeIn,
  noSuchFile,
  ORGANIZATION_FIX,
  placeOf,
  SHIPPED_CONFIG,
  SHIPPED_ORGANIZATION,
  usualConfig,
} from './home';
import type { OrganizationInput } from './organization-schema';
import type { GuardInput } from './schema';

export interface ConfigFile<Input> {
  readonly input: Input;
  /** As it was named. */
  readonly file: string;
}

export type GuardFile = ConfigFile<GuardInput>;

/** What is said of a file, and what tells its input from a module around it. */
interface Kind {
  readonly noSuch: (file: string) => string;
  readonly example: string;
  readonly define: string;
  readonly has: string;
  readonly fix: string;
}

const GUARD: Kind = {
  noSuch: noSuchFile,
  example: SHIPPED_CONFIG,
  define: 'defineGuard',
  has: 'environments',
  fix: FIX,
};
const ORGANIZATION: Kind = {
  noSuch: (file) => `--context organization=${file}: no such file; the shipped one is ${SHIPPED_ORGANIZATION}`,
  example: SHIPPED_ORGANIZATION,
  define: 'defineOrganization',
  has: 'organizationId',
  fix: ORGANIZATION_FIX,
};

/**
 * The configuration that a file exports, by default or as all of a CommonJS module.
 * @param file as `placeOf` takes it; undefined for the usual one
 * @throws GuardError CONTEXT_INVALID where there is no such file, it cannot be loaded, or it exports none
 */
export function guardAt(file: unknown = usualConfig()): GuardFile {
  return inputAt(file, GUARD) as GuardFile;
}

/** As `guardAt`, of an organisation's file. */
export function organizationAt(file: unknown): ConfigFile<OrganizationInput> {
  return inputAt(file, ORGANIZATION) as ConfigFile<OrganizationInput>;
}

function inputAt(file: unknown, kind: Kind): ConfigFile<unknown> {
  const { noSuch, example, define } = kind;
  if (typeof file !== 'string' || !existsSync(placeOf(file))) {
    throw new GuardError('CONTEXT_INVALID', noSuch(String(file)));
  }
  if (statSync(placeOf(file)).isDirectory()) {
    throw new GuardError('CONTEXT_INVALID', `${file}: it is a folder; name the file in it, as ${example} is`);
  }
  const input = exportedBy(file, kind);
  if (input === undefined) {
    throw new GuardError('CONTEXT_INVALID', `${file}: it has no default export; write export default ${define}({ … })`);
  }
  return { input, file };
}

function exportedBy(file: string, { has, fix: usualFix }: Kind): unknown {
  const absolute = placeOf(file);
  try {
    const exported = load(absolute) as Readonly<Record<string, unknown>>;
    return has in exported ? exported : exported['default'];
  } catch (cause) {
    const { why, fix } = whyNotLoaded(cause, absolute, usualFix);
    throw new GuardError('CONTEXT_INVALID', `${file}: it cannot be loaded (${why}); ${fix}`, { cause });
  }
}

/** Which line, and what is wrong there, without the loader's own words and the files that it came through. */
function whyNotLoaded(cause: unknown, file: string, fix: string): { readonly why: string; readonly fix: string } {
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
  const mistake = mistakeIn(message);
  if (mistake !== undefined) {
    return { why: `${lineOf(mistake.file, mistake.line, file)}${messageInOneLine(mistake.text)}`, fix };
  }
  const [, compiled, compiledLine] = /^(\/[^\n]+?|[A-Z]:[^\n]+?):(\d+)\n/.exec(stack) ?? [];
  const thrown = stack.split('\n').find((frame) => frame.trimStart().startsWith('at ') && frame.includes(`${file}:`));
  const [, thrownLine] = thrown === undefined ? [] : (/:(\d+):\d+\)?$/.exec(thrown) ?? []);
  const place = compiled === undefined ? lineOf(file, thrownLine, file) : lineOf(compiled, compiledLine, file);
  // The loader says below the first lines which files it came through.
  const [own = ''] = messageOf(cause).split('\nRequire stack:');
  return { why: `${place}${messageInOneLine(own)}`, fix };
}

function lineOf(at: string | undefined, line: string | undefined, file: string): string {
  if (line === undefined) return '';
  return at === undefined || path.resolve(at) === file ? `line ${line}: ` : `${at}, line ${line}: `;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? (cause.message ?? '') : String(cause);
}
