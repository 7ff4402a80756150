import { DAY_MS, MINUTE_MS } from '../../../core/calendar';
import { parseDecimal, usd } from '../../../core/money';
import { judgeBudgetTag } from '../../../core/verify/judge/budget-tag';
import { judgeDenyLatency } from '../../../core/verify/judge/deny-latency';
import { judgeLegacyRefusal } from '../../../core/verify/judge/legacy-refusal';
import { judgeListingDelay } from '../../../core/verify/judge/listing-delay';
import { judgeMetricDelay } from '../../../core/verify/judge/metric-delay';
import { judgeMetricNames } from '../../../core/verify/judge/metric-names';
import { percentile, seconds, spread } from '../../../core/verify/percentile';

const NEVER_MS = 20 * MINUTE_MS;
const words = (judged: { findings: readonly { verdict: string; text: string }[] }, at = 0) => judged.findings[at]!;

describe('percentiles', () => {
  const twenty = Array.from({ length: 20 }, (_, at) => at + 1);
  test.each([
    [50, 10],
    [95, 19],
    [100, 20],
    [1, 1],
    [0, 1],
  ])('%d of twenty is the %dth', (percent, value) => {
    expect(percentile(twenty.toReversed(), percent)).toBe(value);
  });
  test('of one it is that one, and of none nothing', () => {
    expect(percentile([7], 95)).toBe(7);
    expect(() => percentile([], 50)).toThrow(RangeError);
    expect(spread('delay', [])).toEqual({});
    expect(spread('delay', [3, 1, 2])).toEqual({ delayP50Ms: 2, delayP95Ms: 3, delayMaxMs: 3 });
  });
  test.each([
    [420, '0.4 s'],
    [9_999, '10.0 s'],
    [10_000, '10 s'],
    [599_999, '600 s'],
    [600_000, '10 min'],
  ])('%d ms are %s', (ms, text) => expect(seconds(ms)).toBe(text));
});

describe('listing-delay', () => {
  const judge = (listed: number | undefined, readable: number | undefined, waitedMs = NEVER_MS) =>
    words(
      judgeListingDelay({
        waitedMs,
        ...(listed === undefined ? {} : { listedAfterMs: listed }),
        ...(readable === undefined ? {} : { readableAfterMs: readable }),
      }),
    );
  test.each([
    [15 * MINUTE_MS, 60_000, 'shown'],
    [15 * MINUTE_MS + 1, 60_000, 'otherwise'],
    [1_000, undefined, 'otherwise'],
    [undefined, 60_000, 'otherwise'],
    [undefined, undefined, 'unsettled'],
  ])('listed after %p, read after %p: %s', (listed, readable, verdict) => {
    expect(judge(listed, readable).verdict).toBe(verdict);
  });
  test('a wait that was cut short does not say that it is never listed', () => {
    expect(judge(undefined, 60_000, 15 * MINUTE_MS - 1).verdict).toBe('unsettled');
    expect(judge(undefined, 60_000, 15 * MINUTE_MS).verdict).toBe('otherwise');
  });
});

describe('metric-delay', () => {
  const judge = (delaysMs: readonly number[], calls = delaysMs.length) =>
    words(judgeMetricDelay({ calls, delaysMs, waitedMs: NEVER_MS, assumedMs: 2 * MINUTE_MS }));
  const of = (count: number, ms: number) => Array.from({ length: count }, () => ms);
  test.each([
    [of(20, 120_000), 'shown'],
    [of(20, 120_001), 'otherwise'],
    // The 95th percentile of twenty is the nineteenth.
    [[...of(19, 1_000), 900_000], 'shown'],
    [[...of(18, 1_000), ...of(2, 900_000)], 'otherwise'],
    [of(9, 1_000), 'unsettled'],
    [of(10, 1_000), 'shown'],
    [[], 'unsettled'],
  ])('%#: %s', (delays, verdict) => expect(judge(delays).verdict).toBe(verdict));
  test('one that was not counted is told first', () => {
    const { verdict, text } = judge(of(19, 1_000), 20);
    expect([verdict, text]).toEqual([
      'otherwise',
      expect.stringMatching(/^1 of 20 not counted within 20 min; p50 1.0 s/),
    ]);
  });
});

describe('deny-latency', () => {
  const flip = { refusedAfterMs: 3_000, answeredAgainAfterMs: 5_000 };
  const judge = (flips: readonly object[], stream?: object) =>
    judgeDenyLatency({ flips, ...(stream ? { stream: stream as never } : {}), waitMs: 120_000, assumedMs: MINUTE_MS });
  test.each([
    [[flip, flip], 'shown'],
    [[flip, { ...flip, refusedAfterMs: 60_000 }], 'shown'],
    [[flip, { ...flip, refusedAfterMs: 60_001 }], 'otherwise'],
    [[flip, { answeredAgainAfterMs: 1 }], 'otherwise'],
    [[flip, { refusedAfterMs: 1 }], 'otherwise'],
    [[], 'unsettled'],
  ])('%#: %s', (flips, verdict) => expect(words(judge(flips)).verdict).toBe(verdict));
  test.each([
    [{ end: 'complete', parts: 9, wentOnMs: 4_000 }, 'shown'],
    [{ end: 'cut', parts: 9, wentOnMs: 4_000, why: 'x' }, 'otherwise'],
    [undefined, 'unsettled'],
  ])('a stream %j: %s', (stream, verdict) => expect(words(judge([flip], stream), 1).verdict).toBe(verdict));
});

describe('metric-names', () => {
  const profile = { id: 'opaque1', arn: 'arn:aws:bedrock:us-east-1:1:application-inference-profile/opaque1' };
  const gains = (modelId: string, input = 21, output = 3, calls = 3) => [
    { metric: 'Invocations', modelId, gained: calls },
    { metric: 'InputTokenCount', modelId, gained: input },
    { metric: 'OutputTokenCount', modelId, gained: output },
  ];
  const judge = (gained: readonly { metric: string; modelId: string; gained: number }[]) =>
    judgeMetricNames({
      profile,
      ownIds: ['model'],
      calls: 3,
      inputTokens: 21,
      outputTokens: 3,
      gained,
      listed: ['OutputTokenCount', 'InputTokenCount'],
      waitedMs: 60_000,
    });
  test.each([
    [gains('opaque1'), 'shown', 'shown'],
    [[...gains('opaque1'), ...gains('model')], 'shown', 'otherwise'],
    [[...gains('opaque1'), ...gains('model', 500)], 'shown', 'unsettled'],
    [[...gains('opaque1'), ...gains('model', 0, 0, 0)], 'shown', 'shown'],
    [gains(profile.arn), 'otherwise', 'shown'],
    [gains('opaque1', 20), 'otherwise', 'shown'],
    [gains('opaque1', 21, 3, 4), 'otherwise', 'shown'],
    [gains('model'), 'unsettled', 'unsettled'],
    [[], 'unsettled', 'unsettled'],
  ])('%#: named %s, own series %s', (gained, named, own) => {
    const { findings } = judge(gained);
    expect(findings.map(({ verdict }) => verdict)).toEqual([named, own]);
  });
});

describe('budget-tag', () => {
  const known = (amount: string) => ({ kind: 'known', actual: parseDecimal(amount), currency: 'USD' }) as const;
  const ACTIVE = { kind: 'known', state: 'active' } as const;
  test.each([
    ['0.01', '0', 0, '0', 'shown'],
    ['0', '0.01', DAY_MS - 1, '5', 'unsettled'],
    ['0', '0.01', DAY_MS, '5', 'otherwise'],
    ['0', '0', 2 * DAY_MS - 1, '5', 'unsettled'],
    ['0', '0', 2 * DAY_MS, '5', 'otherwise'],
    ['0', '0', 2 * DAY_MS, '0.009', 'unsettled'],
    ['0', '0', 2 * DAY_MS, '0.01', 'otherwise'],
  ])('plain %s, prefixed %s, %d ms old, billed %s: %s', (plain, prefixed, ageMs, billed, verdict) => {
    const judged = judgeBudgetTag({
      tag: ACTIVE,
      ageMs,
      plain: known(plain),
      prefixed: known(prefixed),
      billed: { kind: 'known', spent: usd(billed) },
    });
    expect(words(judged).verdict).toBe(verdict);
    expect(() => JSON.stringify(judged)).not.toThrow();
  });
  test('unknown is no zero', () => {
    const unavailable = { kind: 'unavailable', why: 'it has calculated nothing yet' } as const;
    const judged = judgeBudgetTag({ tag: ACTIVE, ageMs: 5 * DAY_MS, plain: unavailable, prefixed: unavailable });
    expect(words(judged)).toMatchObject({
      verdict: 'unsettled',
      text: expect.stringContaining('Cost Explorer: not asked'),
    });
  });
});

describe('legacy-refusal', () => {
  const refused = (errorName: string, reason?: string) =>
    ({ kind: 'refused', errorName, text: 'in words', ...(reason === undefined ? {} : { reason }) }) as const;
  const ANSWERED = { kind: 'answered' } as const;
  test.each([
    ['legacy', refused('ResourceNotFoundException', 'legacy'), 'shown'],
    ['legacy', refused('ValidationException'), 'otherwise'],
    ['legacy', refused('AccessDeniedException'), 'unsettled'],
    ['legacy', refused('AccessDeniedException', 'notAllowed'), 'unsettled'],
    ['active', refused('ResourceNotFoundException', 'legacy'), 'unsettled'],
    ['legacy', ANSWERED, 'unsettled'],
  ] as const)('%s, a call %j: %s', (status, call, verdict) => {
    expect(words(judgeLegacyRefusal({ modelId: 'm', status, call, profile: ANSWERED })).verdict).toBe(verdict);
  });
  test.each([
    [ANSWERED, 'shown', /^it can: m/],
    [refused('ValidationException'), 'shown', /^it cannot.*in words/],
    [refused('AccessDeniedException'), 'unsettled', /AccessDenied/],
    [refused('ThrottlingException'), 'unsettled', /Throttling/],
  ] as const)('a profile %j: %s', (profile, verdict, text) => {
    const judged = judgeLegacyRefusal({ modelId: 'm', status: 'legacy', call: ANSWERED, profile });
    expect(words(judged, 1)).toMatchObject({ verdict, text: expect.stringMatching(text) });
  });
});
