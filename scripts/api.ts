import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Declaration, declarationsIn, type Member, type Words } from './api/declarations';
import { writeTypes } from './guard-types';
import { ROOT } from './packaging';
import { code, table } from './reference/markdown';

/** What is imported from where. */
const PARTS = [
  { from: 'bedrock-spend-guard', source: 'lib/public.ts' },
  { from: 'bedrock-spend-guard/config', source: 'config/public.ts' },
] as const;

/** What has a page of its own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  GuardInput: 'What `defineGuard` takes: every setting is in [docs/reference/config.md](docs/reference/config.md).',
  OrganizationInput: 'What `defineOrganization` takes: see [docs/organization.md](docs/organization.md).',
};

export interface PublicPart {
  readonly from: string;
  readonly declarations: readonly Declaration[];
}

/** What the package gives to those who import it, in the order of its entries. */
export function publicParts(): readonly PublicPart[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-types-'));
  try {
    writeTypes(
      folder,
      PARTS.map(({ source }) => source),
    );
    return PARTS.map(({ from, source }) => ({
      from,
      declarations: exportedBy(path.join(folder, source.replace(/\.ts$/, '.d.ts'))),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of an entry, which only gives on what others declare. @throws Error for a name that is not declared where it should be */
function exportedBy(entry: string): readonly Declaration[] {
  return [...readFileSync(entry, 'utf8').matchAll(/export \{([^}]*)\} from '([^']+)'/g)].flatMap(
    ([, names = '', from = '']) => {
      const file = `${path.resolve(path.dirname(entry), from)}.d.ts`;
      if (!existsSync(file)) throw new Error(`${entry}: ${from} has no declarations`);
      const declared = declarationsIn(readFileSync(file, 'utf8'));
      return names.split(',').map((name) => {
        const plain = name.trim().replace(/^type /, '');
        const found = declared.find((one) => one.name === plain);
        if (!found) throw new Error(`${entry}: ${plain} is not declared in ${from}`);
        return found;
      });
    },
  );
}

/** API.md. */
export function apiText(parts: readonly PublicPart[]): string {
  const sections = parts.flatMap(({ from, declarations }) => [
    `## \`${from}\``,
    '',
    ...declarations.flatMap((one) => [...section(one), '']),
  ]);
  return [
    '# API',
    '',
    'Made from the declarations that the package carries, by `npm run api`. What a guard is for and what is refused: [docs/construct.md](docs/construct.md).',
    '',
    ...sections,
  ].join('\n');
}

function section({ kind, name, words, declared, members }: Declaration): readonly string[] {
  const head = [`### \`${name}\``, '', ...paragraph(words)];
  const elsewhere = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
  if (elsewhere !== undefined) return [...head, elsewhere];
  switch (kind) {
    case 'enum': {
      const rows = members.map((one) => [code(`${name}.${one.name}`), one.words.text]);
      return [...head, table(['value', 'means'], rows)];
    }
    case 'interface':
      return [
        ...head,
        ...extending(declared),
        table(['property', 'type', 'default', 'what for'], members.map(propertyRow)),
      ];
    case 'class':
      return [...head, ...extending(declared), ...classMembers(members)];
    case 'function':
    case 'type':
    case 'const':
      return [...head, '```ts', declared, '```'];
  }
}

function paragraph({ text, tags }: Words): readonly string[] {
  const lines = [...(text === '' ? [] : [text]), ...tags.map((tag) => `_${tag.name}_ ${tag.text}`)];
  return lines.flatMap((line) => [line, '']);
}

function extending(declared: string): readonly string[] {
  const [, parent] = /extends (.+)$/.exec(declared) ?? [];
  return parent === undefined ? [] : [`Extends \`${parent}\`.`, ''];
}

function propertyRow({ name, type, isOptional, words }: Member): readonly string[] {
  const given = words.tags.find((tag) => tag.name === 'default')?.text.replace(/^- /, '');
  return [code(name), code(type), isOptional ? (given ?? '') : 'needed', words.text];
}

function classMembers(members: readonly Member[]): readonly string[] {
  const properties = members.filter(({ kind }) => kind === 'property');
  const methods = members.filter(({ kind }) => kind === 'method');
  return [
    ...(properties.length === 0
      ? []
      : [
          table(
            ['property', 'type', 'what it is'],
            properties.map(({ name, type, words }) => [code(name), code(type), words.text]),
          ),
          '',
        ]),
    ...methods.flatMap(({ declared, words }) => ['```ts', declared, '```', '', ...paragraph(words)]),
  ].slice(0, -1);
}

if (require.main === module) writeFileSync(path.join(ROOT, 'API.md'), apiText(publicParts()));
