import { ServiceError } from '../../../core/errors';
import { formatUsd, parseDecimal, type NanoUsd } from '../../../core/money';
import type { SpendersOfMonth } from '../../../core/spenders';
import { callerOf } from '../../../core/spenders/caller';
import type { CostCheckResult } from '../../../lambda/cost-check/handler';
import type { SpendersAnswer } from '../../../lambda/cost-check/read-spenders';
import type { InvocationRecord } from '../../../simulator/fakes/invocation-log';
import { invocationRecords, PROMPT } from '../../fixtures/invocation-records';
import { shippedModel } from '../../helpers/spend-meter-world';
import { costCheck, item, NOW, type World } from './harness';

const ACCOUNT = '111122223333';
const GROUP = '/bedrock/invocations';
const YESTERDAY = '2026-11-22';
const user = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;
const set = (name: string, who: string) =>
  `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_${name}_0123456789abcdef/${who}`;
const shared = (who: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/shared/${who}`;
const profile = (id: string) => `arn:aws:bedrock:us-east-1:${ACCOUNT}:application-inference-profile/${id}`;

/** Dollars per million tokens: input, output, cache read, cache write. */
const LIST: Readonly<Record<string, readonly [string, string, string, string]>> = {
  'amazon.nova-lite-v1:0': ['0.06', '0.24', '0.015', '0.06'],
  'anthropic.claude-haiku-4-5-20251001-v1:0': ['1.1', '5.5', '0.11', '1.375'],
};
const pico = (prices: readonly string[]) => prices.map((price) => Math.round(Number(price) * 1e6));
const [LITE = '', HAIKU = ''] = Object.keys(LIST);

const METERED: World['variables'] = {
  METERING: 'account',
  IDENTITY: 'direct',
  MODELS: JSON.stringify([shippedModel(LITE, 'small', { profile: 'lite', price: pico(LIST[LITE]!) })]),
  PROFILE_IDS: '{"lite":"litelitelite"}',
  PRICES: JSON.stringify({ [HAIKU]: { us: pico(LIST[HAIKU]!) } }),
};
const withLog = (records: readonly InvocationRecord[], over: Partial<World> = {}): World => ({
  now: NOW,
  logs: { [GROUP]: records },
  ...over,
  variables: { ...METERED, SPENDERS_LOG_GROUP: GROUP, ...over.variables },
});

const day = (of: string, over: Partial<Parameters<typeof invocationRecords>[0]> = {}) =>
  invocationRecords({
    ...{ day: of, account: ACCOUNT, calls: 500, seed: Number(of.slice(-2)) },
    arns: [user('alice'), set('Admin', 'bob'), set('Dev', 'bob'), set('Dev', 'Bob'), shared('alice'), shared('ci')],
    modelIds: [
      profile('litelitelite'),
      LITE,
      `us.${HAIKU}`,
      `arn:aws:bedrock:us-east-1:${ACCOUNT}:inference-profile/us.${HAIKU}`,
    ],
    ...over,
  });

function answerOf(result: CostCheckResult): SpendersAnswer {
  if (result.kind !== 'spenders') throw new Error(result.kind);
  return result;
}

function callersOf({ callers }: SpendersOfMonth) {
  if (callers?.kind !== 'known') throw new Error(JSON.stringify(callers));
  return callers.value;
}

/** By another path: each record for itself, in whole dollars × 10^-15, without the code under test. */
function independently(
  records: readonly InvocationRecord[],
  nameOf: (arn: string) => string,
): Readonly<Record<string, bigint>> {
  const sums: Record<string, bigint> = {};
  for (const { identity, modelId = '', input = {}, output = {} } of records) {
    const found = Object.keys(LIST).find((id) => modelId.endsWith(id)) ?? LITE;
    const counts = [
      input.inputTokenCount ?? 0,
      output.outputTokenCount ?? 0,
      input.cacheReadInputTokenCount ?? 0,
      input.cacheWriteInputTokenCount ?? 0,
    ];
    const cost = LIST[found]!.reduce((sum, price, at) => {
      const { digits, scale } = parseDecimal(price);
      return sum + BigInt(counts[at]!) * digits * 10n ** BigInt(9 - scale);
    }, 0n);
    const name = nameOf(identity?.arn ?? '');
    sums[name] = (sums[name] ?? 0n) + cost;
  }
  return sums;
}

/** Half a cent up. */
function inCents(sums: Readonly<Record<string, bigint>>): Readonly<Record<string, string>> {
  const cents = (sum: bigint) => (sum + 5n * 10n ** 12n) / 10n ** 13n;
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [
      name,
      `$${cents(sum) / 100n}.${String(cents(sum) % 100n).padStart(2, '0')}`,
    ]),
  );
}

test('figures by person to the cent, over four days of records, as each record for itself comes to', async () => {
  const records = ['2026-11-19', '2026-11-20', '2026-11-21', YESTERDAY].flatMap((of) => day(of));
  const check = costCheck(withLog(records));
  await check.scheduled();
  const { spenders } = answerOf(await check.handler({ by: 'spenders', month: '2026-11' }));
  const sums: Record<string, number> = {};
  for (const { arn, amount } of callersOf(spenders).usage) {
    const { person = arn.split('assumed-role/')[1]! } = callerOf(arn);
    sums[person] = (sums[person] ?? 0) + amount!;
  }
  const nameOf = (arn: string) =>
    arn.includes('SSO') || arn.includes(':user/') ? arn.split('/').at(-1)! : arn.split('assumed-role/')[1]!;
  const expected = inCents(independently(records, nameOf));
  expect(Object.keys(expected).sort()).toEqual(['Bob', 'alice', 'bob', 'shared/alice', 'shared/ci']);
  expect(Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, formatUsd(sum as NanoUsd)]))).toEqual(
    expected,
  );
  expect(callersOf(spenders).unknown).toEqual([]);
  expect(callersOf(spenders).usage.reduce((all, { calls }) => all + calls, 0)).toBe(2_000);
});

test('the daily report has the top of the month so far, and what a person spent is one line', async () => {
  const check = costCheck(withLog(day(YESTERDAY)));
  const { spenders } = await check.onDemand();
  if (spenders?.kind !== 'known') throw new Error(JSON.stringify(spenders));
  expect(spenders.value.top.map(({ name, isPerson }) => [name, isPerson])).toEqual(
    expect.arrayContaining([
      ['alice', true],
      ['bob', true],
      ['Bob', true],
      ['shared/alice', false],
      ['shared/ci', false],
    ]),
  );
  expect(spenders.value.source).toBe('invocationLogs');
  expect(spenders.value.unknown).toEqual([
    '2026-11-01 and 17 more to 2026-11-18: it was not read: only the last whole day is, and up to three before it',
    expect.stringMatching(/^2026-11-19 and 2 more to 2026-11-21: nothing was logged/),
  ]);
});

test('nothing of what was said is kept, reported, mailed or logged', async () => {
  const check = costCheck(withLog(day(YESTERDAY)));
  const result = await check.scheduled();
  const asked = await check.handler({ by: 'spenders', month: '2026-11' });
  const all = [result, asked, [...check.spenders.kept], check.mail, check.metrics];
  expect(JSON.stringify(all)).not.toContain(PROMPT);
  expect(JSON.stringify(all)).toContain('alice');
});

test('what was scanned is in the log and in the answer: it is paid for by the gigabyte', async () => {
  const check = costCheck(withLog(day(YESTERDAY)));
  await check.scheduled();
  const { bytesScanned } = callersOf(answerOf(await check.handler({ by: 'spenders', month: '2026-11' })).spenders);
  expect(bytesScanned).toBeGreaterThan(100_000);
  expect(check.metrics.records.at(-1)!.fields).toMatchObject({ event: 'cost.reported', bytesScanned });
  await check.onDemand();
  expect(check.metrics.records.at(-1)!.fields['bytesScanned']).toBe(0);
});

describe('a day is asked for once', () => {
  const asked = (days: readonly string[]) => days.map((of) => `${GROUP} ${of}`);
  const DAY_MS = 86_400_000;

  test('at first the last whole day and three before it; then the one that has come since', async () => {
    const records = ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', YESTERDAY, '2026-11-23'].flatMap((of) =>
      day(of, { calls: 20 }),
    );
    const check = costCheck(withLog(records));
    await check.onDemand();
    expect(check.invocationLog.asked.sort()).toEqual(asked(['2026-11-19', '2026-11-20', '2026-11-21', YESTERDAY]));
    await check.onDemand();
    expect(check.invocationLog.asked).toHaveLength(4);
    check.pass(DAY_MS);
    await check.onDemand();
    expect(check.invocationLog.asked.slice(4)).toEqual(asked(['2026-11-23']));
  });

  test('one that was slow is asked for again the next day, and the others are not', async () => {
    const records = ['2026-11-19', '2026-11-20', '2026-11-21', YESTERDAY, '2026-11-23'].flatMap((of) =>
      day(of, { calls: 20 }),
    );
    const check = costCheck(withLog(records));
    check.invocationLog.failure = (of) => (of === YESTERDAY ? { kind: 'slow', seconds: 12 } : undefined);
    const { spenders } = await check.onDemand();
    expect(JSON.stringify(spenders)).toContain(`${YESTERDAY}: Logs Insights had not answered after 12 seconds`);
    delete check.invocationLog.failure;
    check.pass(DAY_MS);
    await check.onDemand();
    expect(check.invocationLog.asked.slice(4).sort()).toEqual(asked([YESTERDAY, '2026-11-23']));
  });

  test('where nobody can see what was read before, nothing is asked for: it would be paid for each day', async () => {
    const check = costCheck(withLog(day(YESTERDAY)));
    check.spenders.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
    const { spenders } = await check.onDemand();
    expect(spenders).toEqual({ kind: 'unavailable', why: 'ThrottlingException from AWS' });
    expect(check.invocationLog.asked).toEqual([]);
  });

  test('on demand for a month no query is run', async () => {
    const check = costCheck(withLog(day(YESTERDAY)));
    const { spenders } = answerOf(await check.handler({ by: 'spenders', month: '2026-11' }));
    expect(check.invocationLog.asked).toEqual([]);
    expect(callersOf(spenders).days).toEqual([]);
    expect(callersOf(spenders).missing).toHaveLength(22);
  });
});

describe('bad logs: the report goes out, and says why nobody is named', () => {
  const one = day(YESTERDAY, { calls: 1 })[0]!;
  test.each<[string, readonly InvocationRecord[] | undefined, RegExp]>([
    ['missing', undefined, /there is no log group/],
    ['empty', [], /nothing was logged/],
    ['of another format', [{ timestamp: one.timestamp, message: 'hello' }], /none of the 1 records/],
    ['without token counts', [{ ...one, input: {}, output: {} }], /no token counts/],
  ])('%s', async (_what, records, why) => {
    const world = withLog(records ?? [], records ? {} : { logs: {} });
    const check = costCheck(world);
    const result = await check.scheduled();
    expect(result).toMatchObject({
      kind: 'reported',
      mailed: true,
      report: { spenders: { kind: 'unavailable', why: expect.stringMatching(why) } },
    });
    expect(check.spenders.kept.size).toBe(0);
  });

  test.each<[string, Error, string]>([
    ['refused', new ServiceError('accessDenied', 'AccessDeniedException', 'no'), 'AccessDeniedException from AWS'],
    ['a defect', new TypeError('boom'), 'TypeError: boom'],
  ])('%s', async (_what, failure, why) => {
    const check = costCheck(withLog(day(YESTERDAY)));
    check.invocationLog.failure = () => failure;
    expect((await check.onDemand()).spenders).toEqual({ kind: 'unavailable', why });
  });

  test('records without a caller are in the total by no name', async () => {
    const nobody = day(YESTERDAY, { calls: 10 }).map((record) => ({ ...record, identity: {} }));
    const { spenders } = await costCheck(withLog(nobody)).onDemand();
    expect(spenders).toMatchObject({ kind: 'known', value: { top: [] } });
    if (spenders?.kind === 'known') expect(spenders.value.nameless).toBe(spenders.value.total);
    if (spenders?.kind === 'known') expect(spenders.value.total).toBeGreaterThan(0);
  });
});

test('a group of 10,000 behind one answer that holds 9,000 rows: the rest is unknown, not nothing', async () => {
  const arns = Array.from({ length: 10_000 }, (_, at) => user(`u${at}`));
  const records = arns.map((arn, at): InvocationRecord => ({
    ...{ schemaType: 'ModelInvocationLog', timestamp: `${YESTERDAY}T12:00:00Z`, modelId: LITE, identity: { arn } },
    ...{ input: { inputTokenCount: 100 }, output: { outputTokenCount: at } },
  }));
  const check = costCheck(withLog(records));
  check.invocationLog.mostRows = 9_000;
  await check.onDemand();
  const { usage, rest, unknown } = callersOf(
    answerOf(await check.handler({ by: 'spenders', month: '2026-11' })).spenders,
  );
  expect(unknown).toEqual([{ day: YESTERDAY, why: 'beyondRows', calls: 1_000 }]);
  expect(usage.length + rest[0]!.callers).toBe(9_000);
  // The dearest are those who had the longest answers, and stand by name.
  expect(usage[0]!.arn).toBe(user('u9999'));
});

test('a neighbour’s profile in the same log is apart, and counts nowhere here (trap 39)', async () => {
  const records = day(YESTERDAY, { calls: 40, modelIds: [profile('theirs'), profile('litelitelite')] });
  const check = costCheck(withLog(records, { variables: { METERING: 'profiles', IDENTITY: 'profile' } }));
  check.profiles.add({ arn: profile('theirs'), id: 'theirs', modelIds: [LITE] }, 'staging');
  await check.onDemand();
  const { usage, apart } = callersOf(answerOf(await check.handler({ by: 'spenders', month: '2026-11' })).spenders);
  const theirs = records.filter(({ modelId }) => modelId === profile('theirs')).length;
  expect(apart).toEqual([{ day: YESTERDAY, owner: 'staging', calls: theirs }]);
  expect(usage.reduce((all, { calls }) => all + calls, 0)).toBe(40 - theirs);
});

test('a log group is of one Region: what is used in others is said to be unread', async () => {
  const check = costCheck(withLog(day(YESTERDAY), { variables: { METER_REGIONS: '["us-east-1","us-west-2"]' } }));
  const { spenders } = await check.onDemand();
  expect(JSON.stringify(spenders)).toContain('calls in us-west-2: the log group is of another Region');
});

describe('by the tag', () => {
  const TAG = 'iamPrincipal/team';
  const tagged = (of: string, amount: string, team?: string) =>
    item(of, amount, { environment: '', tags: team === undefined ? {} : { [TAG]: team } });
  const world = (over: Partial<World> = {}): World => ({
    now: NOW,
    items: [tagged('2026-11-20', '3', 'search'), tagged('2026-11-21', '1', 'ads'), tagged('2026-11-21', '1')],
    ...over,
    variables: { IDENTITY: 'direct', METERING: 'account', SPENDERS_TAG: 'team', ...over.variables },
  });

  test('the report has its values, for one request more', async () => {
    const [without, with_] = [costCheck(world({ variables: { SPENDERS_TAG: undefined } })), costCheck(world())];
    const [plain, report] = [await without.onDemand(), await with_.onDemand()];
    expect(report.requests).toBe(plain.requests + 1);
    expect(plain).not.toHaveProperty('spenders');
    expect(report.spenders).toMatchObject({
      kind: 'known',
      value: { source: 'principalTag', total: 5e9, nameless: 1e9, top: [{ name: 'search' }, { name: 'ads' }] },
    });
  });

  test('spend and no value is unknown, with the fix (trap 25)', async () => {
    const { spenders } = await costCheck(world({ items: [tagged('2026-11-20', '3')] })).onDemand();
    expect(spenders).toEqual({ kind: 'unavailable', why: expect.stringMatching(/'team'.*activate/) });
  });

  test('no bill yet is unknown', async () => {
    const { spenders } = await costCheck(world({ items: [] })).onDemand();
    expect(spenders).toEqual({ kind: 'unavailable', why: expect.stringMatching(/no line/) });
  });

  test('a bill that cannot be read is asked nothing more', async () => {
    const check = costCheck(world({ failure: () => ({ why: 'down', retryable: false }) }));
    const report = await check.onDemand();
    expect(report.spenders).toEqual({ kind: 'unavailable', why: 'down' });
    expect(check.costExplorer.queries).toHaveLength(1);
  });

  test('the log is missing: the tag stands in, and it is said', async () => {
    const { spenders } = await costCheck(world({ variables: { SPENDERS_LOG_GROUP: GROUP } })).onDemand();
    expect(spenders).toMatchObject({
      kind: 'known',
      value: { source: 'principalTag', unknown: [expect.stringMatching(/^by the invocation log: .*no log group/)] },
    });
  });
});

describe('on demand', () => {
  const month = (over: Partial<World> = {}) =>
    costCheck({
      now: NOW,
      items: [item('2026-10-02', '2'), item('2026-10-02', '1', { environment: 'staging' })],
      ...over,
    });

  test('the bill of a month by day, model and service, of this environment alone, and what it cost to ask', async () => {
    const check = month();
    expect(await check.handler({ by: 'spenders', month: '2026-10' })).toEqual({
      kind: 'spenders',
      spenders: { month: '2026-10' },
      bill: {
        kind: 'known',
        value: [{ day: '2026-10-02', model: 'NovaLite', service: 'Amazon Bedrock Service', amount: 2e9 }],
      },
      requests: 2,
    });
    expect(check.mail.sent).toEqual([]);
  });

  test('nothing of Bedrock on the bill: known and empty, for one request', async () => {
    const items = [item('2026-10-02', '2', { service: 'Amazon EC2' })];
    expect(await month({ items }).handler({ by: 'spenders', month: '2026-10' })).toMatchObject({
      bill: { kind: 'known', value: [] },
      requests: 1,
    });
  });

  test('Cost Explorer is down: unknown, and the log’s days all the same', async () => {
    const check = costCheck(withLog(day(YESTERDAY), { failure: () => ({ why: 'down', retryable: true }) }));
    await check.onDemand();
    const answer = answerOf(await check.handler({ by: 'spenders', month: '2026-11' }));
    expect(answer.bill).toEqual({ kind: 'unavailable', why: 'down' });
    expect(callersOf(answer.spenders).days).toEqual([YESTERDAY]);
  });

  test('with a tag one request more, and the month by its values', async () => {
    const items = [item('2026-10-02', '2', { tags: { 'iamPrincipal/team': 'search' } })];
    const variables = { SPENDERS_TAG: 'team', IDENTITY: 'direct', METERING: 'account' } as const;
    expect(await month({ items, variables }).handler({ by: 'spenders', month: '2026-10' })).toMatchObject({
      spenders: { tagged: { kind: 'known', value: { tag: 'team', spend: [{ value: 'search', amount: 2e9 }] } } },
      requests: 3,
    });
  });

  test.each([
    [{ by: 'person', month: '2026-11' }, /by must be 'spenders'/],
    [{ by: 'spenders' }, /month must be/],
    [{ by: 'spenders', month: '2026-13' }, /month must be/],
    [{ by: 'spenders', month: '2026-1' }, /month must be/],
    [{ by: 'spenders', month: '2026-12' }, /not after this one \(2026-11\)/],
  ])('refused: %j', async (event, why) => {
    await expect(month().handler(event)).rejects.toMatchObject({
      code: 'EVENT_INVALID',
      message: expect.stringMatching(why),
    });
  });
});
