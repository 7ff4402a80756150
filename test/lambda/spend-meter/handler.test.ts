import { MINUTE_MS } from '../../../core/calendar';
import { stateOf, switchDocument } from '../../../core/enforcement/switch-document';
import { usd } from '../../../core/money';
import { ServiceError } from '../../../core/ports/service-error';
import { sha256 } from '../../../lambda/digest';
import { BILL_ARN, CANARY, LARGE, SpendMeterWorld, SWITCH_ARN, VARIABLES } from '../../helpers/spend-meter-world';

const SCOPE = { partition: 'aws', account: '123456789012', smallModels: ['amazon.nova-lite-v1:0'] };

/** Minutes after which whatever is new is listed: an id that nobody has configured is not known before. */
const LISTED = 20;
const EVERYBODY = ['group people', 'role app', 'user bot'];

/** Installed, looked once at an empty month, and past the first read. */
async function installed(start = '2026-11-10T12:00:00Z', overrides = {}): Promise<SpendMeterWorld> {
  const world = new SpendMeterWorld(start, overrides);
  world.usage.recordCall('us-east-1', world.now);
  await world.deploySwitch();
  await world.run(1);
  return world;
}

/** Spent hours ago, as far as the meter can tell: no rate of now. The ticks in between were lost. */
function spentEarlier(world: SpendMeterWorld, dollars: number): void {
  world.spend(dollars);
  world.now += 3 * 60 * MINUTE_MS;
}

const lastState = async (world: SpendMeterWorld) => (await world.state.latest('2026-11' as never))!;

describe('measuring and stopping', () => {
  test('just below the stop line nothing is denied; at it everybody is: roles, users and groups', async () => {
    const world = await installed();
    spentEarlier(world, 94.999999);
    await world.run(6);
    expect(await world.denied()).toEqual([]);
    expect(await world.denied('degraded')).toEqual(EVERYBODY);
    world.spend(0.000001);
    await world.run(6);
    expect(await world.denied()).toEqual(EVERYBODY);
    expect((await lastState(world)).desired).toBe('stopped');
  });

  test('one mail for the highest line newly crossed, the others in it, once', async () => {
    const world = await installed();
    spentEarlier(world, 80);
    await world.run(30);
    const thresholds = world.subjects().filter((subject) => subject.includes('reached'));
    expect(thresholds).toEqual(['[meter] dev 75% of $100.00 reached']);
    expect(world.mail.sent.find(({ subject }) => subject.includes('75%'))?.body).toContain('50% ($50.00)');
  });

  test('the status item for callers says what holds and what is spent at least', async () => {
    const world = await installed();
    world.spend(96);
    await world.run(6);
    expect(world.status.status).toMatchObject({
      desired: 'stopped',
      month: '2026-11',
      spentAtLeast: usd(96),
      limit: usd(100),
    });
    await world.run(150);
    const { complete, asOf } = world.status.status!;
    expect(complete?.spent).toBe(usd(96));
    expect(asOf - complete!.until).toBeGreaterThanOrEqual(60 * 60_000);
  });

  test('a decision goes onto the bus as a record, and auto-stop is told once', async () => {
    const world = await installed();
    const before = world.autoStop.asked;
    world.spend(96);
    await world.run(20);
    expect(world.events.events.filter(({ from, desired }) => from === 'open' && desired === 'stopped')).toHaveLength(1);
    expect(world.autoStop.asked).toBe(before + 1);
  });

  describe('trap 50: a model in extended access', () => {
    const LITE = 'amazon.nova-lite-v1:0';
    const began = Date.parse('2026-11-10T00:00:00Z');

    test('is counted at its list price as a lower bound, which still stops; the mail names it', async () => {
      const world = await installed();
      world.state.keepExtendedAccess({ [LITE]: began });
      world.spend(96);
      await world.run(6);
      const { reading, desired } = await lastState(world);
      expect(reading?.known).toMatchObject({ lowerBound: true, monthToDate: usd(96) });
      expect(reading?.known?.findings).toMatchObject([{ kind: 'untrustedPrice', understates: true }]);
      expect(desired).toBe('stopped');
      expect(world.mail.sent.some(({ body }) => body.includes(`${LITE}: in extended access`))).toBe(true);
    });

    test.each([
      ['the catalogue knows the date', { from: { [LITE]: '2026-11-10' }, ownPrice: [] }, {}, true],
      ['its date is to come', { from: { [LITE]: '2026-11-11' }, ownPrice: [] }, {}, false],
      ['the config prices it', { from: {}, ownPrice: [LITE] }, { [LITE]: began }, false],
      ['only another model has a date', { from: {}, ownPrice: [] }, { 'amazon.nova-pro-v1:0': began }, false],
    ])('%s', async (_what, access, dates, lowerBound) => {
      const world = await installed(undefined, { EXTENDED_ACCESS: JSON.stringify(access) });
      world.state.keepExtendedAccess(dates as Record<string, number>);
      world.spend(5);
      await world.run(6);
      expect((await lastState(world)).reading?.known?.lowerBound).toBe(lowerBound);
    });

    test('dates of another release are named, and cost no tick', async () => {
      const world = await installed();
      world.state.ofOtherVersion.add('dates');
      world.spend(96);
      await world.run(6);
      const { reading, desired } = await lastState(world);
      expect(desired).toBe('stopped');
      expect(reading?.known?.findings).toMatchObject([{ kind: 'untrustedPrice', understates: false }]);
    });
  });

  test("trap 39: a neighbour's $900 is reported, never counted, and stops nobody", async () => {
    const world = await installed();
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/neighbour001';
    world.profiles.add({ id: 'neighbour001', arn, modelIds: ['amazon.nova-pro-v1:0'] }, 'staging');
    world.spend(900, 'neighbour001');
    await world.run(6);
    world.now += 24 * 60 * MINUTE_MS;
    await world.run(20);
    const state = await lastState(world);
    expect(state.desired).toBe('open');
    expect(state.reading?.known?.monthToDate).toBe(0);
    expect(state.reading?.known?.foreign).toMatchObject([{ metricId: 'neighbour001', owner: 'staging' }]);
  });

  describe('trap 47: what the configuration does not name', () => {
    const OPUS = 'anthropic.claude-opus-4-1-20250805-v1:0';
    /** As the price library has them, cache writes at their dearest. */
    const PRICES = JSON.stringify({
      [OPUS]: {
        '': [15_000_000, 75_000_000, 1_500_000, 30_000_000],
        us: [15_000_000, 75_000_000, 1_500_000, 30_000_000],
      },
      'anthropic.claude-sonnet-5': { us: [2_200_000, 11_000_000, 220_000, 4_400_000] },
    });
    const profile = (world: SpendMeterWorld, modelId: string, environment?: string) => {
      const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/byhand000001';
      world.profiles.add({ id: 'byhand000001', arn, modelIds: [modelId] }, environment);
      return 'byhand000001';
    };
    /** A million tokens in, and half a million out. */
    const use = (world: SpendMeterWorld, modelId: string) => {
      const id = { namespace: 'AWS/Bedrock', region: 'us-east-1', dimensions: { ModelId: modelId } };
      world.usage.record({ ...id, metric: 'InputTokenCount' }, world.now, 1_000_000);
      world.usage.record({ ...id, metric: 'OutputTokenCount' }, world.now, 500_000);
      world.usage.recordCall('us-east-1', world.now);
    };
    const seen = async (world: SpendMeterWorld) => (await lastState(world)).reading?.known;

    test.each<[string, Partial<typeof VARIABLES>, (world: SpendMeterWorld) => string]>([
      ["a profile by hand under this environment's tag", {}, (world) => profile(world, OPUS, 'dev')],
      ['its system-defined profile', { METERING: 'account' }, () => `us.${OPUS}`],
      ['the model itself', { METERING: 'account' }, () => OPUS],
      ["somebody's profile without a tag", { METERING: 'account' }, (world) => profile(world, OPUS)],
    ])('Opus 4.1 through %s is counted at $15 and $75, not at a Sonnet’s rate', async (_what, variables, path) => {
      const world = await installed('2026-11-10T12:00:00Z', { PRICES, ...variables });
      use(world, path(world));
      await world.run(LISTED);
      expect(await seen(world)).toMatchObject({ monthToDate: usd('52.5'), unattributed: [], lowerBound: false });
      expect((await seen(world))?.byModel).toMatchObject([{ modelId: OPUS, tier: 'unknown' }]);
    });

    test('what is in no price list is counted at the dearest rate, mailed by name, and blind after 15 minutes', async () => {
      const world = await installed();
      world.spend(2, profile(world, 'maker.unheard-of-v9:0', 'dev'));
      await world.run(LISTED);
      expect(await seen(world)).toMatchObject({ monthToDate: usd(20), lowerBound: true });
      const title = '[meter] dev usage without a price, charged at the dearest rate';
      expect(world.mail.sent.find(({ subject }) => subject === title)?.body).toContain(
        'byhand000001 in us-east-1: $20.00 at the dearest known rate; real spend may be higher.',
      );
      expect(
        world.metrics.records.some(({ values }) => values.some(({ metric }) => metric.name === 'UnattributedModels')),
      ).toBe(true);
      await world.run(15);
      expect(world.mail.sent.find(({ subject }) => subject.includes('blind'))?.body).toContain(
        'real spend may be higher: us-east-1 byhand000001: no price is known',
      );
      // One mail says it, and one that the meter is blind for it.
      expect(world.mail.sent.filter(({ body }) => body.includes('byhand000001'))).toHaveLength(2);
    });
  });

  test('metering the account: a profile that another environment claims stays its own, also when it is gone', async () => {
    const world = await installed('2026-11-10T12:00:00Z', { METERING: 'account' });
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/neighbour001';
    world.profiles.add({ id: 'neighbour001', arn, modelIds: ['amazon.nova-pro-v1:0'] }, 'staging');
    world.spend(900, 'neighbour001');
    await world.run(LISTED);
    world.profiles.remove(arn);
    world.spend(900, 'neighbour001');
    await world.run(LISTED);
    expect((await lastState(world)).reading?.known?.monthToDate).toBe(0);
  });

  test('a profile that went from this environment to another is the other’s from then on, deleted or not', async () => {
    const world = await installed();
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/byhand000001';
    const of = { id: 'byhand000001', arn, modelIds: ['amazon.nova-lite-v1:0'] };
    world.profiles.add(of, 'dev');
    world.spend(10, 'byhand000001');
    await world.run(LISTED);
    expect((await lastState(world)).reading?.known?.byModel).toHaveLength(1);
    world.profiles.add(of, 'staging');
    world.spend(1, 'byhand000001');
    await world.run(LISTED);
    world.profiles.remove(arn);
    world.spend(1, 'byhand000001');
    await world.run(LISTED);
    expect((await lastState(world)).reading?.known?.byModel).toEqual([]);
  });

  test('a profile deleted by hand still counts, under its model', async () => {
    const world = await installed();
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/byhand000001';
    world.profiles.add({ id: 'byhand000001', arn, modelIds: ['amazon.nova-lite-v1:0'] }, 'dev');
    world.spend(10, 'byhand000001');
    await world.run(LISTED);
    world.profiles.remove(arn);
    world.spend(5, 'byhand000001');
    await world.run(6);
    expect((await lastState(world)).reading?.known?.monthToDate).toBe(usd(15));
  });

  test('a series that ListMetrics has forgotten after two weeks goes on counting until the month ends', async () => {
    const world = await installed('2026-11-02T00:00:00Z');
    world.spend(40, LARGE);
    await world.run(6);
    world.now += 16 * 24 * 60 * MINUTE_MS;
    world.spend(30);
    await world.run(6);
    expect((await lastState(world)).reading?.known?.monthToDate).toBe(usd(70));
  });
});

describe('unknown is not zero', () => {
  test.each(['incomplete', 'throttled', 'down', 'accessDenied'] as const)(
    'trap 21: CloudWatch %s keeps the last value, pages as blind after 15 minutes, and stops nobody',
    async (failure) => {
      const world = await installed();
      spentEarlier(world, 60);
      await world.run(6);
      world.usage.failures.set('us-east-1', failure);
      await world.run(13);
      expect(world.subjects().filter((subject) => subject.includes('blind'))).toEqual([]);
      await world.run(5);
      expect(world.subjects().filter((subject) => subject.includes('blind'))).toHaveLength(1);
      const state = await lastState(world);
      expect(state.desired).toBe('open');
      expect(state.decision.lastKnown?.monthToDate).toBe(usd(60));
      world.usage.failures.clear();
      await world.run(3);
      expect(world.subjects()).toContain('[meter] dev the meter sees again');
    },
  );

  test('onBlind stop: blind denies everybody, and seeing again lets them go', async () => {
    const world = await installed('2026-11-10T12:00:00Z', { ON_BLIND: 'stop' });
    world.usage.failures.set('us-east-1', 'down');
    await world.run(18);
    expect(await world.denied()).toEqual(EVERYBODY);
    world.usage.failures.clear();
    await world.run(3);
    expect(await world.denied()).toEqual([]);
  });

  test('profiles that cannot be listed make the reading unknown: nothing is resolved by guesswork', async () => {
    const world = await installed();
    world.profiles.failure = new ServiceError('accessDenied', 'AccessDeniedException', 'no', 403);
    world.now += 20 * MINUTE_MS;
    world.spend(99);
    await world.run(2);
    const state = await lastState(world);
    expect(state.reading?.unknown).toBe('AccessDeniedException from AWS');
    expect(state.desired).toBe('open');
  });

  test('a canary that does not show up within 15 minutes is blind; one that does is not', async () => {
    const world = await installed();
    const keep = () =>
      world.state.keepCanary({
        atMs: world.now,
        profileId: CANARY,
        profileArn: `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${CANARY}`,
        modelId: 'amazon.nova-lite-v1:0',
        inputTokens: 7,
        outputTokens: 1,
      });
    const show = (metric: string, value: number) =>
      world.usage.record(
        { namespace: 'AWS/Bedrock', region: 'us-east-1', metric, dimensions: { ModelId: CANARY } },
        world.now,
        value,
      );
    keep();
    show('InputTokenCount', 7);
    show('OutputTokenCount', 1);
    await world.run(40);
    expect(world.subjects().filter((subject) => subject.includes('blind'))).toEqual([]);
    expect((await lastState(world)).reading?.known?.monthToDate).toBe(0);
    world.now = Math.ceil(world.now / 3_600_000) * 3_600_000;
    keep();
    show('InputTokenCount', 6);
    await world.run(31);
    expect(world.subjects()).toContain('[meter] dev the meter is blind');
    expect((await lastState(world)).desired).toBe('open');
  });
});

describe('converging', () => {
  async function stopped(overrides = {}) {
    const world = await installed('2026-11-10T12:00:00Z', overrides);
    world.spend(96);
    await world.run(8);
    expect(await world.denied()).toEqual(EVERYBODY);
    return world;
  }

  test('trap 23: an admin who takes the switch off is repaired within a tick, and told', async () => {
    const world = await stopped();
    await world.attachments.detach(SWITCH_ARN, { kind: 'role', name: 'app' });
    await world.run(1);
    expect(await world.denied()).toEqual(EVERYBODY);
    expect(world.mail.sent.at(-1)).toMatchObject({
      subject: '[meter] dev somebody changed the switch; repaired',
      body: expect.stringContaining('The switch had been taken off role app') as unknown,
    });
    await world.run(3);
    expect(world.subjects().filter((subject) => subject.includes('repaired'))).toHaveLength(1);
  });

  test('an admin who puts another version in effect is repaired within a tick, and told', async () => {
    const world = await stopped();
    const open = (await world.switchVersions.list()).find(({ document }) => stateOf(document, sha256) === 'open');
    await world.switchVersions.setDefault(open!.id);
    await world.run(1);
    expect(await world.inEffect()).toBe('stopped');
    expect(world.mail.sent.at(-1)?.body).toContain(
      'the version for open had been put in effect in place of the one for stopped',
    );
    await world.run(3);
    expect(world.subjects().filter((subject) => subject.includes('repaired'))).toHaveLength(1);
  });

  test.each(['open', 'degraded', 'stopped'] as const)(
    'an admin who edits the version for %s: the next tick puts the right one in effect and the text goes',
    async (state) => {
      const world = await stopped();
      const document = switchDocument(state, SCOPE, sha256);
      world.switchVersions.edit({
        ...document,
        Statement: [{ ...document.Statement[0], Action: 'bedrock:InvokeModel' }],
      });
      expect(await world.inEffect()).toBeUndefined();
      await world.run(1);
      expect(await world.inEffect()).toBe('stopped');
      expect(await world.switchVersions.list()).toHaveLength(3);
      expect(world.subjects().filter((subject) => subject.includes('repaired'))).toHaveLength(1);
    },
  );

  test('a version that is missing when it is needed is written within the tick', async () => {
    const world = await installed();
    const stop = (await world.switchVersions.list()).find(({ document }) => stateOf(document, sha256) === 'stopped');
    await world.switchVersions.remove(stop!.id);
    world.spend(96);
    await world.run(1);
    expect(await world.denied()).toEqual(EVERYBODY);
    expect(world.switchDeploy.orders).toContain('repair');
  });

  test('everybody has the switch from the deployment on: a stop is one call', async () => {
    const world = await installed();
    expect(await world.held()).toEqual(EVERYBODY);
    const before = world.switchVersions.calls.setDefault;
    world.spend(96);
    await world.run(8);
    expect(world.switchVersions.calls.setDefault).toBe(before + 1);
  });

  test('trap 35: a principal that cannot be given the switch is paged by name once, before anything must be stopped', async () => {
    const world = new SpendMeterWorld('2026-11-10T12:00:00Z');
    world.refusals.set('bot', 'LimitExceededException');
    await world.deploySwitch();
    await world.run(10);
    const pages = world.mail.sent.filter(({ subject }) => subject.includes('no switch'));
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject({
      subject: '[meter] dev no switch, no stop: user bot',
      body: expect.stringContaining('the switch could not be attached (LimitExceededException)') as unknown,
    });
    world.spend(96);
    await world.run(8);
    expect(await world.denied()).toEqual(['group people', 'role app']);
    expect((await lastState(world)).enforcement.stoppedSince).toBeUndefined();
    world.refusals.clear();
    await world.run(2);
    expect(await world.denied()).toEqual(EVERYBODY);
    expect(world.subjects()).toContain('[meter] dev everybody has the switch');
    expect(world.subjects().filter((subject) => subject.includes('repaired'))).toEqual([]);
  });

  test('a principal that no longer exists is named; the rest goes on', async () => {
    const world = await installed();
    world.attachments.remove({ kind: 'role', name: 'app' });
    world.spend(96);
    await world.run(6);
    expect(world.subjects()).toContain('[meter] dev no switch, no stop: role app');
    expect(await world.denied()).toEqual(['group people', 'user bot']);
  });

  test('somebody whom a deployment drops while stopped is let go by it; the meter takes the switch off nobody', async () => {
    const world = await stopped();
    world.variables = { ...world.variables, PRINCIPALS: '{"roles":[],"users":[],"groups":[]}' };
    await world.run(2);
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.deploySwitch();
    expect(await world.denied()).toEqual(['role app']);
    await world.run(1);
    expect(world.subjects().filter((subject) => subject.includes('repaired'))).toEqual([]);
  });

  test('trap 59: deny-bill that no action accounts for is told once with the command, and lifted where spend is under the line', async () => {
    const world = await installed();
    world.spend(3);
    world.budgetActions.status = 'STANDBY';
    await world.attachments.attach(BILL_ARN, { kind: 'role', name: 'app' });
    await world.run(1);
    expect(await world.attachments.attachedTo(BILL_ARN)).toEqual([]);
    const told = world.mail.sent.filter(({ subject }) => subject.includes('deny-bill is left'));
    expect(told).toHaveLength(1);
    expect(told[0]?.body).toContain(`aws iam detach-role-policy --role-name app --policy-arn ${BILL_ARN}`);
  });

  test.each([
    ['its action is executed', 'EXECUTION_SUCCESS', 3, 0],
    ['spend is at the line', 'STANDBY', 95, 1],
    ['spend is just below the line', 'STANDBY', 94.999999, 1],
  ] as const)('deny-bill while %s', async (_what, status, dollars, told) => {
    const world = await installed();
    spentEarlier(world, dollars);
    await world.run(1);
    world.budgetActions.status = status;
    await world.attachments.attach(BILL_ARN, { kind: 'role', name: 'app' });
    await world.run(3);
    const isLifted = status === 'STANDBY' && dollars < 95;
    expect(await world.attachments.attachedTo(BILL_ARN)).toHaveLength(isLifted ? 0 : 1);
    expect(world.subjects().filter((subject) => subject.includes('deny-bill is left'))).toHaveLength(told);
  });

  test('spend after the stop is a leak: critical, by model, once what was in flight has had its time', async () => {
    const world = await stopped();
    world.spend(1);
    await world.run(10);
    expect(world.subjects().filter((subject) => subject.includes('CRITICAL'))).toEqual([]);
    world.spend(2, LARGE);
    await world.run(16);
    expect(world.subjects().filter((subject) => subject.includes('CRITICAL'))).toEqual([
      '[meter] dev CRITICAL: spend after the stop: amazon.nova-pro-v1:0',
    ]);
    expect(world.mail.sent.at(-1)?.body).toContain('$2.00 since the stop');
  });

  test('trap 29: running batch jobs of the environment are stopped, the others are left alone', async () => {
    const world = await installed();
    const job = (name: string, roleArn: string) => ({
      arn: `arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/${name}`,
      name,
      modelId: 'amazon.nova-lite-v1:0',
      roleArn,
    });
    const role = 'arn:aws:iam::123456789012:role/batch';
    world.batchJobs.submit(job('tagged', role), 'dev');
    world.batchJobs.submit(job('as-app', 'arn:aws:iam::123456789012:role/team/app'));
    world.batchJobs.submit(job('foreign', role), 'staging');
    world.spend(96);
    await world.run(6);
    expect((await world.batchJobs.running('us-east-1')).map(({ name }) => name)).toEqual(['foreign']);
    expect(world.subjects()).toContain('[meter] dev batch jobs stopped: 2');
  });

  test('stopBatchJobs false leaves them', async () => {
    const world = await installed('2026-11-10T12:00:00Z', { STOP_BATCH_JOBS: 'false' });
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/x';
    world.batchJobs.submit({ arn, name: 'x', modelId: 'm', roleArn: 'arn:aws:iam::1:role/app' }, 'dev');
    world.spend(96);
    await world.run(6);
    expect(await world.batchJobs.running('us-east-1')).toHaveLength(1);
  });

  test('dry run: everything is decided and mailed, nobody is denied, and what was attached is let go', async () => {
    const world = await stopped();
    world.variables = { ...world.variables, ENFORCE: 'false' };
    await world.run(1);
    expect(await world.denied()).toEqual([]);
    expect((await lastState(world)).desired).toBe('open');
    const dry = await installed('2026-11-10T12:00:00Z', { ENFORCE: 'false' });
    dry.spend(96);
    await dry.run(6);
    expect(await dry.denied()).toEqual([]);
    expect(dry.status.status?.desired).toBe('open');
    const [mail] = dry.mail.sent.filter(({ subject }) => subject.includes('95%'));
    expect(mail?.subject).toContain('dry run');
    expect(mail?.body).toContain('nobody is denied');
  });

  test('IAM that cannot be listed: the version that was told before is put in effect all the same, and the run says so', async () => {
    const world = await installed();
    world.spend(96);
    const throttled = new ServiceError('throttled', 'Throttling', 'slow down', 400);
    const attachedTo = world.attachments.attachedTo.bind(world.attachments);
    world.attachments.attachedTo = () => Promise.reject(throttled);
    world.switchVersions.refuse('list', throttled);
    world.now += 5 * MINUTE_MS;
    await expect(world.tick()).rejects.toMatchObject({ code: 'TICK_INCOMPLETE' });
    world.attachments.attachedTo = attachedTo;
    world.switchVersions.heal();
    expect(await world.denied()).toEqual(EVERYBODY);
  });
});

describe('two ticks at once, and crashes', () => {
  test('while one tick acts another does nothing; a claim that its owner left behind ends by itself', async () => {
    const world = await installed();
    world.spend(96);
    world.now += 6 * MINUTE_MS;
    const slow = world.mail.send.bind(world.mail);
    let inner: unknown;
    world.mail.send = async (mail) => {
      inner ??= await world.tick();
      await slow(mail);
    };
    await world.tick();
    expect(inner).toEqual({ kind: 'skipped', why: 'busy' });
    expect(world.subjects().filter((subject) => subject.includes('95%'))).toHaveLength(1);
  });

  test('of two ticks that read the same state one writes, and the other does nothing', async () => {
    const world = await installed();
    world.spend(96);
    world.now += 6 * MINUTE_MS;
    const results = await Promise.all([world.tick(), world.tick()]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['done', 'skipped']);
    expect(world.subjects().filter((subject) => subject.includes('95%'))).toHaveLength(1);
  });

  test('a mail that could not be sent is sent by the next tick, and an alarm tells of the first', async () => {
    const world = await installed();
    world.spend(60);
    world.now += 6 * MINUTE_MS;
    const send = world.mail.send.bind(world.mail);
    world.mail.send = () => Promise.reject(new ServiceError('unavailable', 'InternalError', 'sns', 500));
    await expect(world.tick()).rejects.toMatchObject({ code: 'TICK_INCOMPLETE' });
    world.mail.send = send;
    world.now += MINUTE_MS;
    await world.tick();
    expect(world.subjects().filter((subject) => subject.includes('50%'))).toHaveLength(1);
    expect((await lastState(world)).outbox).toEqual([]);
  });
});

describe('orders, the turn of the month, and the bill', () => {
  test('an override lets everybody go at once, and its end denies them again by re-evaluating', async () => {
    const world = await installed();
    world.spend(96);
    await world.run(8);
    await world.override(150, 2);
    await world.tick({ command: 'evaluate' });
    expect(await world.denied()).toEqual([]);
    expect(world.subjects().some((subject) => subject.includes('override until'))).toBe(true);
    expect(world.status.status?.limit).toBe(usd(150));
    world.now += 2 * 60 * MINUTE_MS;
    await world.run(1);
    expect(await world.denied()).toEqual(EVERYBODY);
    expect(world.subjects()).toContain('[meter] dev override ended, now stopped');
  });

  test('a resume right after a sudden stop is not undone by the rate of before; by the rate from then on it may be', async () => {
    const world = await installed();
    world.spend(30);
    await world.run(1);
    world.spend(30);
    await world.run(2);
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.override(110, 2);
    await world.run(1);
    expect(await world.denied()).toEqual([]);
    world.spend(20);
    await world.run(1);
    expect(await world.denied()).toEqual(EVERYBODY);
  });

  test('a manual stop holds whatever is spent, over the turn of the month too, until an override replaces it', async () => {
    const world = await installed('2026-11-30T23:50:00Z');
    await world.state.give({ kind: 'stop', stop: { since: world.now, by: 'ops', reason: 'incident' } });
    await world.run(30);
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.state.give({ kind: 'override', override: { since: world.now, by: 'ops', reason: 'over' } });
    await world.run(1);
    expect(await world.denied()).toEqual([]);
  });

  test('trap 9: at the turn of the month the stop ends by re-evaluating, though nothing else happens', async () => {
    const world = await installed('2026-11-30T23:30:00Z');
    world.spend(96);
    await world.run(29);
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.run(3);
    expect(new Date(world.now).toISOString()).toBe('2026-12-01T00:03:00.000Z');
    expect(await world.denied()).toEqual([]);
    const state = await world.state.latest('2026-12' as never);
    expect(state).toMatchObject({ month: '2026-12', desired: 'open' });
  });

  test('a deployment during a stop keeps the stop: the state is not in the template', async () => {
    const world = await installed();
    world.spend(96);
    await world.run(8);
    world.variables = { ...VARIABLES };
    await world.deploySwitch();
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.run(2);
    expect(await world.denied()).toEqual(EVERYBODY);
  });

  test('a limit lowered below what is spent pages first, and stops after the grace period', async () => {
    const world = await installed();
    spentEarlier(world, 40);
    await world.run(6);
    const lines = {
      ...(JSON.parse(VARIABLES.LINES) as object),
      limit: usd(30),
      dailyLimit: usd(30),
      hourlyBrake: usd(1000),
    };
    world.variables = { ...VARIABLES, LINES: JSON.stringify(lines) };
    await world.run(59);
    expect(await world.denied()).toEqual([]);
    expect(world.subjects().some((subject) => subject.includes('unless the limit is raised'))).toBe(true);
    await world.run(10);
    expect(await world.denied()).toEqual(EVERYBODY);
  });

  test('the budgets action is reversed during an override and armed again at its end, once the bill is under the line', async () => {
    const world = await installed();
    world.budgetActions.status = 'EXECUTION_SUCCESS';
    world.budgetActions.bill('97');
    await world.override(150, 2);
    await world.run(3);
    expect(world.budgetActions.executed).toEqual(['REVERSE_BUDGET_ACTION']);
    world.now += 2 * 60 * MINUTE_MS;
    await world.run(20);
    expect(world.budgetActions.executed).toEqual(['REVERSE_BUDGET_ACTION']);
    world.budgetActions.bill('0.5');
    await world.run(20);
    expect(world.budgetActions.executed).toEqual(['REVERSE_BUDGET_ACTION', 'RESET_BUDGET_ACTION']);
  });

  test('trap 9: an action left over from last month is lifted and armed again', async () => {
    const world = await installed('2026-11-30T22:00:00Z');
    world.budgetActions.status = 'EXECUTION_SUCCESS';
    world.budgetActions.bill('97');
    await world.run(120);
    expect(world.budgetActions.executed).toEqual([]);
    world.budgetActions.bill('0');
    await world.run(40);
    expect(world.budgetActions.executed).toEqual(['REVERSE_BUDGET_ACTION', 'RESET_BUDGET_ACTION']);
  });

  test('trap 10: a bill that fell to $0 within the month, as after an edited budget, lifts nothing', async () => {
    const world = await installed();
    world.budgetActions.status = 'EXECUTION_SUCCESS';
    world.budgetActions.bill('97');
    await world.run(20);
    world.budgetActions.bill('0');
    await world.run(60);
    expect(world.budgetActions.executed).toEqual([]);
  });

  test('trap 19: a bill that stopped something, and that the meter contradicts, pages once and offers the resume', async () => {
    const world = await installed();
    world.spend(3);
    world.budgetActions.status = 'EXECUTION_SUCCESS';
    world.budgetActions.bill('5600');
    await world.run(60);
    const pages = world.mail.sent.filter(({ subject }) => subject.includes('the bill says stop'));
    expect(pages).toHaveLength(1);
    expect(pages[0]?.body).toContain('npx spend-guard resume --env dev');
    expect(world.budgetActions.executed).toEqual([]);
  });
});

describe('bad input', () => {
  test.each([
    [null],
    ['text'],
    [{}],
    [{ source: 'aws.events' }],
    [{ command: 'stop' }],
    [{ source: 'schedule', command: 'evaluate' }],
  ])('trap 27: %j is no order to do anything', async (event) => {
    const world = await installed();
    await expect(world.tick(event)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  });
});
