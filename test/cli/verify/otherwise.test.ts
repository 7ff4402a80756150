import { DAY_MS, HOUR_MS, MINUTE_MS, utcDay } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { parseDecimal } from '../../../core/money';
import { BILLING_TAG } from '../../../core/tags';
import { NOTHING_LEFT, removeFolders, VerifyWorld } from './verify-world';

afterEach(removeFolders);

describe('what an account may show otherwise', () => {
  test('calls are counted under the ARN', async () => {
    const world = new VerifyWorld();
    world.verify.countedUnder = (called) => [called];
    await world.verified('--yes', 'metric-names');
    expect(world.step('metric-names').findings[0]).toMatchObject({ row: 'metric-names', verdict: 'otherwise' });
  });

  test("the model's own series has them too", async () => {
    const world = new VerifyWorld();
    world.verify.countedUnder = (called) => [
      called.slice(called.lastIndexOf('/') + 1),
      'amazon.nova-lite-v1:0',
      'amazon.nova-micro-v1:0',
    ];
    await world.verified('--yes', 'metric-names');
    expect(world.step('metric-names').findings[1]).toMatchObject({ row: 'own-series', verdict: 'otherwise' });
  });

  test('nothing shows: unsettled, and no zero', async () => {
    const world = new VerifyWorld();
    world.verify.countedUnder = () => [];
    await world.verified('--yes', 'metric-names,listing-delay,metric-delay');
    const verdicts = world.record.steps.flatMap(({ findings }) => findings.map(({ verdict }) => verdict));
    expect(verdicts).toEqual(['unsettled', 'unsettled', 'unsettled', 'unsettled']);
  });

  test('CloudWatch does not answer in full: looked at again, and never taken for nothing', async () => {
    const world = new VerifyWorld();
    world.verify.usage.failures.set('us-east-1', 'incomplete');
    world.whileSleeping = () => void (world.verify.calls > 0 && world.verify.usage.failures.delete('us-east-1'));
    await world.verified('--yes', 'metric-delay');
    expect(world.step('metric-delay').findings[0]).toMatchObject({ verdict: 'shown' });
  });

  test('a deny that does not reach an open session', async () => {
    const world = new VerifyWorld();
    world.verify.denyAfterMs = HOUR_MS;
    await world.verified('--yes', 'deny-latency');
    expect(world.step('deny-latency').findings[0]).toMatchObject({
      verdict: 'otherwise',
      text: '5 of 5 denies not in effect within 120 s',
    });
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
  });

  test('IAM and STS that know a new role and policy a little later are waited for', async () => {
    const world = new VerifyWorld();
    const { roles, services } = world.verify;
    const late = <Args extends unknown[], T>(work: (...args: Args) => Promise<T>, error: ServiceError) => {
      let times = 2;
      return async (...args: Args): Promise<T> => {
        if ((times -= 1) >= 0) throw error;
        return work(...args);
      };
    };
    const absent = new ServiceError('notFound', 'NoSuchEntityException', 'not there', 404);
    roles.allow = late(roles.allow.bind(roles), absent);
    roles.attach = late(roles.attach.bind(roles), absent);
    const denied = new ServiceError('accessDenied', 'AccessDenied', 'not authorized to perform: sts:AssumeRole', 403);
    const open = late(services.sessions.open.bind(services.sessions), denied);
    const versions = new Map<string, ReturnType<typeof services.policyVersions>>();
    const policyVersions = (arn: string) => {
      const of = services.policyVersions(arn);
      const list = of.list.bind(of);
      let listed = 0;
      const one = { ...of, list: async () => ((listed += 1) === 1 ? (await list()).slice(1) : list()) };
      return versions.get(arn) ?? (versions.set(arn, one), one);
    };
    world.around = (all) => ({ ...all, verify: { ...all.verify, policyVersions, sessions: { open } } });
    await world.verified('--yes', 'deny-latency');
    expect(world.step('deny-latency')).toMatchObject({ outcome: 'done', findings: [{ verdict: 'shown' }, {}] });
  });

  test('a stream that is cut', async () => {
    const world = new VerifyWorld();
    world.verify.streamEnd = { kind: 'cut', parts: 3, why: 'AccessDeniedException: explicit deny' };
    await world.verified('--yes', 'deny-latency');
    expect(world.step('deny-latency').findings[1]).toMatchObject({ row: 'stream', verdict: 'otherwise' });
  });

  test('a listing that takes longer than AWS says', async () => {
    const world = new VerifyWorld();
    world.verify.listed.delayMs = 17 * MINUTE_MS;
    await world.verified('--yes', 'listing-delay');
    expect(world.step('listing-delay').findings[0]).toMatchObject({ verdict: 'otherwise' });
  });
});

describe('budget-tag, over days', () => {
  const known = (usd: string) => ({ kind: 'known', actual: parseDecimal(usd), currency: 'USD' }) as const;
  const bill = (world: VerifyWorld, usd: string) => {
    world.verify.billed = [
      {
        day: utcDay(world.now),
        service: 'Amazon Bedrock',
        usageType: 'x',
        amount: parseDecimal(usd),
        tags: { [BILLING_TAG]: 'dev' },
      },
    ];
  };

  test('is begun by one run and read by a later one, whatever the clock of the month says', async () => {
    const world = new VerifyWorld();
    await world.verified('--yes', 'budget-tag');
    expect(world.step('budget-tag').outcome).toBe('begun');
    expect([...world.verify.budgets.kept.values()].map(({ key, value }) => [key, value])).toEqual([
      [BILLING_TAG, 'dev'],
      [`user:${BILLING_TAG}`, 'dev'],
    ]);
    world.now += 25 * HOUR_MS;
    world.spendOf = (name) => known(name.endsWith('-plain') ? '1.5' : '0');
    await world.verified('--yes', 'budget-tag');
    expect(world.step('budget-tag')).toMatchObject({
      outcome: 'done',
      findings: [{ row: 'tag-key', verdict: 'shown' }],
    });
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
    expect(world.journal).toBeUndefined();
  });

  test('other steps leave the budgets that wait alone', async () => {
    const world = new VerifyWorld();
    await world.verified('--yes', 'budget-tag');
    world.now += DAY_MS;
    await world.verified('--yes', 'metric-names');
    expect(world.verify.left()).toEqual({ ...NOTHING_LEFT, budget: 2 });
  });

  test.each([
    ['a day', 25 * HOUR_MS, '0', '2', '3', 'otherwise', 'done'],
    ['too early', 3 * HOUR_MS, '0', '2', '3', 'unsettled', 'begun'],
    ['neither, after a day', 25 * HOUR_MS, '0', '0', '3', 'unsettled', 'begun'],
    ['neither, after two', 49 * HOUR_MS, '0', '0', '3', 'otherwise', 'done'],
    ['neither, and nothing is billed', 49 * HOUR_MS, '0', '0', '0', 'unsettled', 'begun'],
  ])('%s', async (_name, age, plain, prefixed, billed, verdict, outcome) => {
    const world = new VerifyWorld();
    await world.verified('--yes', 'budget-tag');
    world.now += age;
    world.spendOf = (name) => known(name.endsWith('-plain') ? plain : prefixed);
    bill(world, billed);
    await world.verified('--yes', 'budget-tag');
    expect(world.step('budget-tag')).toMatchObject({ outcome, findings: [{ verdict }] });
    expect(world.verify.left().budget).toBe(outcome === 'begun' ? 2 : 0);
  });

  test('under a tag that is not active nothing is made', async () => {
    const world = new VerifyWorld();
    world.tag = { kind: 'known', state: 'inactive' };
    await world.verified('--yes', 'budget-tag');
    expect(world.step('budget-tag').findings[0]!.text).toMatch(/activate it in the management account/);
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
  });

  test('a budget whose sibling cannot be made is removed again', async () => {
    const world = new VerifyWorld();
    const create = world.verify.budgets.create.bind(world.verify.budgets);
    world.verify.budgets.create = async (budget) => {
      if (budget.name.endsWith('-prefixed')) throw new ServiceError('invalid', 'InvalidParameterException', 'bad key');
      await create(budget);
    };
    await world.verified('--yes', 'budget-tag');
    expect(world.step('budget-tag')).toMatchObject({ outcome: 'failed' });
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
  });
});
