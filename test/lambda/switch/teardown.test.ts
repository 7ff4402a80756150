import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, utcMonth } from '../../../core/calendar';
import { converge } from '../../../core/concurrency/converge';
import type { Principal } from '../../../core/enforcement/ports';
import { ServiceError } from '../../../core/errors';
import { PHYSICAL_ID } from '../../../lambda/switch/handler';
import { FakeConcurrency } from '../../../simulator/fakes/concurrency';
import { FakeConcurrencyState } from '../../../simulator/fakes/concurrency-state';
import { FakeScaling } from '../../../simulator/fakes/scaling';
import { FakeSessions } from '../../../simulator/fakes/sessions';
import { FakeTraffic } from '../../../simulator/fakes/traffic';
import { DENY_BILL_ARN, SWITCH_ARN, SwitchWorld } from '../../helpers/switch-world';
import { statesIn } from '../../helpers/switch-texts';

const POLICIES = [SWITCH_ARN, DENY_BILL_ARN];
const DELETED = { status: 'SUCCESS', physicalResourceId: PHYSICAL_ID };
const role = (name: string): Principal => ({ kind: 'role', name });
const down = () => new ServiceError('unavailable', 'InternalServerError', 'down', 500);

/** A deployed switch; in effect is what a tick has put so. */
async function deployed(want: 'open' | 'stopped' = 'open'): Promise<SwitchWorld> {
  const world = new SwitchWorld({ smallModels: ['amazon.nova-lite-v1:0'], roles: ['app', 'batch'], users: [] });
  await world.request('Create');
  world.want = want;
  await world.tick();
  world.now += MINUTE_MS;
  return world;
}

async function expectNothingLeft(world: SwitchWorld): Promise<void> {
  const versions = await world.policy.list();
  expect([statesIn(versions), versions.length]).toEqual([['open'], 1]);
  for (const policy of POLICIES) expect(await world.attachments.attachedTo(policy)).toEqual([]);
}

const principal = fc.record({ kind: fc.constantFrom('role', 'user', 'group'), name: fc.constantFrom('a', 'b', 'c') });
const attachment = fc.record({ policy: fc.constantFrom(...POLICIES), principal });

test('trap 18: property: whatever was attached by whomever, deleting the stack lifts it, in whatever state', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(attachment, { maxLength: 30 }),
      fc.constantFrom('open' as const, 'stopped' as const),
      async (attached, state) => {
        const world = await deployed(state);
        for (const { policy, principal: to } of attached) await world.attachments.attach(policy, to as Principal);
        expect(await world.request('Delete')).toEqual(DELETED);
        await expectNothingLeft(world);
        expect(await world.request('Delete')).toEqual(DELETED);
      },
    ),
    { numRuns: 30 },
  );
});

test('one that cannot be detached fails the deletion with its name; the others are lifted, and the switch is open', async () => {
  const world = await deployed('stopped');
  const detach = world.attachments.detach.bind(world.attachments);
  world.attachments.detach = async (policy, to) =>
    to.name === 'app' ? { kind: 'failed', why: 'AccessDenied' } : detach(policy, to);
  expect(await world.request('Delete')).toMatchObject({
    status: 'FAILED',
    reason: expect.stringContaining('still attached: role app (AccessDenied)'),
  });
  expect(await world.attachments.attachedTo(SWITCH_ARN)).toEqual([role('app')]);
  expect(await world.inEffect()).toBe('open');
});

test('permission sets that still refer to the switch fail it, with the command that ends it, each set once; nobody stays denied', async () => {
  const world = await deployed('stopped');
  for (const name of ['Developer_0123456789abcdef', 'Developer_fedcba9876543210', 'Data_Team_0123456789abcdef']) {
    world.attachments.provision(SWITCH_ARN, role(`AWSReservedSSO_${name}`));
  }
  const answer = await world.request('Delete');
  expect(answer).toMatchObject({
    status: 'FAILED',
    reason: expect.stringMatching(
      /\. Permission sets still refer to the switch \(Developer, Data_Team\): .*aws sso-admin detach-customer-managed-policy-reference-from-permission-set .*Name=spend-guard-switch-dev,Path=\/spend-guard\//,
    ),
  });
  expect(answer?.reason).toContain('role AWSReservedSSO_Developer_0123456789abcdef (UnmodifiableEntityException)');
  expect(await world.inEffect()).toBe('open');
  expect(await world.attachments.attachedTo(SWITCH_ARN)).toHaveLength(3);
});

test.each([
  [1, 'SUCCESS'],
  [2, 'SUCCESS'],
  [3, 'FAILED'],
])('Budgets attaches again %i times meanwhile: %s', async (times, status) => {
  const world = await deployed();
  const { attachments } = world;
  await attachments.attach(DENY_BILL_ARN, role('app'));
  let left = times;
  const detach = attachments.detach.bind(attachments);
  attachments.detach = async (policy, to) => {
    const change = await detach(policy, to);
    if (policy === DENY_BILL_ARN && left-- > 0) await attachments.attach(DENY_BILL_ARN, role('app'));
    return change;
  };
  expect((await world.request('Delete'))?.status).toBe(status);
});

test.each<[string, (world: SwitchWorld) => void]>([
  ['who has a policy', (world) => void (world.attachments.failure = down())],
  ['the versions', (world) => world.policy.refuse('list', down())],
])('IAM does not tell %s: the deletion fails and says so, rather than hang', async (_what, breakIt) => {
  const world = await deployed('stopped');
  breakIt(world);
  expect(await world.request('Delete')).toMatchObject({
    status: 'FAILED',
    reason: expect.stringContaining('InternalServerError'),
  });
});

test('versions that cannot be deleted fail it: CloudFormation could not delete the policy; everybody is let go all the same', async () => {
  const world = await deployed('stopped');
  world.policy.refuse('remove', new ServiceError('accessDenied', 'AccessDenied', 'no', 403));
  expect(await world.request('Delete')).toMatchObject({
    status: 'FAILED',
    reason: expect.stringContaining('AccessDenied'),
  });
  for (const policy of POLICIES) expect(await world.attachments.attachedTo(policy)).toEqual([]);
  expect(await world.inEffect()).toBe('open');
});

test('a policy that somebody has deleted by hand keeps nothing', async () => {
  const world = await deployed();
  world.policy.gone();
  world.attachments.remove(SWITCH_ARN);
  expect(await world.request('Delete')).toEqual(DELETED);
});

test.each(['http://localhost:4566/answer', 'http://127.0.0.1/answer', 'http://[::1]:4566/answer'])(
  'an emulator on this machine is answered without TLS: %s',
  async (ResponseURL) => {
    const world = await deployed();
    expect(await world.function({ RequestType: 'Delete', ResponseURL })).toEqual(DELETED);
  },
);

describe('what sleeps is woken before the records go', () => {
  const models = { functionName: 'models', optional: false, declaredElsewhere: false, idleMinutes: 15 };
  const target = { functionName: 'models', qualifier: 'live' };

  /** Put to sleep by a run of auto-stop, an hour ago. */
  async function asleepWith(value: number) {
    const world = await deployed('stopped');
    const asleep = {
      concurrency: new FakeConcurrency(() => world.now),
      state: new FakeConcurrencyState(),
      scaling: new FakeScaling(),
    };
    asleep.concurrency.deploy(target, value);
    const then = world.now + HOUR_MS;
    const before = { traffic: new FakeTraffic(), sessions: new FakeSessions(), now: () => then };
    await converge({ ...asleep, ...before }, { environment: 'dev', region: 'us-east-1', functions: [models] });
    expect(asleep.concurrency.value(target)).toBe(0);
    world.deps = { ...asleep, sleep: async (ms) => void (world.now += ms) };
    world.env = { ...world.env, MANAGED_FUNCTIONS: [models] };
    return { world, asleep };
  }

  test('it gets exactly what it had', async () => {
    const { world, asleep } = await asleepWith(5);
    expect(await world.request('Delete')).toMatchObject({ status: 'SUCCESS' });
    expect(asleep.concurrency.value(target)).toBe(5);
  });

  test('an update wakes nothing', async () => {
    const { world, asleep } = await asleepWith(5);
    await world.request('Update');
    expect(asleep.concurrency.value(target)).toBe(0);
  });

  test('what cannot be woken fails the deletion with its name, and everybody is let go all the same', async () => {
    const { world, asleep } = await asleepWith(5);
    asleep.concurrency.put = async () => {
      throw new ServiceError('accessDenied', 'AccessDeniedException', 'no', 403);
    };
    expect(await world.request('Delete')).toMatchObject({
      status: 'FAILED',
      reason: expect.stringMatching(/^provisioned concurrency is still lowered: models:live \(.*AccessDenied/),
    });
    await expectNothingLeft(world);
    expect([...asleep.state.items.values()][0]).toMatchObject({ saved: { value: 5 } });
  });

  test('records that cannot be read fail the deletion: the table must not go with what is owed', async () => {
    const { world, asleep } = await asleepWith(5);
    asleep.state.records = async () => {
      throw down();
    };
    expect(await world.request('Delete')).toMatchObject({ status: 'FAILED' });
  });
});

describe('the meter is closed before anything is lifted', () => {
  test('a tick that comes late attaches nothing again', async () => {
    const world = await deployed('stopped');
    expect(await world.request('Delete')).toMatchObject({ status: 'SUCCESS' });
    world.now += MINUTE_MS;
    expect(await world.tick()).toBeUndefined();
    await expectNothingLeft(world);
  });

  test('a tick that has read and not yet written is too late to attach', async () => {
    const world = await deployed('stopped');
    await world.attachments.detach(SWITCH_ARN, role('app'));
    const save = world.state.save.bind(world.state);
    world.state.save = async (state, replaces) => {
      world.state.save = save;
      await world.request('Delete');
      return save(state, replaces);
    };
    expect(await world.tick()).toBeUndefined();
    await expectNothingLeft(world);
  });

  test('a tick that acts is waited for', async () => {
    const world = await deployed('stopped');
    const state = (await world.state.latest(utcMonth(world.now)))!;
    const claimed = { ...state, revision: state.revision + 1, claimedUntil: world.now + 30_000 };
    await world.state.save(claimed, state.revision);
    const waits: number[] = [];
    world.deps = {
      sleep: async (ms) => {
        waits.push(ms);
        world.now += ms;
      },
    };
    expect(await world.request('Delete')).toMatchObject({ status: 'SUCCESS' });
    expect(waits).toEqual([30_000]);
    await expectNothingLeft(world);
  });

  test('a state that cannot be read keeps nobody denied', async () => {
    const world = await deployed('stopped');
    world.state.failure = down();
    expect(await world.request('Delete')).toMatchObject({ status: 'SUCCESS' });
    await expectNothingLeft(world);
  });
});

test('where the state outlives the stack, the deletion says what it left', async () => {
  const world = await deployed();
  const logged: unknown[] = [];
  world.deps = { log: (record) => void logged.push(record) };
  world.env = { ...world.env, KEEPS_STATE: 'true' };
  expect(await world.request('Delete')).toEqual({ ...DELETED, reason: 'kept: the state table state' });
  expect(logged).toContainEqual({ event: 'state.kept', table: 'state' });
});
