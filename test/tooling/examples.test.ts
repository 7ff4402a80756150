import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { satisfies, subset } from 'semver';
import { type ExampleApp, exampleApp, examples, filesOf, manifestOf } from '../helpers/example-app';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const versionAt = (file: string) => (JSON.parse(read(file)) as { readonly version: string }).version;

const AS_EDITORS_DO = [
  ...['--allowJs', '--checkJs', '--noEmit', '--strict', '--skipLibCheck'],
  ...['--target', 'es2022', '--module', 'nodenext', '--types', 'node'],
];

/** What each of them shows: its stacks, and the environments of its config. */
const SHOWN: Readonly<
  Record<string, { readonly stacks: readonly string[]; readonly environments: readonly string[] }>
> = {
  'cdk-typescript': { stacks: ['GuardedTypescript'], environments: ['dev'] },
  'cdk-javascript': { stacks: ['SpendGuard-dev'], environments: ['dev'] },
  'cdk-esm': { stacks: ['GuardedEsm'], environments: [] },
  'two-environments': { stacks: ['SpendGuard-dev', 'SpendGuard-prod'], environments: ['dev', 'prod'] },
  'with-client': { stacks: ['GuardedClient'], environments: ['trial'] },
};

test('each is listed in examples/README.md, and described here', () => {
  const listed = [...read('examples/README.md').matchAll(/^\| \[[^\]]+\]\(([^)]+)\/\)/gm)].map(([, folder]) => folder);
  expect([...listed].sort()).toEqual(examples);
  expect(Object.keys(SHOWN).sort()).toEqual(examples);
});

describe.each(examples)('%s', (example) => {
  const { stacks, environments } = SHOWN[example] ?? { stacks: [], environments: [] };
  const sources = Object.entries(filesOf(example)).filter(([name]) => /\.[jt]s$/.test(name));
  const isTypeScript = sources.some(([name]) => name.endsWith('.ts'));
  let app: ExampleApp;
  beforeAll(() => {
    app = exampleApp(example);
  });
  afterAll(() => app.remove());

  test('declares what it imports, and nothing else', () => {
    const { dependencies, devDependencies, ...manifest } = manifestOf(example);
    expect(manifest).toMatchObject({ private: true, name: `example-${example}` });
    const imported = sources
      .flatMap(([, text]) => [...text.matchAll(/(?: from |require\()'([^']+)'/g)])
      .map(([, name = '']) => /^((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? name)
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !builtinModules.includes(name));
    // Of no import of its own: what aws-cdk-lib is made of.
    expect([...new Set([...imported, 'constructs'])].sort()).toEqual(Object.keys(dependencies));
    const tools = ['aws-cdk', ...(isTypeScript ? ['@types/node', 'tsx', 'typescript'] : [])];
    expect(Object.keys(devDependencies).sort()).toEqual(tools.sort());
  });

  test('takes the versions that the packages are for, and those that it is tried with', () => {
    const { dependencies, devDependencies } = manifestOf(example);
    const { peerDependencies } = JSON.parse(readFileSync(path.join(app.guard, 'package.json'), 'utf8')) as {
      readonly peerDependencies: Readonly<Record<string, string>>;
    };
    for (const [name, range] of Object.entries(peerDependencies)) {
      expect([name, subset(dependencies[name] ?? '*', range)]).toEqual([name, true]);
    }
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      const version =
        name === 'bedrock-spend-guard'
          ? versionAt('package.json')
          : name === 'bedrock-spend-guard-client'
            ? versionAt('client/package.json')
            : versionAt(`node_modules/${name}/package.json`);
      expect([name, version, satisfies(version, range)]).toEqual([name, version, true]);
    }
  });

  test('its types hold: by its own settings or, of JavaScript, as an editor checks it', () => {
    const args = isTypeScript ? ['--project', '.'] : [...AS_EDITORS_DO, ...sources.map(([name]) => name)];
    const { status, stdout } = spawnSync(path.join(ROOT, 'node_modules/.bin/tsc'), args, {
      cwd: app.folder,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('synthesizes its guards, by the command of its cdk.json', () => {
    const { status, stderr, assembly } = app.synthesized();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const manifest = JSON.parse(readFileSync(path.join(assembly, 'manifest.json'), 'utf8')) as {
      readonly artifacts: Readonly<Record<string, { readonly type: string }>>;
    };
    const made = Object.entries(manifest.artifacts).flatMap(([name, { type }]) =>
      type === 'aws:cloudformation:stack' ? [name] : [],
    );
    expect(made.sort()).toEqual(stacks);
    for (const stack of stacks) {
      const template = readFileSync(path.join(assembly, `${stack}.template.json`), 'utf8');
      expect(template).toContain('AWS::Budgets::Budget');
      expect(template).toContain('spend-guard-switch-');
    }
  });

  if (environments.length > 0) {
    test('its program finds the environments', () => {
      const { stderr } = app.spendGuard(['status', '--env', 'other']);
      expect(stderr).toContain(`no environment 'other'; allowed: ${environments.join(', ')}`);
    });
  }
});

test('the application with the plugin says what it lacks, before it asks anybody', () => {
  const app = exampleApp('with-client');
  const ask = (env: Readonly<Record<string, string>>) => app.node(['--import', 'tsx', 'ask.ts'], env);
  expect(ask({}).stderr).toContain('INVOKER_ROLE_ARN: set it to InvokerArn');
  const role = { INVOKER_ROLE_ARN: 'arn:aws:iam::111122223333:role/x' };
  expect(ask(role).stderr).toContain('spend-guard-client.trial.json');
  app.remove();
});
