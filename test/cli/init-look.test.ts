import { EXIT_CODES } from '../../cli/exit-codes';
import { answerProblems, libraryModels } from '../../config';
import { DAY_MS, HOUR_MS } from '../../core/calendar';
import { ServiceError } from '../../core/errors';
import type { SeriesId } from '../../core/meter';
import { EmptyApp, exportedBy } from '../helpers/empty-app';
import { BREAKS_OFF, CliWorld, NO_CREDENTIALS } from './world';

jest.mock('../../config/home', () => jest.requireActual<object>('../../config/home.packaged'));

let app: EmptyApp;
let world: CliWorld;
beforeEach(() => {
  app = new EmptyApp();
  world = new CliWorld();
});
afterEach(() => app.remove());

const REGION = 'us-east-1';
const OWNER = ['--region', REGION, '--owner', 'team@example.com'] as const;
const LITE = 'amazon.nova-lite-v1:0';
const MILLION = 1_000_000;

/** Tokens of a model, each so many hours ago. */
function used(modelId: string, input: number, hoursAgo = 1, metric = 'InputTokenCount'): void {
  const id: SeriesId = { namespace: 'AWS/Bedrock', region: REGION, metric, dimensions: { ModelId: modelId } };
  world.usage.record(id, world.now - hoursAgo * HOUR_MS, input);
}
const dev = () => exportedBy(app.read('spend-guard.config.ts')).environments['dev'];
const models = () => dev()?.models.small.map(({ id }) => id);
const look = (...args: readonly string[]) => world.run('init', ...OWNER, '--look', ...args);
/** Nova Lite has $0.06 a million input tokens in the price library: see the first test. */
const LITE_USD = 0.06;

test('models and limit are proposed by what was used, and --yes takes them', async () => {
  used(LITE, 1_000 * MILLION, 30);
  used(LITE, 100 * MILLION, 5);
  used('us.meta.llama3-3-70b-instruct-v1:0', MILLION, 5);
  const { exitCode, stdout } = await look('--yes');
  expect(stdout).toContain(`  ${LITE}: $${(1_100 * LITE_USD).toFixed(2)}`);
  expect(stdout).toMatch(/together \$66\.72; the dearest day \$60\.00, the dearest hour \$60\.00/);
  expect(exitCode).toBe(EXIT_CODES.ok);
  expect(models()).toEqual([LITE, 'us.meta.llama3-3-70b-instruct-v1:0']);
  // The hour alone is a tenth of the limit, with half as much again.
  expect(dev()?.monthlyLimitUsd).toBe(900);
});

test('a person agrees to each, or answers otherwise', async () => {
  used(LITE, 1_000 * MILLION);
  world.answers = ['', 'y', '', '1000', ''];
  const { exitCode } = await world.run('init', ...OWNER);
  expect(exitCode).toBe(EXIT_CODES.ok);
  expect(world.asked).toEqual([
    'What the environment is called [dev]: ',
    expect.stringMatching(/^Look at what this account has used in us-east-1, .* for some cents at most \[y\/N\]: $/),
    `Ids of the models that may be called, by comma [${LITE}]: `,
    'What may be spent in a calendar month, in US dollars [900]: ',
    expect.stringMatching(/^Roles/),
  ]);
  expect(world.regions).toEqual([REGION]);
  expect(models()).toEqual([LITE]);
  expect(dev()?.monthlyLimitUsd).toBe(1_000);
});

test.each([['n'], [''], [BREAKS_OFF]])('without a yes nothing is looked at: %j', async (answer) => {
  world.answers = ['', answer];
  await world.run('init', ...OWNER);
  expect(world.regions).toEqual([]);
  expect(app.written()).toEqual([]);
});

test.each([
  ['--yes alone is no consent to look', ['--yes', '--model', LITE, '--limit', '50']],
  [
    'nor is there a reason to where options say everything',
    ['--model', LITE, '--limit', '50', '--env', 'dev', '--role', 'x'],
  ],
])('%s', async (_, args) => {
  const { exitCode } = await world.run('init', ...OWNER, ...args);
  expect(exitCode).toBe(EXIT_CODES.ok);
  expect({ regions: world.regions, asked: world.asked.length }).toEqual({ regions: [], asked: 0 });
});

test('what was looked at is not agreed to by nobody: without --yes it must be', async () => {
  used(LITE, 1_000 * MILLION);
  const { exitCode, stderr } = await look();
  expect(exitCode).toBe(EXIT_CODES.declined);
  expect(stderr).toContain(`give --model ${LITE}, --limit 50`);
  expect(app.written()).toEqual([]);
});

describe('an account that has used', () => {
  test('no model: says so, and proposes nothing', async () => {
    const { exitCode, stdout, stderr } = await look('--yes');
    expect(stdout).toMatch(/account \d{12} has called no model in us-east-1 within two weeks/);
    expect(stderr).toContain(`give --model ${LITE}, --limit 50`);
    expect(exitCode).toBe(EXIT_CODES.declined);
  });

  test('none but longer ago than CloudWatch lists', async () => {
    used(LITE, MILLION, 15 * 24);
    expect((await look('--yes')).stdout).toContain('has called no model');
  });

  test('one: its tokens of two months are counted once', async () => {
    world.now = Date.parse('2026-12-03T12:00:00Z');
    used(LITE, 100 * MILLION, (5 * DAY_MS) / HOUR_MS);
    used(LITE, 100 * MILLION, (2 * DAY_MS) / HOUR_MS);
    expect((await look('--yes', '--limit', '50')).stdout).toContain(`  ${LITE}: $12.00`);
  });

  test('40: all that the config takes, the dearest first, each once', async () => {
    const ids: string[] = [];
    for (const { id } of libraryModels) {
      const isTaken = answerProblems({ region: REGION, models: [...ids, id] }, world.now).length === 0;
      if (isTaken && ids.length < 40) ids.push(id);
    }
    expect(ids).toHaveLength(40);
    ids.forEach((id, at) => used(id, (at + 1) * MILLION));
    const { exitCode } = await look('--yes', '--accept-overshoot', 'a trial', '--limit', '1000');
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect([...(models() ?? [])].sort()).toEqual([...ids].sort());
    expect(new Set(models()).size).toBe(40);
  });

  test('two ids of one call: the dearer one, as the config takes no more', async () => {
    used('anthropic.claude-opus-5', 2 * MILLION);
    used('us.anthropic.claude-opus-5', MILLION);
    const { stdout } = await look('--yes', '--limit', '1000');
    expect(stdout).toMatch(/left out: us\.anthropic\.claude-opus-5: calls .* already: keep one of them/);
    expect(models()).toEqual(['anthropic.claude-opus-5']);
  });

  test('a model that no list knows: left out by name, its spend unknown, and the limit for a person to judge', async () => {
    used(LITE, 1_000 * MILLION);
    used('acme.private-v9:0', MILLION);
    const { exitCode, stdout, stderr } = await look('--yes');
    expect(stdout).toContain('acme.private-v9:0: spend unknown, no list has a price');
    expect(stdout).toMatch(/together at least \$60\.00/);
    expect(stdout).toMatch(/left out: acme\.private-v9:0: must be a model of the price library/);
    expect(stderr).toMatch(/--yes asks nobody: nothing was written; give --limit 50$/m);
    expect(exitCode).toBe(EXIT_CODES.declined);

    world.answers = ['', '', '', ''];
    expect((await look()).exitCode).toBe(EXIT_CODES.ok);
    expect(world.asked).toContain('What may be spent in a calendar month, in US dollars [900]: ');
    expect(models()).toEqual([LITE]);
  });

  test('only what no list knows: neither model nor limit is proposed', async () => {
    used('acme.private-v9:0', MILLION);
    const { stdout, stderr } = await look('--yes');
    expect(stdout).toContain('together at least $0.00');
    expect(stderr).toContain('give --model amazon.nova-lite-v1:0, --limit 50');
  });

  test('images, which no token counts: left out, and the limit is at least', async () => {
    used(LITE, 1_000 * MILLION);
    used('amazon.nova-canvas-v1:0', 3, 1, 'OutputImageCount');
    const { stdout, exitCode } = await look('--yes');
    expect(stdout).toMatch(/together at least \$60/);
    expect(stdout).toMatch(/left out: us-east-1 AWS\/Bedrock OutputImageCount .*no price is known/);
    expect(exitCode).toBe(EXIT_CODES.declined);
  });

  test('an application profile: the model behind it', async () => {
    world.profiles = [
      {
        arn: `arn:aws:bedrock:${REGION}:111122223333:application-inference-profile/abcdefghijkl`,
        id: 'abcdefghijkl',
        modelIds: [LITE],
      },
    ];
    used('abcdefghijkl', 1_000 * MILLION);
    used(LITE, MILLION);
    const { stdout } = await look('--yes');
    expect(stdout).toContain('abcdefghijkl: $');
    expect(models()).toEqual([LITE]);
  });

  test('a profile that is gone: left out, its spend unknown', async () => {
    used('abcdefghijkl', 1_000 * MILLION);
    const { stdout } = await look('--yes');
    expect(stdout).toContain('abcdefghijkl: spend unknown');
    expect(stdout).toContain(
      'left out: abcdefghijkl: no model is known behind it: no application profile, or none that may be listed',
    );
  });
});

describe('a look that is refused is said, and left out', () => {
  const refused = new ServiceError('accessDenied', 'AccessDenied', 'not authorized', 403);

  test('no credentials: nothing is looked at, and options do', async () => {
    world.health.aws.identity.whoAmI = async () => {
      throw NO_CREDENTIALS;
    };
    const listed = jest.spyOn(world.usage, 'list');
    const { exitCode, stdout } = await look('--yes', '--model', LITE, '--limit', '50');
    expect(stdout).toMatch(/not looked: no AWS credentials that hold \(CredentialsProviderError\); sign in/);
    expect(listed).not.toHaveBeenCalled();
    expect(exitCode).toBe(EXIT_CODES.ok);
  });

  test('the identity', async () => {
    world.health.aws.identity.whoAmI = async () => {
      throw refused;
    };
    expect((await look('--yes')).stdout).toMatch(
      /not looked: AWS did not say whose credentials these are \(.*AccessDenied/,
    );
  });

  test.each(['accessDenied', 'throttled', 'down'] as const)('CloudWatch: %s', async (failure) => {
    used(LITE, 1_000 * MILLION);
    world.usage.failures.set(REGION, failure);
    const { exitCode, stdout } = await look('--yes');
    expect(stdout).toMatch(/not looked: CloudWatch lists no metrics \(.*; cloudwatch:ListMetrics\)/);
    expect(exitCode).toBe(EXIT_CODES.declined);
  });

  test('what was used is listed and cannot be read: models without spend, and no limit', async () => {
    used(LITE, 1_000 * MILLION);
    world.usage.hourly = async () => {
      throw refused;
    };
    const { exitCode, stdout, stderr } = await look('--yes');
    expect(stdout).toContain(`  ${LITE}: spend unknown`);
    expect(stdout).toMatch(/left out: what was spent: .*AccessDenied.*; cloudwatch:GetMetricData/);
    expect(stdout).not.toContain('together');
    expect(stderr).toMatch(/give --limit 50$/m);
    expect(exitCode).toBe(EXIT_CODES.declined);
    expect((await look('--yes', '--limit', '50')).exitCode).toBe(EXIT_CODES.ok);
    expect(models()).toEqual([LITE]);
  });

  test('an answer in part is none', async () => {
    used(LITE, 1_000 * MILLION);
    world.usage.failures.set(REGION, 'incomplete');
    const { stdout, stderr } = await look('--yes');
    expect(stdout).toMatch(/left out: what was spent: CloudWatch answers PartialData/);
    expect(stderr).toMatch(/give --limit 50$/m);
  });

  test('application profiles', async () => {
    used('abcdefghijkl', 1_000 * MILLION);
    used(LITE, 1_000 * MILLION);
    world.profilesRefusal = refused;
    const { stdout } = await look('--yes', '--limit', '50');
    expect(stdout).toMatch(/left out: application profiles: .*AccessDenied.* \(bedrock:ListInferenceProfiles\)/);
    expect(stdout).toContain('abcdefghijkl: spend unknown');
    expect(models()).toEqual([LITE]);
  });
});

test('--json has what was looked at', async () => {
  used(LITE, 1_000 * MILLION);
  const { json, stderr } = await look('--yes', '--json');
  expect(json()).toMatchObject({
    looked: {
      region: REGION,
      models: [LITE],
      limitUsd: 900,
      isLimitTooLow: false,
      spend: { total: 60e9 },
      leftOut: [],
    },
  });
  expect(stderr).toContain('together $60.00');
});
