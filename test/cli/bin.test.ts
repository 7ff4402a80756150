import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = path.resolve(__dirname, '../..');
const bin = path.join(ROOT, 'bin/spend-guard.js');
const run = (args: readonly string[], cwd = ROOT) =>
  spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8' });

test('npm can call it: plain JavaScript that Node runs by itself, from any folder', () => {
  expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  const { status, stdout, stderr } = run(['--help'], '/');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: spend-guard /);
});

test('--help loads neither the SDK, nor the CDK, nor a schema: it stays fast whatever is added', () => {
  const list = `
    process.on('exit', () => {
      const packages = Object.keys(require.cache).flatMap((file) => /node_modules.((?:@[^/]+.)?[^/]+)/.exec(file)?.[1] ?? []);
      process.stderr.write([...new Set(packages)].sort().join(' '));
    });
    process.argv.splice(1, 0, 'spend-guard');
    process.argv[2] = '--help';
    require(${JSON.stringify(bin)});
  `;
  const { stderr, stdout } = spawnSync(process.execPath, ['-e', list], { cwd: ROOT, encoding: 'utf8' });
  expect(stdout).toContain('Usage: spend-guard');
  expect(stderr.split(' ').filter((name) => name !== 'tsx' && name !== 'esbuild')).toEqual([
    '@commander-js/extra-typings',
    'commander',
  ]);
});

test('a pipeline gets the exit code and one line', () => {
  const { status, stdout, stderr } = run(['costs', '--env', 'qa']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

describe('a configuration that cannot be loaded: which file, which line, what is wrong, the fix', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const MUST = '; it must be TypeScript that exports its config by default, as config/budget-tiers.ts does';
  writeFileSync(path.join(folder, 'broken.ts'), 'const a = 1;\nconst b = ;\n');

  const FILES: readonly (readonly [string, string, string, string])[] = [
    ['a mistake', 'a.ts', 'const a = 1;\nconst b = ;\n', `(line 2: Unexpected ";")${MUST}`],
    ['one in JavaScript', 'b.js', 'const a = 1;\nconst b = ;\n', `(line 2: Unexpected token ';')${MUST}`],
    ['the end is missing', 'c.ts', 'export default {', `(line 1: Expected identifier but found end of file)${MUST}`],
    ['it throws', 'd.ts', "const a = 1;\nthrow new Error('first\\nsecond' + a);\n", `(line 2: first second1)${MUST}`],
    ['it throws what is no error', 'e.ts', "throw 'no';", `(no)${MUST}`],
    [
      'what it imports is not there',
      'f.ts',
      "import x from './nowhere';\nexport default x;\n",
      "(it imports './nowhere', which is not there); correct the path, or install the package",
    ],
    [
      'what it imports is broken',
      'g.ts',
      "import x from './broken';\nexport default x;\n",
      `(${path.join(folder, 'broken.ts')}, line 2: Unexpected ";")${MUST}`,
    ],
    ['half a document', 'h.json', '{', MUST],
  ];
  const MISPLACED: readonly (readonly [string, string, string])[] = [
    ['a folder', folder, `it is a folder; name the file in it, such as ${path.join(folder, 'budget-tiers.ts')}`],
    ['no such file', path.join(folder, 'none.ts'), 'no such file; leave it out for'],
  ];

  /** What the command says of each, where tsx compiles the files as in the program. A process of its own for each would load as much. */
  let said: Readonly<Record<string, Said>> = {};
  beforeAll(() => {
    for (const [, name, content] of FILES) writeFileSync(path.join(folder, name), content);
    const files = [...FILES.map(([, name]) => path.join(folder, name)), ...MISPLACED.map(([, file]) => file)];
    const script = `
      require(${JSON.stringify(path.join(ROOT, 'bin/on-node.js'))});
      require('tsx/cjs');
      const { main } = require(${JSON.stringify(path.join(ROOT, 'cli/main.ts'))});
      void (async () => {
        const all = {};
        for (const file of ${JSON.stringify(files)}) {
          const said = (all[file] = { status: -1, stdout: '', stderr: '' });
          const terminal = { stdout: (text) => (said.stdout += text), stderr: (text) => (said.stderr += text) };
          said.status = await main(['status', '--config', file], { terminal, now: () => Date.now() });
        }
        process.stdout.write(JSON.stringify(all));
      })();
    `;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' });
    said = JSON.parse(stdout) as typeof said;
  });

  test.each(FILES)('%s', (_what, name, _content, expected) => {
    const file = path.join(folder, name);
    const { status, stdout, stderr } = said[file]!;
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.startsWith(`${file}: it cannot be loaded (`)).toBe(true);
    expect(stderr.trimEnd().endsWith(expected)).toBe(true);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(stderr).not.toMatch(/Require stack|config\/files\.ts/);
    // And so the program itself.
    if (file.endsWith('a.ts')) expect(run(['status', '--config', file])).toMatchObject({ status, stdout, stderr });
  });

  test.each(MISPLACED)('%s: exit 2', (_what, file, expected) => {
    const { status, stderr } = said[file]!;
    expect(stderr).toContain(`--config ${file}: ${expected}`);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(status).toBe(2);
  });
});
