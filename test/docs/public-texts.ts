import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from '@swc/core';

export const ROOT = path.resolve(__dirname, '../..');

export const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** What somebody reads who uses the guard or changes it. ADRs and the changelog are history: they keep the words of their day. */
export const PUBLIC_DOCS: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'llms.txt',
  'client/README.md',
  'examples/README.md',
  ...files('docs', '.md').filter((file) => !file.startsWith('docs/adr/')),
];

export const adrs = (): readonly string[] => files('docs/adr', '.md');

/**
 * Whose strings people read: mails, findings, messages of the config, what the command line prints. Not `lib`: a text in a
 * template stays as it was deployed, as a changed description of a policy replaces the policy.
 */
const SPEAKING = ['bin', 'cli', 'client', 'config', 'core', 'lambda', 'simulator'];

export interface Line {
  /** `file:line`. */
  readonly at: string;
  readonly text: string;
}

/** The sentences of a document, without code, addresses, and what the user asked for in words of their own. */
export function proseOf(file: string): readonly Line[] {
  let fenced = false;
  return read(file)
    .split('\n')
    .map((line, index) => {
      if (line.startsWith('```')) fenced = !fenced;
      const prose = fenced || /^ {4,}\S/.test(line) ? '' : line;
      return { at: `${file}:${index + 1}`, text: withoutQuotes(file, prose) };
    });
}

/** Each text of more than one word in the sources: a name or a key has no space. */
export function spokenTexts(): readonly Line[] {
  return SPEAKING.flatMap((folder) => files(folder, '.ts')).flatMap((file) =>
    textsIn(parseSync(read(file), { syntax: 'typescript' }).body)
      .filter((text) => /\S\s+\S/.test(text))
      .map((text) => ({ at: file, text })),
  );
}

function textsIn(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, value, quasis } = node as { type?: string; value?: string; quasis?: readonly { cooked: string }[] };
  if (type === 'ImportDeclaration') return [];
  const own =
    type === 'StringLiteral'
      ? [value ?? '']
      : type === 'TemplateLiteral'
        ? [(quasis ?? []).map(({ cooked }) => cooked).join('…')]
        : [];
  return [...own, ...Object.values(node).flatMap(textsIn)];
}

function withoutQuotes(file: string, line: string): string {
  const own = file === 'docs/acceptance.md' ? line.replace(/^\|(\\\||[^|])*\|/, '|') : line;
  return own
    .replaceAll(/`[^`]*`/g, '`…`')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/https?:\S+/g, '');
}

function files(folder: string, ending: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('node_modules'))
    .map((file) => path.join(folder, file))
    .toSorted();
}
