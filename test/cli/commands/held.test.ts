import { EXIT_CODES } from '../../../cli/exit-codes';
import { referenceCommand } from '../../../core/enforcement/permission-sets';
import { ServiceError } from '../../../core/errors';
import { ENV, SWITCH_ARN } from '../../helpers/health-world';
import { SWITCH_ARN as METER_SWITCH } from '../../helpers/spend-meter-world';
import { CliWorld, spent } from '../world';

const DENIED = new ServiceError('accessDenied', 'AccessDenied', 'no', 403);
const NAMED = ['--config', 'test/fixtures/named-principals.ts'];
const SETS = ['--config', 'test/fixtures/permission-sets.ts'];
const ROLE = 'AWSReservedSSO_Developer_0123456789abcdef';
const full = (count: number) => Array.from({ length: count }, (_, at) => `arn:${at}`);

interface Found {
  readonly check: string;
  readonly subject: string;
  readonly status: string;
  readonly detail: string;
  readonly fix?: string;
}

/** Whom the fixture names, with as many policies each. */
async function accountWith(count: number): Promise<CliWorld> {
  const world = await spent(5);
  for (const [kind, name] of [
    ['role', 'app'],
    ['user', 'bot'],
    ['group', 'data'],
  ] as const) {
    world.health.aws.principals.push({ kind, name, policyArns: full(count) });
  }
  return world;
}

async function found(world: CliWorld, command: 'plan' | 'doctor', ...more: string[]) {
  const { json, exitCode, stdout } = await world.run(command, '--env', 'dev', ...more, '--json');
  const environment = json().environments[0];
  const all = (command === 'plan' ? environment.unheld : environment.findings) as Found[];
  const { notTouched } = environment;
  return { exitCode, stdout, environment, notTouched, of: (check: string) => all.filter((one) => one.check === check) };
}

describe('room for the guard’s policies, before anything must be stopped', () => {
  test.each([
    [8, []],
    [9, ['warning', 'warning', 'warning']],
    [10, ['failed', 'failed', 'failed']],
  ])('plan: %d of 10 attached to whom the configuration names: %j', async (count, statuses) => {
    const { of, exitCode } = await found(await accountWith(count), 'plan', ...NAMED);
    expect(of('policy-room').map(({ status }) => status)).toEqual(statuses);
    expect(exitCode).toBe(statuses.includes('failed') ? EXIT_CODES.findings : EXIT_CODES.ok);
  });

  test('plan, before the first deploy too, where nothing else can be planned', async () => {
    const world = await accountWith(10);
    world.deployed = [];
    world.switches.clear();
    const { of, environment } = await found(world, 'plan', ...NAMED);
    expect(environment.error.code).toBe('NOT_DEPLOYED');
    expect(of('policy-room').map(({ subject }) => subject)).toEqual(['role app', 'user bot', 'group data']);
    const { stdout } = await world.run('plan', '--env', 'dev', ...NAMED);
    expect(stdout).toContain('  failed   policy-room role app: 10 of 10 managed policies attached');
    expect(stdout).toContain('fix: merge or detach managed policies');
  });

  test('plan names who is missing, and asks nothing of AWS that it may not: that was not touched', async () => {
    const missing = await spent(5);
    expect((await found(missing, 'plan', ...NAMED)).of('policy-room').map(({ detail }) => detail)).toContain(
      'this guarded role does not exist: a stop cannot reach it',
    );
    const denied = await accountWith(10);
    jest.spyOn(denied.health.aws.policyRoom, 'attached').mockRejectedValue(DENIED);
    const { of, notTouched } = await found(denied, 'plan', ...NAMED);
    expect(of('policy-room')).toEqual([]);
    expect(notTouched).toContainEqual(
      expect.objectContaining({ what: 'the switch, and room for policies, on app', reason: 'denied' }),
    );
  });

  test('signed in to another account, IAM is not asked, which is said', async () => {
    const world = await spent(5);
    jest
      .spyOn(world.health.aws.identity, 'whoAmI')
      .mockResolvedValue({ account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ana' });
    const asked = jest.spyOn(world.health.aws.policyRoom, 'attached');
    const { notTouched } = await found(world, 'plan', '--config', 'test/fixtures/two-regions.ts');
    expect(asked).not.toHaveBeenCalled();
    expect(notTouched.filter(({ reason }) => reason === 'otherAccount').map(({ what }) => what)).toContain(
      'what the switch says',
    );
  });

  test('doctor: deployed, who has no switch is out of reach, with room or without', async () => {
    const world = await accountWith(3);
    world.health.aws.principals.find(({ name }) => name === 'bot')!.policyArns = [SWITCH_ARN];
    const { of, exitCode } = await found(world, 'doctor', ...NAMED);
    expect(of('policy-room').map(({ subject, status }) => [subject, status])).toEqual([
      ['role invoker', 'ok'],
      ['role app', 'failed'],
      ['user bot', 'ok'],
      ['group data', 'failed'],
    ]);
    expect(exitCode).toBe(EXIT_CODES.findings);
  });
});

describe('the switch', () => {
  test('of this name, and no stack in the Region: a stack elsewhere has it, and what to do first', async () => {
    const world = new CliWorld();
    world.deployed = [];
    for (const command of ['plan', 'doctor'] as const) {
      expect((await found(world, command)).of('switch')).toEqual([
        expect.objectContaining({
          subject: 'spend-guard-switch-dev',
          status: 'failed',
          detail: expect.stringMatching(/^exists in account 111122223333, and not by a stack in us-east-1/),
          fix: expect.stringMatching(/^first delete SpendGuard-dev in the Region that has it/),
        }),
      ]);
      world.switches.clear();
      expect((await found(world, command)).of('switch')).toEqual([]);
      world.switches.add(ENV.SWITCH_ARN);
    }
  });

  test('in another partition it is looked for there', async () => {
    const world = new CliWorld();
    world.deployed = [];
    world.switches.add(ENV.SWITCH_ARN.replace('arn:aws:', 'arn:aws-us-gov:'));
    world.switches.delete(ENV.SWITCH_ARN);
    jest
      .spyOn(world.health.aws.identity, 'whoAmI')
      .mockResolvedValue({ account: ENV.ACCOUNT_ID, arn: `arn:aws-us-gov:iam::${ENV.ACCOUNT_ID}:user/ana` });
    expect((await found(world, 'plan')).of('switch')).toHaveLength(1);
  });

  test('deployed, whether it can stop: a version that is gone, or that nobody of the guard has written', async () => {
    const world = new CliWorld();
    world.health.aws.versions = world.health.aws.versions.slice(0, 2);
    expect((await found(world, 'doctor')).of('switch')[0]).toMatchObject({
      status: 'failed',
      detail: 'has no version for stopped',
    });
    const edited = new CliWorld();
    edited.health.switchTo(undefined);
    expect((await found(edited, 'doctor')).of('switch')[0]!.status).toBe('failed');
  });
});

describe('permission sets', () => {
  test.each([
    ['not provisioned', [], 'ok'],
    ['provisioned, with the switch', [SWITCH_ARN], 'ok'],
    ['provisioned without', ['arn:other'], 'failed'],
  ])('doctor: %s', async (_, policyArns, status) => {
    const world = new CliWorld();
    if (policyArns.length > 0) world.health.aws.principals.push({ kind: 'role', name: ROLE, policyArns });
    const [finding] = (await found(world, 'doctor', ...SETS)).of('permission-set');
    expect(finding).toMatchObject({ subject: 'Developer', status });
    if (status === 'failed') expect(finding!.fix).toContain(referenceCommand('dev'));
  });

  test('doctor, before the first deploy: the command comes after it', async () => {
    const world = new CliWorld();
    world.deployed = [];
    expect((await found(world, 'doctor', ...SETS)).of('permission-set')).toEqual([
      expect.objectContaining({
        status: 'expected',
        fix: `after that, in the management account run once: ${referenceCommand('dev')}`,
      }),
    ]);
  });

  test('plan names one whose roles have no switch, and none is looked for where none is configured', async () => {
    const world = await spent(5);
    world.health.aws.principals.push({ kind: 'role', name: ROLE, policyArns: [] });
    expect((await found(world, 'plan', ...SETS)).of('permission-set')).toHaveLength(1);
    const { of, notTouched } = await found(world, 'plan');
    expect(of('permission-set')).toEqual([]);
    expect(notTouched).toContainEqual(
      expect.objectContaining({ what: 'the switch on roles of permission sets', reason: 'notConfigured' }),
    );
  });

  test('its roles are no strangers, those of another set are', async () => {
    const world = new CliWorld();
    const allow = { Statement: { Effect: 'Allow', Action: 'bedrock:*', Resource: '*' } };
    const role = (name: string) => ({ kind: 'role', name, path: '/aws-reserved/x/', policies: [allow] }) as const;
    world.principals = [role(ROLE), role('AWSReservedSSO_Developer_Ops_0123456789abcdef')];
    const [others] = (await found(world, 'doctor', ...SETS)).of('other-callers');
    expect(others).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/^1 may call models, .*: role AWSReservedSSO_Developer_Ops_/),
      fix: expect.stringContaining('principals.permissionSets'),
    });
  });
});

describe('status', () => {
  const asked = (world: CliWorld) => world.run('status', '--env', 'dev');

  test('says what the switch says at this moment', async () => {
    const world = await spent(5);
    const { stdout, exitCode } = await asked(world);
    expect(stdout).toContain('  switch            open\n');
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect((await world.run('status', '--env', 'dev', '--json')).json().environments[0].switch).toBe('open');
  });

  test('and where it differs from what the meter has put in', async () => {
    const world = await spent(5);
    await world.meter.switchVersions.setDefault(
      (await world.meter.switchVersions.list()).find(({ isDefault }) => !isDefault)!.id,
    );
    const { stdout, exitCode } = await asked(world);
    expect(stdout).toMatch(/ {2}switch {12}(degraded|stopped), although the meter has put in open/);
    expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('what cannot be read is said, and changes nothing else', async () => {
    const world = await spent(5);
    world.meter.switchVersions.refuse('list', DENIED);
    const { stdout, exitCode } = await asked(world);
    expect(stdout).toContain('  switch            not read: AccessDenied');
    expect(exitCode).toBe(EXIT_CODES.ok);
    const older = await spent(5);
    for (const one of older.deployed) delete (one.variables as Record<string, string>)['SWITCH_ARN'];
    expect((await asked(older)).stdout).toContain('not read: the deployed guard names none');
    expect(METER_SWITCH).not.toBe(SWITCH_ARN);
  });
});
