import { MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { LARGE, SpendMeterWorld, VARIABLES } from '../../helpers/spend-meter-world';
import { EVERYBODY, installed, lastState, LISTED, spentEarlier } from './installed';

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
      const told = world.metrics.records.find(({ values }) =>
        values.some(({ metric }) => metric.name === 'UnattributedModels'),
      );
      expect(told?.values.map(({ metric, value }) => [metric.name, value])).toEqual([
        ['MeterMonthToDateUsd', 20],
        ['UnattributedModels', 1],
        ['Findings', 1],
      ]);
      await world.run(15);
      // Unattributed where the tick reads, blind in each.
      expect(world.metrics.latest('Findings')).toBeGreaterThanOrEqual(1);
      expect(world.metrics.latest('MeterBlind')).toBe(1);
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
