import { ServiceError } from '../../../core/errors';
import type { InvocationRecord } from '../../../simulator/fakes/invocation-log';
import { costCheck } from './harness';
import { answerOf, callersOf, day, LITE, profile, user, withLog, YESTERDAY } from './logged';

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
