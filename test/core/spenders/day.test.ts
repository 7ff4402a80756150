import type { UtcDay } from '../../../core/calendar';
import type { UsageResolution } from '../../../core/meter';
import type { PicoUsd } from '../../../core/prices';
import { spendersDay, type LogRow, type SpendersDay } from '../../../core/spenders';
import { exactCost, KEPT_BYTES, KEPT_ROWS, utf8Length } from '../../../core/spenders/day';

const DAY = '2026-11-28' as UtcDay;
const LITE = 'amazon.nova-lite-v1:0';
const EMBED = 'amazon.titan-embed-text-v2:0';
const pico = (value: number) => value as PicoUsd;
const price = (input: number, output: number) => ({
  ...{ input: pico(input), output: pico(output), cacheRead: pico(input / 10), cacheWrite: 'unsupported' as const },
});
const CLASSES: UsageResolution['classes'] = {
  [LITE]: { kind: 'listed', modelId: LITE, price: price(1_000_000, 4_000_000) },
  [EMBED]: { kind: 'listed', modelId: EMBED, price: price(20_000, 0) },
  [`arn:aws:bedrock:us-east-1:1:inference-profile/us.${LITE}`]: {
    ...{ kind: 'listed', modelId: LITE, price: price(1_000_000, 4_000_000) },
  },
  theirs: { kind: 'foreign', owner: 'staging' },
  bare: { kind: 'unguarded' },
  'new.model-v1:0': { kind: 'unattributed' },
};

function row(over: Partial<Omit<LogRow, 'tokens'>> & { readonly tokens?: Partial<LogRow['tokens']> } = {}): LogRow {
  const { tokens = { input: 1_000_000 }, calls = 1, ...rest } = over;
  return {
    ...{
      arn: 'arn:aws:iam::111122223333:user/alice',
      modelId: LITE,
      calls,
      failed: 0,
      withInput: calls,
      withOutput: calls,
    },
    ...rest,
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...tokens },
  };
}

function day(
  rows: readonly LogRow[],
  over: { metering?: 'account' | 'profiles'; recordsMatched?: number } = {},
): SpendersDay {
  const { metering = 'account', recordsMatched = rows.reduce((sum, { calls }) => sum + calls, 0) } = over;
  const resolution = { classes: CLASSES, metering };
  return spendersDay({
    ...{ day: DAY, logGroup: 'bedrock', readAt: 1, bytesScanned: 9 },
    rows,
    recordsMatched,
    resolution,
  });
}

/** Every call of the log is somewhere. */
function callsOf({ usage, rest, unknown, apart }: SpendersDay): number {
  const sum = (of: readonly { readonly calls: number }[]) => of.reduce((total, { calls }) => total + calls, 0);
  return sum(usage) + (rest?.calls ?? 0) + sum(apart) + sum(unknown.filter(({ why }) => why !== 'noTokenCounts'));
}

test('a row costs its tokens at its model’s price, cache writes of a model without their price as input', () => {
  const { usage } = day([
    row({ tokens: { input: 1_000_000, output: 500_000, cacheRead: 1_000_000, cacheWrite: 1_000_000 } }),
  ]);
  // $1 + $2 + $0.10 + $1.
  expect(usage.map(({ amount }) => amount)).toEqual([4_100_000_000]);
});

test('a long tail is priced to the token: what is below a nano-dollar is rounded up once, not once a component', () => {
  const odd = { input: pico(35_001), output: pico(1), cacheRead: pico(1), cacheWrite: pico(1) };
  expect(exactCost({ input: 1, output: 1, cacheRead: 1, cacheWrite: 1 }, odd)).toBe(36);
  expect(exactCost({ input: 1, output: 0, cacheRead: 0, cacheWrite: 0 }, odd)).toBe(36);
  expect(exactCost({ input: 1000, output: 0, cacheRead: 0, cacheWrite: 0 }, odd)).toBe(35_001);
});

test('one caller of one model by several ids is one row', () => {
  const profile = `arn:aws:bedrock:us-east-1:1:inference-profile/us.${LITE}`;
  const { usage } = day([row(), row({ modelId: profile, calls: 2 })]);
  expect(usage).toEqual([expect.objectContaining({ modelId: LITE, calls: 3, amount: 2_000_000_000 })]);
});

test('another environment’s profile, and a model without one where only profiles count, are told apart and cost nothing here', () => {
  const read = day([row({ modelId: 'theirs', calls: 3 }), row({ modelId: 'bare', calls: 2 }), row()], {
    metering: 'profiles',
  });
  expect(read.apart).toEqual([
    { owner: 'staging', calls: 3 },
    { owner: 'models called without a profile', calls: 2 },
  ]);
  expect(read.usage).toHaveLength(1);
});

test.each([
  ['profiles', 'arn:aws:bedrock:us-east-1:1:application-inference-profile/gone', 'noOwner', 0],
  ['profiles', 'gone', 'noOwner', 0],
  ['account', 'arn:aws:bedrock:us-east-1:1:application-inference-profile/gone', undefined, 1],
] as const)('an id that nobody knows, metered by %s: %s', (metering, modelId, why, rows) => {
  const read = day([row({ modelId, calls: 4 })], { metering });
  expect(read.unknown).toEqual(why ? [{ why, calls: 4 }] : []);
  expect(read.usage).toHaveLength(rows);
  expect(read.usage[0]?.amount).toBeUndefined();
});

test('a model without a price has no amount, which is not $0', () => {
  expect(day([row({ modelId: 'new.model-v1:0' })]).usage).toEqual([
    expect.not.objectContaining({ amount: expect.anything() }),
  ]);
});

test.each([
  ['all counted', { calls: 3 }, 0, true],
  ['one without a count', { calls: 3, withInput: 2, withOutput: 2 }, 1, true],
  ['one that failed, without a count', { calls: 3, failed: 1, withInput: 2, withOutput: 2 }, 0, true],
  ['one whose answer has no count', { calls: 3, withOutput: 2 }, 1, true],
  ['embeddings, which have no output', { calls: 3, withOutput: 0, modelId: EMBED }, 0, true],
  ['none counted', { calls: 3, withInput: 0, withOutput: 0, tokens: { input: 0 } }, 3, false],
  ['all failed', { calls: 3, failed: 3, withInput: 0, withOutput: 0, tokens: { input: 0 } }, 0, true],
  ['failed and uncounted', { calls: 3, failed: 2, withInput: 0, withOutput: 0, tokens: { input: 0 } }, 1, false],
  [
    'failed with counts of 0, the others uncounted',
    { calls: 10, failed: 5, withInput: 5, withOutput: 5, tokens: { input: 0 } },
    5,
    false,
  ],
  ['half of them', { calls: 10, withInput: 5, withOutput: 5 }, 5, true],
] as const)('calls without a token count: %s', (_what, over, uncounted, isKnown) => {
  const read = day([row(over)]);
  expect(read.unknown).toEqual(uncounted === 0 ? [] : [{ why: 'noTokenCounts', calls: uncounted }]);
  expect(read.usage[0]!.amount !== undefined).toBe(isKnown);
  expect(read.usage[0]!.uncounted ?? 0).toBe(uncounted);
});

test('calls without a token count stay with their caller, over several ids of a model', () => {
  const profile = `arn:aws:bedrock:us-east-1:1:inference-profile/us.${LITE}`;
  const none = { withInput: 0, withOutput: 0, tokens: { input: 0 } };
  const { usage } = day([row({ calls: 2, ...none }), row({ modelId: profile, calls: 4, withInput: 3, withOutput: 3 })]);
  expect(usage).toEqual([expect.objectContaining({ calls: 6, uncounted: 3, amount: 1_000_000_000 })]);
});

test('failed calls without tokens cost nothing at any price; tokens of a model without one are unknown', () => {
  const failed = { calls: 2, failed: 2, withInput: 0, withOutput: 0, tokens: { input: 0 } };
  expect(day([row({ modelId: 'new.model-v1:0', ...failed })]).usage[0]!.amount).toBe(0);
  expect(day([row({ modelId: 'new.model-v1:0', calls: 2, failed: 2 })]).usage[0]!.amount).toBeUndefined();
});

test('records that are in no row are unknown: the answer was cut', () => {
  expect(day([row({ calls: 10 })], { recordsMatched: 10 }).unknown).toEqual([]);
  expect(day([row({ calls: 10 })], { recordsMatched: 11 }).unknown).toEqual([{ why: 'beyondRows', calls: 1 }]);
});

describe('what a day keeps', () => {
  const many = (count: number, name = (at: number) => `user-${at}`) =>
    Array.from({ length: count }, (_, at) =>
      row({ arn: `arn:aws:iam::111122223333:user/${name(at)}`, tokens: { input: at + 1 } }),
    );
  const total = ({ usage, rest }: SpendersDay) =>
    usage.reduce((sum, { amount = 0 }) => sum + amount, 0) + (rest?.amount ?? 0);

  test.each([KEPT_ROWS - 1, KEPT_ROWS, KEPT_ROWS + 1])(
    'of %i callers: all, or the dearest 300 and the rest summed',
    (count) => {
      const read = day(many(count));
      expect(read.usage).toHaveLength(Math.min(count, KEPT_ROWS));
      // A token is a thousand nano-dollars.
      const all = (count * (count + 1) * 1000) / 2;
      expect(total(read)).toBe(all);
      expect(read.rest).toEqual(
        count > KEPT_ROWS ? { callers: 1, calls: 1, amount: 1000, unpricedCalls: 0 } : undefined,
      );
    },
  );

  test('of a group of 10,000: nobody’s call and nobody’s cent is lost, and an item of DynamoDB holds it', () => {
    const read = day(many(10_000, (at) => `${'x'.repeat(50)}${at}`));
    expect(callsOf(read)).toBe(10_000);
    expect(total(read)).toBe((10_000 * 10_001 * 1000) / 2);
    expect(read.rest).toMatchObject({ callers: 9_700, calls: 9_700 });
    expect(Buffer.byteLength(JSON.stringify(read))).toBeLessThan(400 * 1024);
  });

  test('names of the longest kind: fewer stand by name, and the bytes are kept to', () => {
    const read = day(many(300, (at) => `王`.repeat(512) + at));
    expect(read.usage.length).toBeLessThan(300);
    expect(Buffer.byteLength(JSON.stringify(read.usage))).toBeLessThanOrEqual(KEPT_BYTES);
    expect(callsOf(read)).toBe(300);
    expect(total(read)).toBe((300 * 301 * 1000) / 2);
  });

  test('exactly at the bytes, and one beyond', () => {
    const two = (length: number) => day(many(2, (at) => `${at}`.padEnd(length, 'x')));
    const spare = KEPT_BYTES - Buffer.byteLength(JSON.stringify(two(1).usage));
    expect(two(1 + Math.floor(spare / 2) - 1).usage).toHaveLength(2);
    expect(two(1 + Math.floor(spare / 2) + 1).usage).toHaveLength(1);
  });

  test('calls without a price are counted in the rest, and are in no amount', () => {
    const rows = [...many(KEPT_ROWS), row({ arn: 'x', modelId: 'new.model-v1:0', calls: 5 })];
    expect(day(rows).rest).toEqual({ callers: 1, calls: 5, unpricedCalls: 5 });
  });

  test('calls without a token count are counted in the rest too', () => {
    const none = { calls: 5, withInput: 0, withOutput: 0, tokens: { input: 0 } };
    const rows = [...many(KEPT_ROWS), row({ arn: 'x', ...none })];
    expect(day(rows).rest).toEqual({ callers: 1, calls: 5, unpricedCalls: 0, uncounted: 5 });
  });
});

test.each(['', 'a', 'é', '王', '😀', 'a😀é王'])('bytes of %p are as UTF-8 has them', (text) => {
  expect(utf8Length(text)).toBe(Buffer.byteLength(text));
});
