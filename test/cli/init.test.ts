import path from 'node:path';
import { EXIT_CODES } from '../../cli/exit-codes';
import { EmptyApp, exportedBy } from '../helpers/empty-app';
import { CONFIG, init, MODEL, NEEDED, type Needed, options, RIGHT, typed } from './init-runs';
import { BREAKS_OFF } from './world';

// As in the package that apps install.
jest.mock('../../config/home', () => jest.requireActual<object>('../../config/home.packaged'));

let app: EmptyApp;
const environment = { ...process.env };
beforeEach(() => {
  app = new EmptyApp();
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) delete process.env[name];
});
afterEach(() => {
  app.remove();
  process.env = { ...environment };
});

const written = (file = CONFIG) => exportedBy(app.read(file)).environments;

describe('asked at a terminal', () => {
  test('writes what was answered, and says what comes next', async () => {
    const { exitCode, stdout, stderr, asked, left, regions } = await typed(['', ...RIGHT.slice(1, 6), 'team/app, job']);
    expect({ exitCode, stderr, left }).toEqual({ exitCode: EXIT_CODES.ok, stderr: '', left: [] });
    expect(asked).toHaveLength(7);
    expect(asked[0]).toBe('What the environment is called [dev]: ');
    expect(app.written()).toEqual([CONFIG]);
    expect(written()).toMatchObject({
      dev: {
        region: 'us-east-1',
        monthlyLimitUsd: 50,
        owner: 'team@example.com',
        models: { small: [{ id: MODEL }] },
        principals: { roles: ['team/app', 'job'] },
      },
    });
    expect(stdout.split('\n')[0]).toBe(`wrote ${CONFIG}`);
    expect(stdout).toContain('npm install bedrock-spend-guard aws-cdk-lib constructs');
    expect(stdout).toContain("import { SpendGuardConfig, SpendGuardStack } from 'bedrock-spend-guard';");
    expect(stdout).toContain("new SpendGuardStack(app, { config, environmentName: 'dev' });");
    expect(stdout).toContain('npx cdk deploy SpendGuard-dev');
    expect(stdout).not.toContain('InvokerRoleArn');
    // Nobody agreed to it.
    expect(regions).toEqual([]);
  });

  test('a wrong answer is asked again, with the reason', async () => {
    const { exitCode, stderr, asked, left } = await typed([
      ...['1dev', 'dev'],
      ...['', 'mars', 'us-east-1'],
      'n',
      ...['', 'amazon.nova-lite', MODEL],
      ...['', 'fifty', '0', '-5', '1e3', '0.001', '2000000', '$50'],
      ...['', 'team', 'team@example.com'],
      ...['a b', 'arn:aws:iam::111122223333:role/x', 'none-of-yours'],
    ]);
    expect({ exitCode, left }).toEqual({ exitCode: EXIT_CODES.ok, left: [] });
    expect(asked).toHaveLength(23);
    const reasons = stderr.trimEnd().split('\n');
    expect(reasons).toHaveLength(16);
    for (const [at, reason] of [
      [0, /is no name for an environment/],
      [1, /must have at least 1 characters, got ''/],
      [2, /an AWS Region such as us-east-1, got 'mars'/],
      [3, /must have at least 1 entries/],
      [4, /nearest known: 'amazon.nova-lite-v1:0'/],
      [5, /must be dollars above 0 .* got ''/],
      [6, /must be dollars above 0 .* got 'fifty'/],
      [7, /must be more than 0, got 0/],
      [8, /must be dollars above 0 .* got '-5'/],
      [9, /must be dollars above 0 .* got '1e3'/],
      [10, /must be dollars above 0 .* got '0.001'/],
      [11, /must be at most 1000000, got 2000000/],
      [13, /must be a mail address such as team@example.com, got 'team'/],
      [14, /the name of an IAM role .* got 'a b'/],
      [15, /write the name alone/],
    ] as const) {
      expect(reasons[at]).toMatch(reason);
    }
    expect(written()).toMatchObject({ dev: { monthlyLimitUsd: 50, principals: { roles: ['none-of-yours'] } } });
  });

  test.each(RIGHT.map((_, at) => at))('whoever breaks off at question %i has written nothing', async (at) => {
    const { exitCode, stderr } = await typed([...RIGHT.slice(0, at), BREAKS_OFF]);
    expect({ exitCode, stderr }).toEqual({ exitCode: EXIT_CODES.declined, stderr: 'Declined: nothing was written.\n' });
    expect(app.written()).toEqual([]);
  });

  test('what options answer is not asked', async () => {
    const { exitCode, asked } = await typed(['dev', ''], ...options());
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(asked.map((one) => one.split(' [')[0])).toEqual([
      'What the environment is called',
      'Roles that call models now, by comma, each with its path: a stop reaches them',
    ]);
  });

  test('why more than the limit may be spent is asked where the config wants it, and is data in it', async () => {
    const reason = `it's a "trial"; \${process.exit(7)} \u001b[2J\u2028`;
    const { exitCode, stderr, asked } = await typed([...RIGHT.slice(0, 4), '5', ...RIGHT.slice(5), '', reason]);
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(stderr).toMatch(/The config must say why that is acceptable, as the overshoot estimate is \$17/);
    expect(asked.at(-1)).toMatch(/^Why that is acceptable/);
    expect(app.read(CONFIG)).not.toMatch(/[^\P{Cc}\n]|\p{Zl}/u);
    expect(written()).toMatchObject({ dev: { acceptOvershoot: reason.trim() } });
  });

  test('the Region of the shell is proposed, unless no guard can be there', async () => {
    process.env['AWS_DEFAULT_REGION'] = 'eu-west-1';
    expect((await typed([BREAKS_OFF])).asked).toHaveLength(1);
    expect((await typed(['', BREAKS_OFF])).asked[1]).toBe('Region in which models are called [eu-west-1]: ');
    process.env['AWS_REGION'] = 'eu-north-1';
    expect((await typed(['', BREAKS_OFF])).asked[1]).toBe('Region in which models are called: ');
  });
});

describe('by options alone, where nobody can be asked', () => {
  test('writes what they say', async () => {
    const { exitCode, stderr } = await init(...options({ '--env': 'team-a', '--role': 'team/app,job' }));
    expect({ exitCode, stderr }).toEqual({ exitCode: EXIT_CODES.ok, stderr: '' });
    expect(written()).toMatchObject({ 'team-a': { principals: { roles: ['team/app', 'job'] } } });
  });

  test('an environment is called dev, and no role is stopped, unless options say otherwise', async () => {
    const { stdout } = await init(...options());
    expect(written()).toMatchObject({ dev: { principals: { roles: [], users: [], groups: [] } } });
    expect(stdout).toContain('let your application assume InvokerRoleArn');
  });

  test('--model and --role are taken several times, and by comma', async () => {
    await init(
      ...options({ '--model': undefined, '--limit': '500' }),
      '--model',
      `${MODEL},amazon.nova-micro-v1:0`,
      '--model',
      'amazon.nova-pro-v1:0',
    );
    expect(written()).toMatchObject({
      dev: { models: { small: [{ id: MODEL }, { id: 'amazon.nova-micro-v1:0' }, { id: 'amazon.nova-pro-v1:0' }] } },
    });
  });

  test.each(Object.keys(NEEDED))('without %s: says so, and the rest too', async (missing) => {
    for (const more of [[], ['--yes']]) {
      const { exitCode, stdout, stderr } = await init(...options({ [missing]: undefined }), ...more);
      expect({ exitCode, stdout }).toEqual({ exitCode: EXIT_CODES.declined, stdout: '' });
      expect(stderr).toMatch(new RegExp(`nothing was written; give ${missing} \\S+$`, 'm'));
      expect(app.written()).toEqual([]);
    }
  });

  test('with none at all: every one that is needed, at once', async () => {
    const { exitCode, stderr } = await init();
    expect(exitCode).toBe(EXIT_CODES.declined);
    expect(stderr).toBe(
      'init: nobody can be asked here, as this is no terminal: nothing was written; give --region us-east-1, --model amazon.nova-lite-v1:0, --limit 50, --owner team@example.com\n',
    );
  });

  test.each<[Needed, RegExp]>([
    [{ '--env': '' }, /^init: --env: is no name for an environment/],
    [{ '--env': '__proto__' }, /^init: --env: is no name/m],
    [{ '--env': "x'};process.exit(7);({'" }, /^init: --env: is no name/],
    [{ '--region': 'us-east-9' }, /^init: --region: must be an AWS Region such as us-east-1, got 'us-east-9'/],
    [{ '--region': 'ap-northeast-3' }, /^init: --region: ap-northeast-3 does not offer AWS::Budgets::Budget/],
    [{ '--model': '' }, /^init: --model: must have at least 1 entries/],
    [{ '--model': 'nova' }, /^init: --model: must be a model of the price library .*, got 'nova'/],
    [{ '--limit': '0' }, /^init: --limit: must be more than 0, got 0/],
    [{ '--limit': 'much' }, /^init: --limit: must be dollars above 0 .*, got 'much'/],
    [{ '--limit': '5', '--accept-overshoot': '' }, /^init: --accept-overshoot: must have at least 1 characters/],
    [{ '--owner': "a@b.c'\n" }, /^init: --owner: must be a mail address/],
    [{ '--role': 'a/b c' }, /^init: --role: must be the name of an IAM role/],
    [{ '--role': 'a,x/a' }, /^init: --role: repeats/],
  ])('%j: exit 2, which option, what it got, what is allowed', async (wrong, expected) => {
    for (const more of [[], ['--yes']]) {
      const { exitCode, stderr } = await init(...options(wrong), ...more);
      expect(stderr).toMatch(expected);
      expect(exitCode).toBe(EXIT_CODES.usage);
      expect(app.written()).toEqual([]);
    }
  });

  test('all that are wrong are named at once', async () => {
    const { stderr } = await init(
      ...options({ '--env': '', '--region': 'x', '--model': 'x', '--limit': 'x', '--owner': 'x', '--role': '(' }),
    );
    const named = stderr.split('\n').flatMap((line) => /^init: (--\S+):/.exec(line)?.[1] ?? []);
    expect(named.sort()).toEqual(['--env', '--limit', '--model', '--owner', '--region', '--role']);
  });

  test('a limit below what may be spent before a stop works needs the reason', async () => {
    const without = await init(...options({ '--limit': '5' }), '--yes');
    expect(without.exitCode).toBe(EXIT_CODES.declined);
    expect(without.stderr).toMatch(
      /must say why .* overshoot estimate .*: nothing was written; give --accept-overshoot/,
    );
    const nobody = await init(...options({ '--limit': '5' }));
    expect(nobody.stderr).toMatch(/no terminal, and the config must say why .* give --accept-overshoot/);
    expect(app.written()).toEqual([]);
    const { exitCode } = await init(...options({ '--limit': '5', '--accept-overshoot': 'a trial' }), '--yes');
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(written()).toMatchObject({ dev: { acceptOvershoot: 'a trial' } });
  });

  test('--json has the answers and the file; questions are none of it', async () => {
    const { json, stderr } = await init(...options(), '--json');
    expect(stderr).toBe('');
    expect(json()).toMatchObject({
      command: 'init',
      exitCode: 0,
      file: path.join(app.folder, CONFIG),
      copies: [],
      answers: { environment: 'dev', monthlyLimitUsd: 50 },
    });
  });
});
