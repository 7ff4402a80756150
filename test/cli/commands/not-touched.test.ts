import type { NotTouched, Reason } from '../../../cli/looked/not-touched';
import { Looked } from '../../../cli/looked/looked';
import { QUESTION_NAMES } from '../../../cli/looked/questions';
import type { Services } from '../../../cli/services';
import { ServiceError } from '../../../core/errors';
import { CliWorld, NO_CREDENTIALS, spent } from '../world';

const DENIED = new ServiceError('accessDenied', 'AccessDenied', 'no', 403);
const TWO_REGIONS = ['--config', 'test/fixtures/two-regions.ts'];

async function asked(world: CliWorld, command: 'doctor' | 'plan', ...more: string[]) {
  const { json, stdout } = await world.run(command, '--env', 'dev', ...more, '--json');
  const notTouched = json().environments[0].notTouched as NotTouched[];
  const of = (what: string) => notTouched.find((one) => one.what === what);
  const because = (reason: Reason) => notTouched.filter((one) => one.reason === reason).map(({ what }) => what);
  return { notTouched, of, because, data: json(), stdout };
}

test('every service that can be asked has its words; the rest act, or give time', () => {
  const services = Object.keys((new CliWorld() as unknown as { services(): Services }).services());
  const spoken = new Set(QUESTION_NAMES.map((name) => name.split('.')[0]));
  expect(services.filter((name) => !spoken.has(name)).sort()).toEqual(['mail', 'pace', 'sleep', 'verify']);
});

describe('doctor', () => {
  test('denied: what these credentials may not ask, and nothing else of that service', async () => {
    const world = new CliWorld();
    world.principals = DENIED;
    const { of, because, data } = await asked(world, 'doctor');
    expect(because('denied')).toEqual(['who else may call models']);
    expect(of('who else may call models')?.why).toBe('these credentials may not: AccessDenied');
    // What an answer lacks is said of an answer alone.
    expect(because('beyond').join()).not.toContain('service control policies');
    expect(because('beyond').join()).not.toContain("Lambda's concurrency");
    expect(data.environments[0].findings).toContainEqual(
      expect.objectContaining({ check: 'other-callers', status: 'unknown' }),
    );
  });

  test('no credentials: all that hangs on them, with that reason', async () => {
    const world = new CliWorld();
    world.refusal = NO_CREDENTIALS;
    const { notTouched, because } = await asked(world, 'doctor');
    expect(because('noCredentials')).toEqual(notTouched.map(({ what }) => what));
    expect(because('noCredentials')).toEqual(
      expect.arrayContaining(['whose credentials these are', 'access to models']),
    );
  });

  test.each<[string, (world: CliWorld) => void, string, RegExp]>([
    [
      'a service that is away',
      (world) =>
        jest
          .spyOn(world.health.aws.quotas, 'applied')
          .mockRejectedValue(new ServiceError('unavailable', 'ServiceUnavailable', 'down', 503)),
      "Bedrock's quotas of the account",
      /no answer: ServiceUnavailable/,
    ],
    [
      'a port that answers that it does not know',
      (world) => (world.tag = { kind: 'unavailable', why: 'Cost Explorer has no data yet' }),
      'Cost Explorer, and whether the tag is active',
      /Cost Explorer has no data yet/,
    ],
    // The account of the fake does not know it.
    [
      'one model of several',
      () => undefined,
      'access to qwen.qwen3-coder-next',
      /no answer: ResourceNotFoundException/,
    ],
  ])('unanswered: %s', async (_what, change, what, why) => {
    const world = new CliWorld();
    change(world);
    const { of } = await asked(world, 'doctor');
    expect(of(what)).toMatchObject({ reason: 'unanswered', why: expect.stringMatching(why) });
  });

  test('not deployed: what only the stack can name', async () => {
    const world = new CliWorld();
    world.deployed = [];
    const { because } = await asked(world, 'doctor');
    expect(because('notDeployed')).toEqual(['who has confirmed the alert mails', 'the switch on the invoker role']);
    expect(because('notConfigured')).toContain('how many policies fit on a principal');
  });

  test('deployed, it is asked, and not in the list', async () => {
    const { because } = await asked(new CliWorld(), 'doctor');
    expect([because('notDeployed'), because('denied'), because('otherRegion')]).toEqual([[], [], []]);
  });

  test('another account: the one of these credentials and the one of the configuration are named', async () => {
    const world = new CliWorld();
    jest
      .spyOn(world.health.aws.identity, 'whoAmI')
      .mockResolvedValue({ account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ana' });
    const { because, of } = await asked(world, 'doctor', ...TWO_REGIONS);
    expect(because('otherAccount')).toContain('access to models');
    expect(of('access to models')?.why).toBe(
      'nothing more was asked: signed in to account 999999999999, deployed to 111122223333',
    );
  });

  test('another Region that the meter reads', async () => {
    const { because } = await asked(new CliWorld(), 'doctor', ...TWO_REGIONS);
    expect(because('otherRegion')).toEqual(['models, quotas and concurrency in eu-west-1']);
  });

  test('beyond the command, and beyond an answer', async () => {
    const world = new CliWorld();
    world.principals = [{ kind: 'user', name: 'ana', path: '/', policies: [] }];
    const { because } = await asked(world, 'doctor');
    expect(because('beyond')).toEqual(
      expect.arrayContaining([
        'local models',
        'access keys of users',
        'the bill, by AWS Budgets',
        'service control policies, permission boundaries, trust policies',
        'whether a call of a model is answered',
      ]),
    );
  });
});

describe('plan', () => {
  test('what came after the last read, and all that it does not ask', async () => {
    const { because, notTouched } = await asked(await spent(5), 'plan');
    expect(because('beyond')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^spend after 2026-\d\d-\d\d \d\d:\d\d UTC$/),
        'the stack and what a deployment changes in it (npx cdk diff)',
        'the bill, by AWS Budgets',
        'who else may call models',
      ]),
    );
    expect(notTouched.map(({ what }) => what)).not.toContain('what the meter has last seen');
  });

  test('not deployed: everything, and why', async () => {
    const world = new CliWorld();
    world.deployed = [];
    const { because, data } = await asked(world, 'plan');
    expect(data.environments[0].error.code).toBe('NOT_DEPLOYED');
    expect(because('notDeployed')).toEqual(expect.arrayContaining(['what the meter has last seen', 'orders in force']));
  });

  test('deployed, and its meter has not read anything', async () => {
    expect((await asked(new CliWorld(), 'plan')).because('notDeployed')).toEqual(['spend']);
  });

  test('denied: what was asked by name, the rest as not asked any more', async () => {
    const world = await spent(5);
    world.meter.state.failure = DENIED;
    const { because, data } = await asked(world, 'plan');
    expect(data.environments[0].error.code).toBe('AccessDenied');
    expect(because('denied').slice(0, 2)).toEqual(['what the meter has last seen', 'orders in force']);
  });

  test('a calibration that may not be read is named, and the plan is made without it', async () => {
    const world = await spent(5);
    jest.spyOn(world.meter.state, 'calibration').mockRejectedValue(DENIED);
    const { because, data } = await asked(world, 'plan');
    expect(because('denied')).toEqual(["the meter's calibration by the bill"]);
    expect(data.environments[0].after).toBe('open');
  });

  test('a calibration that is there counts, as it does for the meter', async () => {
    const world = await spent(8);
    // Of $10 a day; the hour has passed.
    const planned = async () => (await asked(world, 'plan')).data.environments[0] as { waitsUntil?: number };
    expect(await planned()).not.toHaveProperty('waitsUntil');
    await world.meter.state.keepCalibration({ factor: 1.5, at: world.now });
    expect(await planned()).toHaveProperty('waitsUntil');
  });

  test('a Region of the configuration that the meter has not shown', async () => {
    expect((await asked(await spent(5), 'plan', ...TWO_REGIONS)).because('otherRegion')).toEqual([
      'spend in eu-west-1',
    ]);
  });
});

describe.each(['doctor', 'plan'] as const)('%s', (command) => {
  test('environments that --env leaves out are named; without it there are none', async () => {
    const world = await spent(5);
    expect((await asked(world, command)).data.notTouched).toEqual([
      { what: 'staging', reason: 'otherEnvironment', why: 'left out by --env' },
      { what: 'prod', reason: 'otherEnvironment', why: 'left out by --env' },
    ]);
    const { json } = await world.run(command, '--json');
    expect(json().notTouched).toEqual([]);
    expect(json().environments).toHaveLength(3);
  });

  test('for people, one line a reason', async () => {
    const { stdout } = await (await spent(5)).run(command, '--env', 'dev');
    const lines = stdout.split('\n').filter((line) => line.startsWith('  not touched: '));
    expect(lines.at(-1)).toBe('  not touched: staging; prod (left out by --env)');
    expect(lines.filter((line) => line.endsWith(`(${command} does not ask)`))).toHaveLength(1);
  });
});

describe.each(['doctor', 'plan'] as const)('%s of several environments', (command) => {
  const listed = async (world: CliWorld) => {
    const { stdout } = await world.run(command);
    return { stdout, lines: stdout.split('\n').filter((line) => line.startsWith('  not touched: ')) };
  };

  test.each([
    ['nobody is signed in', (world: CliWorld) => (world.refusal = NO_CREDENTIALS)],
    ['nothing is deployed', (world: CliWorld) => (world.deployed = [])],
    ['one is deployed', () => undefined],
  ])('%s: what all have in common is said once', async (_what, change) => {
    const world = await spent(5);
    change(world);
    const { lines } = await listed(world);
    expect(lines.length).toBeGreaterThan(0);
    const said = lines.flatMap((line) => {
      const [, all = '', why] = /^  not touched: (.*) (\([^(]*\))$/.exec(line) ?? [];
      return all.split('; ').map((what) => `${what} ${why}`);
    });
    expect(said.filter((one, at) => said.indexOf(one) !== at)).toEqual([]);
    expect(said.some((one) => one.startsWith('local models'))).toBe(true);
  });

  test('what only one lacks stays with it', async () => {
    const world = await spent(5);
    const { stdout } = await listed(world);
    const [dev = '', ...others] = stdout.split('\n\n');
    const own = command === 'plan' ? 'spend after' : 'the deployed functions';
    expect(dev).toContain(own);
    expect(others.join()).not.toContain(own);
  });
});

test('a question that never ends is not an answer', () => {
  const look = new Looked();
  const services = look.watch({ quotas: { applied: () => new Promise(() => undefined) } } as unknown as Services);
  void services.quotas.applied(new AbortController().signal);
  expect(look.notTouched('x')).toContainEqual({
    what: "Bedrock's quotas of the account",
    reason: 'unanswered',
    why: 'no answer in time',
  });
});
