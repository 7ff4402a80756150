import fc from 'fast-check';
import { SpendMeterWorld, METER_ARN, LARGE_ARN } from '../../helpers/spend-meter-world';
import { MINUTE_MS } from '../../../core/calendar';
import type { Principal } from '../../../core/ports/attachments';
import type { ResourceResponse } from '../../../core/ports/cloudformation';
import { ServiceError } from '../../../core/ports/service-error';
import { parseTeardownEnv } from '../../../lambda/teardown/env';
import { makeHandler, PHYSICAL_ID } from '../../../lambda/teardown/handler';
import { FakeAttachments } from '../../../simulator/fakes/attachments';
import { FakeConcurrency } from '../../../simulator/fakes/concurrency';
import { FakeConcurrencyState } from '../../../simulator/fakes/concurrency-state';
import { FakeMeterState } from '../../../simulator/fakes/meter-state';
import { FakeScaling } from '../../../simulator/fakes/scaling';
import { FakeSessions } from '../../../simulator/fakes/sessions';
import { FakeTraffic } from '../../../simulator/fakes/traffic';
import { converge } from '../../../core/concurrency/converge';

const POLICIES = ['meter', 'large', 'bill'].map((name) => `arn:aws:iam::111122223333:policy/${name}`);
const NOW = Date.parse('2026-11-23T12:00:00Z');
const variables = {
  ENVIRONMENT: 'dev',
  POLICY_ARNS: JSON.stringify(POLICIES),
  STATE_TABLE_NAME: 'state',
  KEEPS_STATE: 'false',
  AWS_REGION: 'us-east-1',
};
const request = {
  RequestType: 'Delete',
  ResponseURL: 'https://cloudformation.example/answer',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Teardown',
};

interface Asleep {
  readonly concurrency: FakeConcurrency;
  readonly state: FakeConcurrencyState;
  readonly scaling: FakeScaling;
}

const nothingAsleep = (): Asleep => ({
  concurrency: new FakeConcurrency(() => NOW),
  state: new FakeConcurrencyState(),
  scaling: new FakeScaling(),
});

async function run(
  attachments: FakeAttachments,
  event: object = request,
  asleep = nothingAsleep(),
  functions: readonly object[] = [],
): Promise<ResourceResponse> {
  const answers: ResourceResponse[] = [];
  let now = NOW;
  const handler = makeHandler(
    {
      attachments,
      meterState: new FakeMeterState(),
      cloudFormation: { respond: async (_request, response) => void answers.push(response) },
      log: () => {},
      sleep: async (ms) => void (now += ms),
      now: () => now,
      traffic: new FakeTraffic(),
      sessions: new FakeSessions(),
      ...asleep,
    },
    parseTeardownEnv({ ...variables, MANAGED_FUNCTIONS: JSON.stringify(functions) }),
  );
  await handler(event);
  expect(answers).toHaveLength(1);
  return answers[0]!;
}

const principal = fc.record({ kind: fc.constantFrom('role', 'user', 'group'), name: fc.constantFrom('a', 'b', 'c') });
const attachment = fc.record({ policy: fc.constantFrom(...POLICIES), principal });

test('trap 18: property: whatever was attached by whomever, deleting the stack lifts it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(attachment, { maxLength: 30 }), async (attached) => {
      const attachments = new FakeAttachments();
      for (const { policy, principal: to } of attached) await attachments.attach(policy, to as Principal);
      expect(await run(attachments)).toEqual({ status: 'SUCCESS', physicalResourceId: PHYSICAL_ID });
      for (const policy of POLICIES) expect(await attachments.attachedTo(policy)).toEqual([]);
    }),
  );
});

test('one that cannot be detached fails the deletion with its name; the others are lifted', async () => {
  const attachments = new FakeAttachments((_policy, { name }) => (name === 'stuck' ? 'AccessDenied' : undefined));
  for (const name of ['a', 'stuck', 'b']) await attachments.attach(POLICIES[0]!, { kind: 'role', name });
  const answer = await run(attachments);
  expect(answer).toMatchObject({
    status: 'FAILED',
    reason: expect.stringContaining('still denied: role stuck (AccessDenied)'),
  });
  expect(await attachments.attachedTo(POLICIES[0]!)).toEqual([{ kind: 'role', name: 'stuck' }]);
});

test.each([
  [1, 'SUCCESS'],
  [2, 'SUCCESS'],
  [3, 'FAILED'],
])('Budgets attaches again %i times meanwhile: %s', async (times, status) => {
  const attachments = new FakeAttachments();
  const role = { kind: 'role', name: 'app' } as const;
  await attachments.attach(POLICIES[2]!, role);
  let left = times;
  const detach = attachments.detach.bind(attachments);
  attachments.detach = async (policy, to) => {
    const change = await detach(policy, to);
    if (left-- > 0) await attachments.attach(POLICIES[2]!, role);
    return change;
  };
  expect((await run(attachments)).status).toBe(status);
});

test('IAM is down: the deletion fails and says so, rather than hang', async () => {
  const attachments = new FakeAttachments();
  attachments.attachedTo = async () => {
    throw new Error('ServiceUnavailable');
  };
  expect(await run(attachments)).toMatchObject({
    status: 'FAILED',
    reason: expect.stringContaining('ServiceUnavailable'),
  });
});

test.each(['Create', 'Update'])(
  '%s changes nothing, and keeps the physical id: a stop survives a deploy',
  async (RequestType) => {
    const attachments = new FakeAttachments();
    await attachments.attach(POLICIES[0]!, { kind: 'role', name: 'app' });
    expect(await run(attachments, { ...request, RequestType })).toEqual({
      status: 'SUCCESS',
      physicalResourceId: PHYSICAL_ID,
    });
    expect(await attachments.attachedTo(POLICIES[0]!)).toHaveLength(1);
  },
);

test.each([
  [null],
  [{}],
  [{ RequestType: 'Delete' }],
  [{ ...request, ResponseURL: 'nowhere' }],
  [{ ...request, ResponseURL: 'http://cloudformation.example/answer' }],
  [{ ...request, ResponseURL: 'http://localhost.example/answer' }],
  [{ ...request, ResponseURL: 'file:///answer' }],
])('an event that cannot be answered is refused: %p', async (event) => {
  const attachments = new FakeAttachments();
  await attachments.attach(POLICIES[0]!, { kind: 'role', name: 'app' });
  await expect(run(attachments, event as object)).rejects.toThrow(/ResponseURL must be a URL/);
  expect(await attachments.attachedTo(POLICIES[0]!)).toHaveLength(1);
});

test.each(['http://localhost:4566/answer', 'http://127.0.0.1/answer', 'http://[::1]:4566/answer'])(
  'an emulator on this machine is answered without TLS: %s',
  async (ResponseURL) => {
    expect((await run(new FakeAttachments(), { ...request, ResponseURL })).status).toBe('SUCCESS');
  },
);

test('a wrong environment is named, and where it comes from', () => {
  expect(() => parseTeardownEnv({ ...variables, POLICY_ARNS: 'no json' })).toThrow(
    /POLICY_ARNS \(not valid JSON\).*deploy it again/,
  );
  expect(() => parseTeardownEnv({})).toThrow(/POLICY_ARNS/);
});

describe('what sleeps is woken before the records go', () => {
  const models = { functionName: 'models', optional: false, declaredElsewhere: false, idleMinutes: 15 };
  const target = { functionName: 'models', qualifier: 'live' };

  /** Put to sleep by a run of auto-stop, an hour ago. */
  async function asleepWith(value: number): Promise<Asleep> {
    const asleep = nothingAsleep();
    asleep.concurrency.deploy(target, value);
    const before = { traffic: new FakeTraffic(), sessions: new FakeSessions(), now: () => NOW + 60 * 60_000 };
    await converge({ ...asleep, ...before }, { environment: 'dev', region: 'us-east-1', functions: [models] });
    expect(asleep.concurrency.value(target)).toBe(0);
    return asleep;
  }

  test('it gets exactly what it had', async () => {
    const asleep = await asleepWith(5);
    expect(await run(new FakeAttachments(), request, asleep, [models])).toMatchObject({ status: 'SUCCESS' });
    expect(asleep.concurrency.value(target)).toBe(5);
  });

  test('an update wakes nothing', async () => {
    const asleep = await asleepWith(5);
    await run(new FakeAttachments(), { ...request, RequestType: 'Update' }, asleep, [models]);
    expect(asleep.concurrency.value(target)).toBe(0);
  });

  test('what cannot be woken fails the deletion with its name, and the denies are lifted all the same', async () => {
    const asleep = await asleepWith(5);
    asleep.concurrency.put = async () => {
      throw new ServiceError('accessDenied', 'AccessDeniedException', 'no', 403);
    };
    const attachments = new FakeAttachments();
    await attachments.attach(POLICIES[0]!, { kind: 'role', name: 'app' });
    const answer = await run(attachments, request, asleep, [models]);
    expect(answer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringMatching(/^provisioned concurrency is still lowered: models:live \(.*AccessDenied/),
    });
    expect(await attachments.attachedTo(POLICIES[0]!)).toEqual([]);
    expect([...asleep.state.items.values()][0]).toMatchObject({ saved: { value: 5 } });
  });

  test('records that cannot be read fail the deletion: the table must not go with what is owed', async () => {
    const asleep = await asleepWith(5);
    asleep.state.records = async () => {
      throw new ServiceError('unavailable', 'InternalServerError', 'down', 500);
    };
    expect(await run(new FakeAttachments(), request, asleep, [models])).toMatchObject({ status: 'FAILED' });
  });
});

describe('the meter is closed before anything is lifted', () => {
  /** A teardown beside a meter that stops everybody. */
  async function stopped() {
    const world = new SpendMeterWorld('2026-11-10T12:00:00Z');
    world.spend(0);
    await world.run(1);
    world.spend(96);
    await world.run(6);
    expect(await world.denied()).toHaveLength(3);
    return world;
  }

  async function teardown(world: SpendMeterWorld, sleep = async (ms: number) => void (world.now += ms)) {
    const answers: ResourceResponse[] = [];
    const handler = makeHandler(
      {
        attachments: world.attachments,
        meterState: world.state,
        cloudFormation: { respond: async (_request, response) => void answers.push(response) },
        log: () => {},
        sleep,
        now: () => world.now,
        traffic: new FakeTraffic(),
        sessions: new FakeSessions(),
        ...nothingAsleep(),
      },
      parseTeardownEnv({ ...variables, POLICY_ARNS: JSON.stringify([METER_ARN, LARGE_ARN]), MANAGED_FUNCTIONS: '[]' }),
    );
    await handler(request);
    return answers[0];
  }

  test('a tick that comes late attaches nothing again', async () => {
    const world = await stopped();
    expect(await teardown(world)).toMatchObject({ status: 'SUCCESS' });
    world.now += MINUTE_MS;
    expect(await world.tick()).toEqual({ kind: 'skipped', why: 'closed' });
    expect(await world.denied()).toEqual([]);
  });

  test('a tick that has read and not yet written is too late to attach', async () => {
    const world = await stopped();
    await world.attachments.detach(METER_ARN, { kind: 'role', name: 'app' });
    const calibration = world.state.calibration.bind(world.state);
    world.state.calibration = async () => {
      world.state.calibration = calibration;
      await teardown(world);
      return calibration();
    };
    expect(await world.tick()).toEqual({ kind: 'skipped', why: 'superseded' });
    expect(await world.denied()).toEqual([]);
  });

  test('a tick that acts is waited for', async () => {
    const world = await stopped();
    const state = (await world.state.latest('2026-11' as never))!;
    await world.state.save(
      { ...state, revision: state.revision + 1, claimedUntil: world.now + 30_000 },
      state.revision,
    );
    const waits: number[] = [];
    await teardown(world, async (ms) => {
      waits.push(ms);
      world.now += ms;
    });
    expect(waits).toEqual([30_000]);
    expect(await world.denied()).toEqual([]);
  });

  test('a state that cannot be read keeps nobody denied', async () => {
    const world = await stopped();
    world.state.failure = new ServiceError('unavailable', 'InternalServerError', 'down', 500);
    expect(await teardown(world)).toMatchObject({ status: 'SUCCESS' });
    expect(await world.denied()).toEqual([]);
  });
});

test('where the state outlives the stack, the deletion says what it left', async () => {
  const answers: ResourceResponse[] = [];
  const logged: unknown[] = [];
  const deps = {
    attachments: new FakeAttachments(),
    meterState: new FakeMeterState(),
    cloudFormation: { respond: async (_request: unknown, response: ResourceResponse) => void answers.push(response) },
    log: (record: unknown) => void logged.push(record),
    sleep: async () => {},
    now: () => NOW,
    traffic: new FakeTraffic(),
    sessions: new FakeSessions(),
    ...nothingAsleep(),
  };
  await makeHandler(deps, parseTeardownEnv({ ...variables, KEEPS_STATE: 'true', MANAGED_FUNCTIONS: '[]' }))(request);
  expect(answers).toMatchObject([{ status: 'SUCCESS', reason: 'kept: the state table state' }]);
  expect(logged).toContainEqual({ event: 'state.kept', table: 'state' });
});
