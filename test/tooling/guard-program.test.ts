import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { EXIT_CODES } from '../../cli/exit-codes';
import { packedApp, type PackedApp, type Said } from '../helpers/packed-app';

const NAME = 'bedrock-spend-guard';
const BRIEF = "{ region: 'us-east-1', monthlyLimitUsd: 50, owner: 'a@example.com', models: ['amazon.nova-lite-v1:0'] }";
const IMPORTING = `import { defineGuard, withDefaults } from '${NAME}/config';
export default defineGuard({ environments: { mine: withDefaults(${BRIEF}) } });
`;
const REQUIRING = `const { defineGuard, withDefaults } = require('${NAME}/config');
module.exports = defineGuard({ environments: { mine: withDefaults(${BRIEF}) } });
`;
/** Nobody answers there: what a command says of the config comes first. */
const AWS = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' };
/** Says what the config is without asking anybody. */
const ASKED = ['status', '--env', 'other'];
const FOUND = "no environment 'other'; allowed: mine";

const apps: PackedApp[] = [];
afterAll(() => apps.forEach((one) => one.remove()));
const made: Partial<Record<'module' | 'commonjs', PackedApp>> = {};
/** One of each kind, without a config whenever it is asked for. */
function appOf(type: 'module' | 'commonjs' = 'commonjs'): PackedApp {
  const app = (made[type] ??= packedApp({ type }));
  if (!apps.includes(app)) apps.push(app);
  for (const ending of ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']) {
    rmSync(path.join(app.folder, `spend-guard.config.${ending}`), { force: true });
  }
  return app;
}
const only = ({ stderr }: Said) => stderr.trimEnd();

describe('the config of the app', () => {
  test.each<['module' | 'commonjs', string, string]>([
    ['commonjs', 'ts', IMPORTING],
    ['commonjs', 'mts', IMPORTING],
    ['commonjs', 'cts', IMPORTING],
    ['commonjs', 'js', REQUIRING],
    ['commonjs', 'cjs', REQUIRING],
    ['commonjs', 'mjs', IMPORTING],
    ['module', 'ts', IMPORTING],
    ['module', 'cts', IMPORTING],
    ['module', 'js', IMPORTING],
    ['module', 'mjs', IMPORTING],
    ['module', 'cjs', REQUIRING],
  ])('of a %s app, spend-guard.config.%s', (type, ending, text) => {
    const app = appOf(type);
    app.write({ [`spend-guard.config.${ending}`]: text });
    expect(only(app.spendGuard(ASKED))).toContain(FOUND);
  });

  test('may import the constructs too, and has the one copy of their classes', () => {
    const app = appOf();
    app.write({
      'spend-guard.config.ts': `import { SpendGuard, Usd } from '${NAME}';
        import { defineGuard, withDefaults } from '${NAME}/config';
        import { createRequire } from 'node:module';
        const again = createRequire(__filename)('${NAME}');
        if (again.SpendGuard !== SpendGuard || again.Usd !== Usd) throw new Error('two copies');
        export default defineGuard({ environments: { mine: withDefaults(${BRIEF}) } });`,
    });
    expect(only(app.spendGuard(ASKED))).toContain(FOUND);
  });

  test('is found from a folder within, as far as the package root, and named from there', () => {
    const app = appOf();
    app.write({ 'spend-guard.config.ts': `${IMPORTING}\nexport const x: number = ;\n`, 'lib/deep/x.txt': '' });
    const inside = spawnSync(process.execPath, [path.join(app.guard, 'bin/spend-guard.js'), ...ASKED], {
      cwd: path.join(app.folder, 'lib/deep'),
      encoding: 'utf8',
    });
    expect(inside.stderr).toMatch(/^\.\.[/\\]\.\.[/\\]spend-guard\.config\.ts: it cannot be loaded \(line 4: /);
    app.write({ 'other/package.json': '{}' });
    const beyond = spawnSync(process.execPath, [path.join(app.guard, 'bin/spend-guard.js'), ...ASKED], {
      cwd: path.join(app.folder, 'other'),
      encoding: 'utf8',
    });
    expect(beyond.stderr).toMatch(
      /^no spend-guard\.config\.ts, \.mts, .*\.cjs in .*other: write one with npx spend-guard init/,
    );
    expect(beyond.status).toBe(1);
  });

  test('what the compiler makes of it beside it is no second one; one in another language is', () => {
    const app = appOf();
    app.write({ 'spend-guard.config.ts': IMPORTING, 'spend-guard.config.js': 'throw new Error("compiled");' });
    expect(only(app.spendGuard(ASKED))).toContain(FOUND);
    app.write({ 'spend-guard.config.mjs': IMPORTING });
    const both = app.spendGuard(ASKED);
    expect(only(both)).toMatch(
      /^spend-guard\.config\.ts and spend-guard\.config\.mjs are both in .*: keep one, or name one with --config$/,
    );
    expect(both.status).toBe(1);
  });

  const MUST =
    '; it must be TypeScript or JavaScript that exports its config by default, as export default defineGuard({ … })';
  test.each<[string, string, string, string]>([
    ['a mistake', 'ts', 'const a = 1;\nconst b = ;\n', `(line 2: Unexpected token)${MUST}`],
    ['one in JavaScript', 'cjs', 'const a = 1;\nconst b = ;\n', `(line 2: Unexpected token)${MUST}`],
    [
      'it throws',
      'ts',
      "const a: number = 1;\nthrow new Error('first\\nsecond' + a);\n",
      `(line 2: first second1)${MUST}`,
    ],
    ['it waits at its top', 'mts', 'export default await Promise.resolve({});', `top level bodies of modules)${MUST}`],
    [
      'what it imports is not there',
      'ts',
      "import x from './nowhere';\nexport default x;\n",
      "(it imports './nowhere', which is not there); correct the path, or install the package",
    ],
    [
      'it exports nothing',
      'ts',
      'export const a = 1;\n',
      'it has no default export; write export default defineGuard({ … })',
    ],
    ['it exports something else', 'cjs', 'module.exports = 7;\n', MUST],
    [
      'a mistake in a value',
      'ts',
      IMPORTING.replace('50', '-50'),
      'environments.mine.monthlyLimitUsd: must be more than 0, got -50',
    ],
  ])('%s: which file and line, what is wrong, the fix', (_, ending, text, expected) => {
    const app = appOf();
    app.write({ [`spend-guard.config.${ending}`]: text });
    const said = app.spendGuard(ASKED);
    expect(only(said).startsWith(`spend-guard.config.${ending}: `)).toBe(true);
    expect(only(said)).toContain(expected);
    expect(only(said)).not.toMatch(/jiti|node_modules|budget-tiers/);
    expect(said.status).toBe(1);
  });

  test('another file by --config, from the working directory', () => {
    const app = appOf();
    app.write({ 'infra/guard.ts': IMPORTING });
    expect(only(app.spendGuard([...ASKED, '--config', 'infra/guard.ts']))).toContain(FOUND);
    expect(only(app.spendGuard([...ASKED, '--config', 'infra']))).toContain(
      '--config infra: it is a folder; name the file in it, such as infra/spend-guard.config.ts',
    );
    expect(only(app.spendGuard([...ASKED, '--config', 'none.ts']))).toContain('leave it out for spend-guard.config.ts');
  });
});

describe('what the program says is true in the app', () => {
  test('no help and no message names a file of this repository, or a context that the app does not read', () => {
    const app = appOf();
    app.write({ 'spend-guard.config.ts': IMPORTING });
    const helps = [[], ['status'], ['backtest'], ['budget'], ['serve'], ['client-config']].map((command) =>
      app.spendGuard([...command, '--help']),
    );
    const said = [
      ...helps,
      app.spendGuard(['client-config']),
      app.spendGuard(['budget', '--limit', '20'], AWS),
      app.spendGuard(['callers', 'add', '--budget', 'nightly'], AWS),
      app.spendGuard(['status'], AWS),
    ].map(({ stdout, stderr }) => stdout + stderr);
    for (const text of said) expect(text).not.toMatch(/budget-tiers|--context env/);
    expect(said[1]?.replaceAll(/\s+/g, ' ')).toContain('another config than spend-guard.config.ts');
  });

  test('an unknown command names the nearest, as it does here', () => {
    const { status, stderr } = appOf().spendGuard(['statsu']);
    expect(status).toBe(2);
    expect(stderr).toContain('status');
  });
});

describe('commands that need no account', () => {
  test('a month of the app’s own config is played, and one that a scenario brings along', () => {
    const app = appOf();
    app.write({ 'spend-guard.config.ts': IMPORTING });
    const own = app.spendGuard(['simulate', 'runaway', '--env', 'mine']);
    expect(own.stderr).toContain('Synthesizing the stacks of spend-guard.config.ts');
    expect(own.stdout).toContain('mine: really at its stop line of 95%');
    expect(own.status).toBe(0);
    const brought = app.spendGuard(['simulate', 'housekeeping']);
    expect(brought.stderr).toContain('Synthesizing the stacks of simulator/scenarios/housekeeping-config.ts');
    expect(brought.status).toBe(0);
  });

  test('two outputs are compared, by what is known of the types of CloudFormation', () => {
    const app = appOf();
    const template = (resource: object) =>
      JSON.stringify({ Resources: { Table: { Type: 'AWS::DynamoDB::Table', ...resource } } });
    const manifest = JSON.stringify({
      version: '36.0.0',
      artifacts: {
        S: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://1/us-east-1',
          properties: { templateFile: 'S.json' },
        },
      },
    });
    app.write({
      'a/manifest.json': manifest,
      'b/manifest.json': manifest,
      'a/S.json': template({ Properties: { TableName: 'one' } }),
      'b/S.json': template({ Properties: { TableName: 'two' } }),
    });
    const { status, stdout, stderr } = app.spendGuard(['diff', 'a', 'b']);
    expect({ status, stderr }).toEqual({ status: EXIT_CODES.replacedAndWeakened, stderr: '' });
    expect(stdout).toMatch(/replac/i);
  });

  test('an earlier config of the app is read from git, with what it imports', () => {
    const app = appOf();
    const usage = 'time,model,inputTokens,outputTokens\n2026-03-02T00:00:00Z,amazon.nova-lite-v1:0,1000,1000\n';
    app.write({ 'spend-guard.config.ts': IMPORTING, 'usage.csv': usage });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: app.folder, stdio: 'pipe' });
    git('init', '-q');
    git('add', 'spend-guard.config.ts');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'one');
    app.write({ 'spend-guard.config.ts': IMPORTING.replace('50', '60') });
    const { status, stdout, stderr } = app.spendGuard([
      'backtest',
      'HEAD',
      'spend-guard.config.ts',
      '--usage',
      'usage.csv',
    ]);
    expect({ status, stderr: stderr.includes('rror') }).toEqual({ status: 0, stderr: false });
    expect(stdout).toContain('spend-guard.config.ts instead of HEAD');
    expect(only(app.spendGuard(['backtest', 'nosuch', 'HEAD', '--usage', 'usage.csv']))).toContain(
      'nosuch: neither a config file nor a git ref that has spend-guard.config.ts',
    );
  });
});

test('left answers without the program of commands, as a status line needs it', () => {
  const app = appOf();
  const dist = path.join(app.guard, 'dist');
  renameSync(dist, `${dist}-away`);
  try {
    const { status, stdout } = app.spendGuard(['left', '--url', 'http://127.0.0.1:9']);
    expect(stdout).toMatch(/^spend-guard: no server at http:\/\/127\.0\.0\.1:9/);
    expect(status).toBe(1);
  } finally {
    renameSync(`${dist}-away`, dist);
  }
});

test('help loads neither the SDK, nor the CDK, nor the compiler of configs', () => {
  const app = appOf();
  app.write({
    'listed.cjs': `process.on('exit', () => {
        const loaded = Object.keys(require.cache);
        console.error(loaded.length, loaded.filter((file) => /jiti|aws-cdk-lib|adapters/.test(file)).join());
      });
      process.argv.splice(1, 1, 'spend-guard', '--help');
      require('${NAME}/package.json');
      require(require('node:path').join(__dirname, 'node_modules/${NAME}/bin/spend-guard.js'));`,
  });
  const { stdout, stderr } = app.node(['listed.cjs']);
  expect(stdout).toContain('Usage: spend-guard');
  expect(stderr).toMatch(/^\d+ \n$/);
});

describe('the organisation of the app', () => {
  const HUB = '111122223333';
  const file = (limitUsd: number) => `export default {
    organizationId: 'o-a1b2c3d4e5', managementAccount: '${HUB}', hubRegion: 'us-east-1', owner: 'a@example.com',
    report: { at: '08:00', timeZone: 'UTC' }, brake: {}, defaultLimitUsd: ${limitUsd},
    stackSet: { organizationalUnits: ['ou-ab12-11111111'], mode: 'enforce', accountWide: true, regions: ['us-east-1'] },
    accounts: {},
  };`;
  const ofHub = ['organization', 'stop', HUB, '--reason', 'x'];

  test('spend-guard.organization.ts is found, read, and named', () => {
    const app = appOf();
    const none = app.spendGuard(ofHub);
    expect(only(none)).toMatch(
      /^no spend-guard\.organization\.ts, .*: write one, or name another file with --organization$/,
    );
    expect(none.status).toBe(EXIT_CODES.failed);
    app.write({ 'spend-guard.organization.ts': file(25) });
    const found = app.spendGuard(ofHub);
    expect(only(found)).toContain(`stop ${HUB}: it is the management account of spend-guard.organization.ts`);
    expect(found.status).toBe(EXIT_CODES.usage);
    app.write({ 'spend-guard.organization.ts': file(-1) });
    expect(only(app.spendGuard(ofHub))).toMatch(/spend-guard\.organization\.ts[^]*defaultLimitUsd: /);
    rmSync(path.join(app.folder, 'spend-guard.organization.ts'));
  });

  test('the hub is asked by the program of the package', () => {
    const app = appOf();
    app.write({ 'ours.ts': file(25) });
    const { status, stderr } = app.spendGuard(['organization', 'status', '--organization', 'ours.ts'], {
      ...AWS,
      AWS_ACCESS_KEY_ID: HUB,
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    expect(stderr).toContain('AWS did not answer');
    expect(status).toBe(EXIT_CODES.failed);
  });
});
