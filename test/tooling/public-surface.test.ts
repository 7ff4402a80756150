import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const ROOM = /^(core\/[^/]+|lambda\/(adapters\/)?[^/]+|lib|config|simulator|client\/adapters)\/index\.ts$/;
/** Whoever may need a room's names. Tests may look inside of it, and keep nothing alive. */
const USERS = [
  'bench',
  'bin',
  'cli',
  'client',
  'config',
  'core',
  'lambda',
  'lib',
  'local',
  'scripts',
  'server',
  'simulator',
];

/** Source files under a root, by their paths in it. */
function filesOf(root: string): readonly string[] {
  return USERS.filter((folder) => existsSync(path.join(root, folder))).flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => path.posix.join(folder, name))
      .filter((name) => /\.m?[jt]s$/.test(name)),
  );
}

/** Of `import { a as b, type C } from './d'` or `export …` alike: the names as the other file has them, or as this one gives them. */
const STATEMENT = /^(import|export)\s+(?:type\s+)?(?:\w+,\s*)?(\{[^}]*\}|\*(?:\s+as\s+\w+)?)\s*from\s*'([^']+)'/gm;

/** What the CLI loads once a command needs it: `const { a } = require('./b')`, or `(require('./b') as typeof import('./b')).a`. */
const LAZY =
  /(\{[^{}]*\})\s*=\s*require\('([^']+)'\)|\brequire\(\s*'([^']+)'\s*,?\s*\)\s*as\s+typeof\s+import\('[^']+'\)\s*\)\s*\.(\w+)/g;

interface Link {
  readonly verb: string;
  readonly names: readonly { readonly there: string; readonly here: string }[];
  readonly from: string;
}

/** @throws Error for what takes or gives names that it does not list */
function linksOf(root: string, file: string): readonly Link[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const lazy = [...text.matchAll(LAZY)].map(([, list, of, from, name]) => [
    '',
    'require',
    list ?? `{ ${name} }`,
    of ?? from,
  ]);
  return [...text.matchAll(STATEMENT), ...lazy].flatMap(([, verb = '', list = '', specifier = '']) => {
    if (!specifier.startsWith('.')) return [];
    const from = path.posix.join(path.posix.dirname(file), specifier).replace(/\/index$/, '');
    if (!list.startsWith('{')) throw new Error(`${file}: ${verb} ${list} of ${from}`);
    const names = list
      .slice(1, -1)
      .split(',')
      .map((name) => name.trim().replace(/^type\s+/, ''))
      .filter((name) => name !== '')
      .map((name) => {
        const [there = '', here = there] = name.split(/\s+as\s+|:\s*/);
        return { there, here };
      });
    return [{ verb, names, from }];
  });
}

/** `room: name` of every name that a room gives and nobody outside of it takes. */
function unused(root: string): readonly string[] {
  const files = filesOf(root);
  const taken = new Set<string>();
  for (const file of files) {
    for (const { names, from } of linksOf(root, file)) {
      if (!file.startsWith(`${from}/`)) for (const { there } of names) taken.add(`${from}: ${there}`);
    }
  }
  return files
    .filter((file) => ROOM.test(file))
    .flatMap((index) => {
      const given = linksOf(root, index).filter(({ verb }) => verb === 'export');
      return given.flatMap(({ names }) => names.map(({ here }) => `${path.posix.dirname(index)}: ${here}`));
    })
    .filter((name) => !taken.has(name))
    .sort();
}

test('every name that a room gives is used outside of it', () => {
  expect(unused(ROOT)).toEqual([]);
});

test('all rooms are read', () => {
  const rooms = filesOf(ROOT).filter((file) => ROOM.test(file));
  expect(rooms).toEqual(
    expect.arrayContaining(['core/meter/index.ts', 'lambda/adapters/sns/index.ts', 'lib/index.ts']),
  );
  for (const index of rooms) expect(linksOf(ROOT, index).length).toBeGreaterThan(0);
});

describe('a planted name is told', () => {
  const planted = (files: Readonly<Record<string, string>>): readonly string[] => {
    const root = mkdtempSync(path.join(tmpdir(), 'public-surface-'));
    for (const [file, text] of Object.entries({
      'core/a/index.ts': "export { one, type Two } from './x';\n",
      ...files,
    })) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    return unused(root);
  };

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['used by nobody', {}, ['core/a: Two', 'core/a: one']],
    ['used', { 'lib/b.ts': "import { one as first, type Two } from '../core/a';\n" }, []],
    ['passed on', { 'core/b/c.ts': "export { one } from '../a';\nimport type { Two } from '../a/index';\n" }, []],
    [
      'used in its own room alone',
      { 'core/a/y.ts': "import { one, type Two } from '.';\n" },
      ['core/a: Two', 'core/a: one'],
    ],
    [
      'used by a test alone',
      { 'test/x.ts': "import { one, type Two } from '../core/a';\n" },
      ['core/a: Two', 'core/a: one'],
    ],
    [
      'loaded late',
      {
        'cli/b.ts':
          "const { one } = require('../core/a') as object;\n(require('../core/a') as typeof import('../core/a')).Two();\n",
      },
      [],
    ],
    ['over lines', { 'cli/b.ts': "import {\n  one,\n  type Two,\n} from '../core/a';\n" }, []],
  ])('%s', (_what, files, names) => {
    expect(planted(files)).toEqual(names);
  });

  test('a star hides what is used', () => {
    expect(() => planted({ 'lib/b.ts': "import * as a from '../core/a';\n" })).toThrow(
      'lib/b.ts: import * as a of core/a',
    );
  });
});
