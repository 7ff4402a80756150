import { EXIT_CODES } from '../../../cli/exit-codes';
import { bedrockCallers } from '../../../cli/doctor/callers';
import type { AccountPrincipal } from '../../../core/health/ports';
import { ServiceError } from '../../../core/errors';
import { UNMETERED_FIX, unmeteredDetail } from '../../../core/metering';
import { AVAILABLE, type FakeModel } from '../../../simulator/fakes/health-services';
import { CliWorld, NO_CREDENTIALS } from '../world';

const QWEN = 'qwen.qwen3-coder-next';

/** The account of `CliWorld`, with the models and quotas that the shipped configuration names. */
function account(): CliWorld {
  const world = new CliWorld();
  const models = world.health.aws.settings.models as FakeModel[];
  models.push({ id: QWEN, callAs: 'x', inputTokens: 1, lifecycle: { status: 'active' }, availability: AVAILABLE });
  world.health.aws.appliedQuotas = ['Amazon Nova Lite', 'Amazon Nova Pro', 'Meta Llama 3.1 70B Instruct'].map(
    (name) => ({
      name: `On-demand InvokeModel tokens per minute for ${name}`,
      value: 1000,
    }),
  );
  return world;
}

const examined = async (world: CliWorld) => {
  const { exitCode, json, stdout } = await world.run('doctor', '--env', 'dev', '--json');
  const findings = json().environments[0].findings as {
    check: string;
    subject: string;
    status: string;
    fix?: string;
  }[];
  const of = (check: string) => findings.find((one) => one.check === check);
  return { exitCode, findings, of, stdout };
};

test('an account in which everything is in order', async () => {
  const { exitCode, findings } = await examined(account());
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect([...new Set(findings.map(({ check }) => check))]).toEqual([
    'identity',
    'region',
    'bootstrap',
    'deployed',
    'model-access',
    'cost-explorer',
    'cost-allocation-tag',
    'subscription',
    'other-callers',
    'metering',
    'switch',
    'policy-room',
    'quota',
    'concurrency',
  ]);
  expect(exitCode).toBe(EXIT_CODES.ok);
});

describe('each thing that can be wrong on day one, with its fix', () => {
  test.each<[string, (world: CliWorld) => void, string, string, RegExp]>([
    [
      'not bootstrapped',
      (world) => (world.bootstrapped = false),
      'bootstrap',
      'failed',
      /^npx cdk bootstrap aws:\/\/111122223333\/us-east-1$/,
    ],
    ['not deployed', (world) => (world.deployed = []), 'deployed', 'expected', /^npx cdk deploy --context env=dev$/],
    [
      'a Region without a model',
      (world) => (world.health.model(QWEN).availability = { ...AVAILABLE, inRegion: false }),
      'region',
      'failed',
      /choose another Region or other models/,
    ],
    [
      'no access to a model',
      (world) => (world.health.model(QWEN).availability = { ...AVAILABLE, agreement: 'NOT_AVAILABLE' }),
      'model-access',
      'failed',
      /^a model enables itself at the first call; .*service control policy/,
    ],
    [
      'Cost Explorer is not enabled',
      (world) => (world.tag = { kind: 'unavailable', why: 'Cost Explorer refuses this account', isNotEnabled: true }),
      'cost-explorer',
      'failed',
      /enable Cost Explorer once in the management account/,
    ],
    [
      'trap 25: the tag is not active',
      (world) => (world.tag = { kind: 'known', state: 'inactive' }),
      'cost-allocation-tag',
      'warning',
      /update-cost-allocation-tags-status/,
    ],
    [
      'trap 36: an e-mail not confirmed',
      (world) => (world.health.aws.subscriptions = [{ address: 'ti@dadosfera.ai', state: 'pending' }]),
      'subscription',
      'failed',
      /follow the link/,
    ],
    [
      'trap 35: no room for the switch',
      (world) => (world.health.principal('invoker').policyArns = Array.from({ length: 10 }, (_, at) => `arn:${at}`)),
      'policy-room',
      'failed',
      /merge or detach/,
    ],
    [
      'a quota above the assumed one',
      (world) =>
        (world.health.aws.appliedQuotas = [
          { name: 'On-demand InvokeModel tokens per minute for Amazon Nova Lite', value: 1e12 },
        ]),
      'quota',
      'warning',
      /config\/catalogue/,
    ],
    [
      'the concurrency of a new account',
      (world) => (world.concurrencyLimit = 10),
      'concurrency',
      'warning',
      /ask for 1000/,
    ],
    [
      'somebody else may call models',
      (world) =>
        (world.principals = [
          {
            kind: 'user',
            name: 'eve',
            path: '/',
            policies: [{ Statement: { Effect: 'Allow', Action: 'bedrock:*', Resource: '*' } }],
          },
        ]),
      'other-callers',
      'warning',
      /name them in principals or neverStop/,
    ],
  ])('%s', async (_, change, check, status, fix) => {
    const world = account();
    change(world);
    const { findings, exitCode } = await examined(world);
    const found = findings.filter((one) => one.check === check && one.status === status);
    expect(found.map((one) => one.fix).join('\n')).toMatch(fix);
    expect(exitCode === EXIT_CODES.findings).toBe(findings.some((one) => ['failed', 'unknown'].includes(one.status)));
  });

  test('somebody is stopped and not metered, by name', async () => {
    const config = 'test/fixtures/named-principals.ts';
    const { json } = await account().run('doctor', '--env', 'dev', '--config', config, '--json');
    const findings = json().environments[0].findings as { check: string }[];
    expect(findings.filter(({ check }) => check === 'metering')).toEqual([
      {
        check: 'metering',
        subject: 'dev',
        status: 'warning',
        detail: unmeteredDetail(['role app', 'user bot', 'group data']),
        fix: UNMETERED_FIX,
        who: 'whoever edits the config',
      },
    ]);
  });

  test('nobody signed in: nothing could be examined, as with every command', async () => {
    const world = account();
    world.refusal = NO_CREDENTIALS;
    const { exitCode, json } = await world.run('doctor', '--env', 'dev', '--json');
    expect(json().environments[0]).toMatchObject({
      error: { code: NO_CREDENTIALS.errorName, message: expect.stringContaining('aws sso login') },
    });
    expect(json().environments[0]).not.toHaveProperty('findings');
    expect(exitCode).toBe(EXIT_CODES.failed);
  });

  test('a service that is down is no silence', async () => {
    const world = account();
    world.refusal = new ServiceError('unavailable', 'ServiceUnavailable', 'down', 503);
    const { exitCode, stdout } = await world.run('doctor', '--env', 'dev');
    expect(stdout).toContain('AWS answered ServiceUnavailable: down');
    expect(exitCode).toBe(EXIT_CODES.failed);
  });

  test('what may not be asked is unknown, never ok', async () => {
    const world = account();
    world.principals = new ServiceError('accessDenied', 'AccessDenied', 'no');
    jest
      .spyOn(world.health.aws.quotas, 'applied')
      .mockRejectedValue(new ServiceError('accessDenied', 'AccessDenied', 'no'));
    const { exitCode, of } = await examined(world);
    expect([of('other-callers')?.status, of('quota')?.status]).toEqual(['unknown', 'unknown']);
    expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('a fix says who may do it', async () => {
    const world = account();
    world.bootstrapped = false;
    const { stdout } = await world.run('doctor', '--env', 'dev');
    expect(stdout).toContain('fix: npx cdk bootstrap aws://111122223333/us-east-1 (an administrator of the account)');
  });
});

describe('who may call models, by the policies of an account', () => {
  const principal = (name: string, ...statements: object[]): AccountPrincipal => ({
    kind: 'role',
    name,
    path: '/',
    policies: [{ Statement: statements }],
  });
  const allow = (more: object) => ({ Effect: 'Allow', Resource: '*', ...more });

  test.each([
    ['exactly', [allow({ Action: 'bedrock:InvokeModel' })], true],
    ['streaming alone', [allow({ Action: ['bedrock:InvokeModelWithResponseStream'] })], true],
    ['by a wildcard', [allow({ Action: 'bedrock:*' })], true],
    ['as an administrator', [allow({ Action: '*' })], true],
    ['in other letters', [allow({ Action: 'Bedrock:INVOKE*' })], true],
    ['by what is not left out', [allow({ NotAction: ['iam:*'] })], true],
    [
      'one model alone',
      [allow({ Action: 'bedrock:InvokeModel', Resource: 'arn:aws:bedrock:*::foundation-model/x' })],
      true,
    ],
    ['not by reading', [allow({ Action: 'bedrock:List*' })], false],
    ['not by what is left out', [allow({ NotAction: ['bedrock:*'] })], false],
    ['not where denied', [allow({ Action: '*' }), { Effect: 'Deny', Action: 'bedrock:*', Resource: '*' }], false],
    [
      'where denied under a condition',
      [
        allow({ Action: '*' }),
        { Effect: 'Deny', Action: 'bedrock:*', Resource: '*', Condition: { Bool: { x: 'true' } } },
      ],
      true,
    ],
    [
      'where one model is denied',
      [
        allow({ Action: '*' }),
        { Effect: 'Deny', Action: 'bedrock:*', Resource: 'arn:aws:bedrock:*::foundation-model/x' },
      ],
      true,
    ],
    ['not without policies', [], false],
  ])('%s', (_, statements, expected) => {
    expect(bedrockCallers([principal('x', ...statements)])).toHaveLength(expected ? 1 : 0);
  });

  test('the guarded, the spared, the guard itself and AWS are not named', async () => {
    const world = account();
    const named = (name: string, path = '/') => ({ ...principal(name, allow({ Action: '*' })), path });
    world.principals = [
      named('invoker'),
      named('SpendGuard-dev-Role1'),
      named('AWSServiceRoleForX', '/aws-service-role/x/'),
    ];
    expect((await examined(world)).of('other-callers')?.status).toBe('ok');
  });
});

test.each<[string, (world: CliWorld) => void, RegExp]>([
  [
    'a member account that may not ask',
    (world) => (world.tag = { kind: 'unavailable', why: 'only the management account may' }),
    /^not checked: only the management account may$/,
  ],
  [
    'a busy service',
    (world) =>
      (world.tagOf = () => {
        throw new ServiceError('throttled', 'ThrottlingException', 'slow', 400);
      }),
    /^not checked: throttled/,
  ],
])('Cost Explorer of %s is not known, and nothing is to be enabled', async (_what, change, detail) => {
  const world = account();
  change(world);
  const found = (await examined(world)).of('cost-explorer');
  expect(found).toMatchObject({ status: 'unknown', detail: expect.stringMatching(detail) });
  expect(found?.fix).toBeUndefined();
});
