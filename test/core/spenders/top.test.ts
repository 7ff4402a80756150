import type { UtcDay, UtcMonth } from '../../../core/calendar';
import { usd, type NanoUsd } from '../../../core/money';
import { topSpenders, type SpendersOfMonth, type TopSpenders } from '../../../core/spenders';
import type { CallerUsage } from '../../../core/spenders/types';
import { share } from '../../../core/spenders/top';

const MONTH = '2026-11' as UtcMonth;
const day = (of: string) => `2026-11-${of}` as UtcDay;
const NO_TOKENS = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
type Callers = Extract<NonNullable<SpendersOfMonth['callers']>, { kind: 'known' }>['value'];

const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
const session = (role: string, name: string) => `arn:aws:sts::111122223333:assumed-role/${role}/${name}`;
function usage(arn: string, dollars: number | undefined, over: Partial<CallerUsage> = {}): CallerUsage {
  return {
    ...{ day: day('01'), arn, modelId: 'm', calls: 1, tokens: NO_TOKENS },
    ...(dollars === undefined ? {} : { amount: usd(dollars) }),
    ...over,
  };
}

function byLog(over: Partial<Callers>): SpendersOfMonth {
  const value: Callers = {
    ...{ logGroup: 'bedrock', usage: [], days: [day('01')], missing: [], rest: [], unknown: [], apart: [] },
    ...{ otherRegions: [], bytesScanned: 0 },
    ...over,
  };
  return { month: MONTH, callers: { kind: 'known', value } };
}

function top(spenders: SpendersOfMonth): TopSpenders {
  const read = topSpenders(spenders);
  if (read?.kind !== 'known') throw new Error(JSON.stringify(read));
  return read.value;
}

const names = ({ top: of }: TopSpenders) => of.map(({ name, sharePercent }) => `${name} ${sharePercent}`);
const sum = (read: TopSpenders): NanoUsd =>
  (read.top.reduce((all, { amount }) => all + amount, 0) + read.others.amount + read.nameless) as NanoUsd;

test('the five dearest with their share, and the others together', () => {
  const read = top(byLog({ usage: [10, 20, 30, 5, 15, 12, 8].map((dollars, at) => usage(user(`u${at}`), dollars)) }));
  expect(names(read)).toEqual(['u2 30', 'u1 20', 'u4 15', 'u5 12', 'u0 10']);
  expect(read.others).toEqual({ count: 2, amount: usd(13) });
  expect(read.total).toBe(usd(100));
  expect(sum(read)).toBe(read.total);
});

test.each([0, 1, 5, 6])('of %i callers', (count) => {
  const read = top(byLog({ usage: Array.from({ length: count }, (_, at) => usage(user(`u${at}`), 1)) }));
  expect(read.top).toHaveLength(Math.min(count, 5));
  expect(read.others.count).toBe(Math.max(0, count - 5));
});

test('those who spent the same stand by name, so that two reports say the same', () => {
  const read = top(byLog({ usage: ['c', 'a', 'b'].map((name) => usage(user(name), 1)) }));
  expect(names(read)).toEqual(['a 33.3', 'b 33.3', 'c 33.3']);
});

test('nothing spent is nobody’s share', () => {
  expect(names(top(byLog({ usage: [usage(user('a'), 0)] })))).toEqual(['a 0']);
});

test.each([
  [1, 3, 33.3],
  [2, 3, 66.6],
  [999, 1000, 99.9],
  [9999, 10_000, 99.9],
  [1, 10_000, 0],
  [1, 1, 100],
  [0, 1, 0],
  [1, 0, 0],
  [-1, 5, 0],
])('%i of %i is %d percent: down, so that all are never above 100', (amount, total, percent) => {
  expect(share(amount as NanoUsd, total as NanoUsd)).toBe(percent);
});

test('a person behind several permission sets, models and days is one; a shared role is its sessions, and no person', () => {
  const set = (name: string) => session(`AWSReservedSSO_${name}_0123456789abcdef`, 'alice');
  const read = top(
    byLog({
      usage: [
        usage(set('Admin'), 1),
        usage(set('Dev'), 2, { modelId: 'n' }),
        usage(set('Dev'), 4, { day: day('02') }),
        usage(session('shared', 'alice'), 3),
        usage(session('shared', 'bob'), 2),
      ],
      days: [day('01'), day('02')],
    }),
  );
  expect(read.top.map(({ name, isPerson, amount }) => [name, isPerson, amount])).toEqual([
    ['alice', true, usd(7)],
    ['shared/alice', false, usd(3)],
    ['shared/bob', false, usd(2)],
  ]);
  expect([read.from, read.to]).toEqual(['2026-11-01', '2026-11-02']);
});

test('an IAM user and somebody of Identity Center with one name are two', () => {
  const center = session('AWSReservedSSO_Dev_0123456789abcdef', 'ana');
  const read = top(byLog({ usage: [usage(user('ana'), 3), usage(center, 1), usage(user('ben'), 1)] }));
  expect(names(read)).toEqual(['ana (IAM user) 60', 'ana (Identity Center) 20', 'ben 20']);
});

test('the rest of a day, and records without a caller, are in the total by no name', () => {
  const rest = [{ day: day('01'), callers: 9, calls: 9, amount: usd(4), unpricedCalls: 2 }];
  const read = top(byLog({ usage: [usage(user('a'), 5), usage('', 1)], rest }));
  expect([read.total, read.nameless, read.others.count]).toEqual([usd(10), usd(5), 0]);
  expect(names(read)).toEqual(['a 50']);
  expect(read.unknown).toEqual(['2 calls in no figure: of models without a price by tokens']);
});

test('whoever has no known amount stands nowhere as $0', () => {
  const tokens = { ...NO_TOKENS, input: 5 };
  const read = top(byLog({ usage: [usage(user('a'), undefined, { tokens, calls: 3 }), usage(user('b'), undefined)] }));
  expect(read.top).toEqual([]);
  expect(read.unknown).toEqual(['3 calls in no figure: of models without a price by tokens']);
});

test('what is not known is said: days, calls, Regions', () => {
  const read = top(
    byLog({
      missing: [
        { day: day('02'), why: 'slow' },
        { day: day('03'), why: 'gone' },
        { day: day('04'), why: 'gone' },
        { day: day('05'), why: 'gone' },
      ],
      unknown: [
        { day: day('01'), why: 'noTokenCounts', calls: 1 },
        { day: day('02'), why: 'beyondRows', calls: 2 },
        { day: day('03'), why: 'beyondRows', calls: 3 },
      ],
      otherRegions: ['us-west-2'],
    }),
  );
  expect(read.unknown).toEqual([
    '2026-11-02: slow',
    '2026-11-03 and 2 more to 2026-11-05: gone',
    expect.stringMatching(/^1 call in no figure: .*token counts/),
    expect.stringMatching(/^5 calls in no figure: .*beyond the rows/),
    expect.stringContaining('us-west-2'),
  ]);
});

describe('which source', () => {
  const tagged = {
    kind: 'known',
    value: {
      tag: 'team',
      spend: [
        { day: day('01'), value: 'search', amount: usd(3) },
        { day: day('02'), value: 'search', amount: usd(1) },
        { day: day('02'), value: '', amount: usd(1) },
      ],
    },
  } as const;
  const known = byLog({ usage: [usage(user('a'), 5)] });
  const none = { kind: 'unavailable', why: 'the log is gone' } as const;

  test('nothing configured: nobody is named', () => {
    expect(topSpenders({ month: MONTH })).toBeUndefined();
  });

  test('the log names persons, so it comes before the tag', () => {
    expect(top({ ...known, tagged }).source).toBe('invocationLogs');
  });

  test('the tag alone: its values, and the rest nameless', () => {
    const read = top({ month: MONTH, tagged });
    expect(read).toMatchObject({
      source: 'principalTag',
      total: usd(5),
      nameless: usd(1),
      from: '2026-11-01',
      to: '2026-11-02',
    });
    expect(names(read)).toEqual(['search 80']);
    expect(read.top[0]!.isPerson).toBe(false);
  });

  test('a log that cannot be read: the tag, and why', () => {
    const read = top({ month: MONTH, callers: none, tagged });
    expect([read.source, read.unknown]).toEqual(['principalTag', ['by the invocation log: the log is gone']]);
  });

  test('neither: unknown, with both reasons', () => {
    const why = 'no such tag';
    expect(topSpenders({ month: MONTH, callers: none, tagged: { kind: 'unavailable', why } })).toEqual({
      kind: 'unavailable',
      why: 'the log is gone; and by the tag: no such tag',
    });
  });

  test('a month of which no day was read is unknown, with the last reason', () => {
    const missing = [
      { day: day('01'), why: 'first' },
      { day: day('02'), why: 'second' },
    ];
    expect(topSpenders(byLog({ days: [], missing }))).toEqual({ kind: 'unavailable', why: 'second' });
  });
});
