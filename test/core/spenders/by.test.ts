import { describe, expect, test } from '@jest/globals';
import { MOST, nanoUsd, usd } from '../../../core/money';
import { spentBy, spentByBill, spentByCaller, spentByTag } from '../../../core/spenders/by';
import {
  arnOf,
  billed,
  callers,
  day,
  days,
  MONTH,
  NOVEMBER_23,
  sumOf,
  usage,
  type Callers,
} from '../../helpers/spenders';

const by = (division: 'person' | 'role' | 'session', of: Callers) => spentByCaller(MONTH, of, division, NOVEMBER_23);

/** The bill of November is complete, as far as anybody knows. */
const DECEMBER_3 = Date.parse('2026-12-03T00:00:00Z');

const ANA = arnOf.user('ana');
const EVERYONE = [
  usage(1, ANA, 30),
  usage(2, arnOf.person('Developers', 'ana'), 12),
  usage(2, arnOf.person('Admins', 'ana'), 3),
  usage(3, arnOf.person('Developers', 'ben@example.com'), 25),
  usage(4, arnOf.session('app', 'worker-1'), 60),
  usage(5, arnOf.session('app', 'worker-2'), 1),
  usage(5, '', 9),
  usage(6, 'arn:aws:iam::111122223333:root', 2),
];

describe('by person', () => {
  test('users and people of Identity Center by name, each over all their roles; who stands behind a role is nobody', () => {
    const { rows } = by('person', callers(EVERYONE));
    expect(rows.map(({ kind, name, amount }) => [kind, name, amount])).toEqual([
      ['shared', 'role app', 61],
      ['named', 'ana (IAM user)', 30],
      ['named', 'ben@example.com', 25],
      ['named', 'ana (Identity Center)', 15],
      ['shared', 'root of 111122223333', 2],
      ['nameless', '', 9],
    ]);
  });

  test('calls, tokens, first and last day of each', () => {
    const [app] = by('person', callers(EVERYONE)).rows;
    const tokens = { input: 200, output: 40, cacheRead: 6, cacheWrite: 8 };
    expect(app).toMatchObject({ calls: 2, tokens, from: day(4), to: day(5) });
  });

  test('a user and a session of the same name are two', () => {
    const { rows } = by('person', callers([usage(1, ANA, 5), usage(1, arnOf.session('ana', 'x'), 7)]));
    expect(rows.map(({ kind, name }) => [kind, name])).toEqual([
      ['shared', 'role ana'],
      ['named', 'ana'],
    ]);
  });

  test('users of one name in two accounts are two, and one in one account is one', () => {
    const other = (arn: string) => arn.replace('111122223333', '444455556666');
    const all = [usage(1, ANA, 5), usage(2, ANA, 1), usage(1, other(ANA), 4), usage(1, arnOf.person('Set', 'ana'), 3)];
    expect(by('person', callers(all)).rows.map(({ name, amount }) => [name, amount])).toEqual([
      ['ana (IAM user in 111122223333)', 6],
      ['ana (IAM user in 444455556666)', 4],
      ['ana (Identity Center)', 3],
    ]);
    const center = arnOf.person('Set', 'ben');
    expect(by('person', callers([usage(1, center, 2), usage(1, other(center), 1)])).rows).toHaveLength(2);
  });

  test('names that differ in case are two', () => {
    expect(by('person', callers([usage(1, ANA, 5), usage(1, arnOf.user('Ana'), 5)])).rows).toHaveLength(2);
  });

  test('of equal amounts the order is the same on every machine', () => {
    const names = ['z', 'é', 'a', 'Z'];
    const { rows } = by('person', callers(names.map((name) => usage(1, arnOf.user(name), 5))));
    expect(rows.map(({ name }) => name)).toEqual(['Z', 'a', 'z', 'é']);
  });
});

test('by role: a permission set is no role of its name, and own keys have none', () => {
  const { rows } = by('role', callers([...EVERYONE, usage(7, arnOf.session('Developers', 'x'), 4)]));
  expect(rows.map(({ kind, name, amount }) => [kind, name, amount])).toEqual([
    ['named', 'app', 61],
    ['named', 'Developers (permission set)', 37],
    ['named', 'Developers', 4],
    ['named', 'Admins (permission set)', 3],
    ['nameless', '', 41],
  ]);
});

test('by session: with its role, since sessions of two roles may have one name', () => {
  const { rows } = by('session', callers([usage(1, arnOf.session('a', 'x'), 1), usage(1, arnOf.session('b', 'x'), 2)]));
  expect(rows.map(({ name }) => name)).toEqual(['b/x', 'a/x']);
});

describe('the rows add up to the total, to the last nano-dollar', () => {
  const many = Array.from({ length: 5_000 }, (_, at) =>
    usage(1 + (at % 22), arnOf.person(`Set${at % 3}`, `person-${at % 701}`), ((at * 7_919) % 1_000_003) + 1),
  );
  const rest = [
    { day: day(3), callers: 9_700, calls: 12_000, amount: nanoUsd(123_456_789), unpricedCalls: 0 },
    { day: day(4), callers: 9_600, calls: 11_000, amount: nanoUsd(987_654_321), unpricedCalls: 0 },
  ];

  test.each(['person', 'role', 'session'] as const)('by %s', (division) => {
    const spent = by(division, callers(many, { rest }));
    const expected = sumOf(many.map(({ amount }) => amount)) + sumOf(rest.map(({ amount }) => amount));
    expect(BigInt(spent.total ?? -1)).toBe(expected);
    expect(sumOf(spent.rows.map(({ amount }) => amount))).toBe(expected);
    expect(spent).toMatchObject({ atLeast: false, unknown: [] });
  });

  test('who is beyond what a day keeps has a row, and no name', () => {
    const last = by('person', callers(many, { rest })).rows.at(-1);
    expect(last).toMatchObject({ kind: 'rest', name: '', callers: 19_300, calls: 23_000, from: day(3), to: day(4) });
  });
});

describe('unknown is never zero', () => {
  test('usage without a price: no amount, and the total is the least', () => {
    const unpriced = usage(2, arnOf.user('cem'), undefined, { modelId: 'new.model', calls: 3 });
    const spent = by('person', callers([usage(1, ANA, 5), unpriced, unpriced]));
    expect(spent.rows[1]).toMatchObject({ name: 'cem', atLeast: true, calls: 6 });
    expect(spent.rows[1]).not.toHaveProperty('amount');
    expect(spent.rows[1]).not.toHaveProperty('sharePercent');
    expect(spent).toMatchObject({ total: 5, atLeast: true, unknown: ['no price of new.model: 6 calls by 1 caller'] });
  });

  test('a part of it without a price', () => {
    const [row] = by('person', callers([usage(1, ANA, 5), usage(1, ANA)])).rows;
    expect(row).toMatchObject({ amount: 5, atLeast: true });
  });

  test('who has no amount comes after who has one, however small', () => {
    const spent = by('person', callers([usage(1, arnOf.user('a')), usage(1, arnOf.user('b'), 0)]));
    expect(spent.rows.map(({ name, atLeast }) => [name, atLeast])).toEqual([
      ['b', false],
      ['a', true],
    ]);
  });

  test('callers without a name whose calls have no price', () => {
    const rest = [{ day: day(2), callers: 4, calls: 10, unpricedCalls: 10 }];
    const spent = by('person', callers([usage(1, ANA, 5)], { rest }));
    expect(spent.rows[1]).not.toHaveProperty('amount');
    expect(spent.unknown).toEqual(['no price of 10 calls by callers whose names are not kept']);
  });

  test('or of which a part has none', () => {
    const rest = [{ day: day(2), callers: 4, calls: 10, amount: nanoUsd(7), unpricedCalls: 1 }];
    expect(by('person', callers([], { rest })).rows[0]).toMatchObject({ amount: 7, atLeast: true });
  });

  test('calls without token counts, without an owner, beyond the answer', () => {
    const unknown = [
      { day: day(1), why: 'noTokenCounts' as const, calls: 2 },
      { day: day(2), why: 'noTokenCounts' as const, calls: 3 },
      { day: day(2), why: 'beyondRows' as const, calls: 1 },
    ];
    const spent = by('person', callers([usage(1, ANA, 5)], { unknown }));
    expect(spent.atLeast).toBe(true);
    expect(spent.unknown).toEqual([
      expect.stringMatching(/^5 calls without token counts/),
      '1 call beyond the rows that Logs Insights answers',
    ]);
  });

  test('of whose calls a part has no token counts has spent at least that', () => {
    const part = usage(1, ANA, 5, { calls: 10, uncounted: 5 });
    const unknown = [{ day: day(1), why: 'noTokenCounts' as const, calls: 5 }];
    const spent = by('person', callers([part, usage(2, ANA, 1)], { unknown }));
    expect(spent.rows).toEqual([expect.objectContaining({ amount: 6, atLeast: true, calls: 11, uncounted: 5 })]);
    expect(spent.rows[0]).not.toHaveProperty('unpricedCalls');
    expect(spent.atLeast).toBe(true);
  });

  test('of whose calls none has token counts: no price is missing, and each call is told once', () => {
    const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    const unknown = [{ day: day(1), why: 'noTokenCounts' as const, calls: 10 }];
    const spent = by('person', callers([usage(1, ANA, undefined, { calls: 10, uncounted: 10, tokens })], { unknown }));
    expect(spent.rows[0]).toMatchObject({ atLeast: true, uncounted: 10 });
    expect(spent.rows[0]).not.toHaveProperty('amount');
    expect(spent.unknown).toEqual([expect.stringMatching(/^10 calls without token counts/)]);
  });

  test('of a model without a price the calls without token counts are told once, as such', () => {
    const unknown = [{ day: day(1), why: 'noTokenCounts' as const, calls: 4 }];
    const spent = by('person', callers([usage(1, ANA, undefined, { calls: 10, uncounted: 4 })], { unknown }));
    expect(spent.rows[0]).toMatchObject({ uncounted: 4, unpricedCalls: 6 });
    expect(spent.unknown).toEqual([
      'no price of amazon.nova-lite-v1:0: 6 calls by 1 caller',
      expect.stringMatching(/^4 calls without token counts/),
    ]);
  });

  test('callers without a name of whose calls a part has no token counts', () => {
    const rest = [{ day: day(2), callers: 4, calls: 10, amount: nanoUsd(7), unpricedCalls: 0, uncounted: 3 }];
    expect(by('person', callers([], { rest }))).toMatchObject({
      atLeast: true,
      rows: [{ atLeast: true, uncounted: 3 }],
    });
  });

  test('calls in a Region whose log nobody reads', () => {
    const spent = by('person', callers([usage(1, ANA, 5)], { otherRegions: ['eu-west-1'] }));
    expect(spent).toMatchObject({
      total: 5,
      atLeast: true,
      unknown: ['calls in eu-west-1, where the log group is not'],
    });
  });

  test('no day was read: no total, rather than $0', () => {
    const spent = by('person', callers([], { days: [] }));
    expect(spent).not.toHaveProperty('total');
    expect(spent.unknown).toEqual(['2026-11-01 to 2026-11-21: nobody has read them']);
  });

  test('all days were read, and nobody called: $0', () => {
    expect(by('person', callers([]))).toMatchObject({ total: 0, atLeast: false, rows: [] });
  });

  test('calls of others are in no figure, and no reason to doubt one', () => {
    const apart = [
      { day: day(1), owner: 'staging', calls: 2 },
      { day: day(2), owner: 'staging', calls: 1 },
    ];
    const spent = by('person', callers([usage(1, ANA, 5)], { apart }));
    expect(spent).toMatchObject({ atLeast: false, unknown: [] });
    expect(spent.apart).toEqual(["3 calls of staging, which are not this environment's"]);
  });

  test('more than money can hold is unknown', () => {
    const { rows, unknown, ...spent } = spentBy(
      { month: MONTH, source: 'bill' },
      { kind: 'known', value: [billed(1, MOST), billed(1, 1)] },
      (bill) => spentByBill(MONTH, bill, 'model', DECEMBER_3),
    );
    expect(rows).toEqual([]);
    expect(spent).not.toHaveProperty('total');
    expect(unknown[0]).toContain('not a whole number of nano-dollars within range');
  });

  test('a source that does not answer', () => {
    const spent = spentBy({ month: MONTH, source: 'bill' }, { kind: 'unavailable', why: 'it is down' }, () => {
      throw new Error('asked all the same');
    });
    expect(spent).toMatchObject({ rows: [], atLeast: true, unknown: ['it is down'] });
    expect(spent).not.toHaveProperty('total');
  });
});

describe('shares', () => {
  test('never come to more than all, and nothing has one of nothing', () => {
    const thirds = by('person', callers(['a', 'b', 'c'].map((name) => usage(1, arnOf.user(name), 1))));
    expect(thirds.rows.map(({ sharePercent }) => sharePercent)).toEqual([33.3, 33.3, 33.3]);
    const [row] = by('person', callers([usage(1, ANA, 0)])).rows;
    expect(row).not.toHaveProperty('sharePercent');
  });
});

describe('by tag', () => {
  test('by value, the dearest first, and what has none last, however dear', () => {
    const spend = [
      { day: day(1), value: '', amount: usd(9) },
      { day: day(1), value: 'search', amount: usd(1) },
      { day: day(2), value: 'search', amount: usd(2) },
      { day: day(2), value: 'chat', amount: usd(4) },
    ];
    const spent = spentByTag(MONTH, { tag: 'team', spend }, DECEMBER_3);
    expect(spent).toMatchObject({ source: 'principalTag', origin: 'team', total: usd(16), atLeast: false });
    expect(spent.rows.map(({ kind, name, amount }) => [kind, name, amount])).toEqual([
      ['named', 'chat', usd(4)],
      ['named', 'search', usd(3)],
      ['nameless', '', usd(9)],
    ]);
    expect(spent.rows[0]).not.toHaveProperty('calls');
  });

  test('no line yet is not $0', () => {
    const spent = spentByTag(MONTH, { tag: 'team', spend: [] }, DECEMBER_3);
    expect(spent).not.toHaveProperty('total');
    expect(spent).toMatchObject({ origin: 'team', atLeast: true, unknown: ['no line of it is on the bill yet'] });
  });
});

describe('by the bill', () => {
  const bill = [billed(2, 5), billed(1, 3), billed(1, 4, { model: 'Claude Haiku 4.5' })];

  test('by model, the dearest first', () => {
    const spent = spentByBill(MONTH, bill, 'model', DECEMBER_3);
    expect(spent.rows.map(({ name, amount, from, to }) => [name, amount, from, to])).toEqual([
      ['NovaLite', 8, day(1), day(2)],
      ['Claude Haiku 4.5', 4, day(1), day(1)],
    ]);
  });

  test('by day, in their order', () => {
    const spent = spentByBill(MONTH, bill, 'day', DECEMBER_3);
    expect(spent.rows.map(({ name, amount }) => [name, amount])).toEqual([
      [day(1), 7],
      [day(2), 5],
    ]);
    expect(spent.total).toBe(12);
  });
});

describe('a bill whose days are not over by two', () => {
  const toCome = (now: string) => {
    const of = [
      spentByBill(MONTH, [billed(1, 3)], 'model', Date.parse(now)),
      spentByBill(MONTH, [billed(1, 3)], 'day', Date.parse(now)),
      spentByTag(MONTH, { tag: 'team', spend: [{ day: day(1), value: 'a', amount: usd(1) }] }, Date.parse(now)),
    ];
    return of.map((spent) => [spent.atLeast, spent.toCome, spent.unknown]);
  };
  const from = (of: string) =>
    Array.from({ length: 3 }, () => [true, `lines of 2026-11-${of} and later, as a bill is a day late or more`, []]);

  test('is the least, and says from when', () => {
    expect(toCome('2026-11-01T05:00:00Z')).toEqual(from('01'));
    expect(toCome('2026-11-23T05:00:00Z')).toEqual(from('21'));
    expect(toCome('2026-12-02T23:59:59Z')).toEqual(from('30'));
  });

  test('and no longer than that', () => {
    expect(toCome('2026-12-03T00:00:00Z')).toEqual(Array.from({ length: 3 }, () => [false, undefined, []]));
  });
});

test('days that were not read are named with their reason, in a row where they have the same', () => {
  const read = days(6, 22).filter((one) => one !== day(10));
  const missing = [
    { day: day(10), why: 'it is down' },
    ...days(1, 3).map((one) => ({ day: one, why: 'it was not read' })),
    { day: day(5), why: 'it was not read' },
  ];
  const spent = by('person', callers([usage(6, ANA, 5)], { days: read, missing }));
  expect(spent.unknown).toEqual([
    '2026-11-01 to 2026-11-03: it was not read',
    '2026-11-04: nobody has read them',
    '2026-11-05: it was not read',
    '2026-11-10: it is down',
  ]);
  expect(spent).toMatchObject({
    total: 5,
    atLeast: true,
    toCome: '2026-11-23 and later, which the next daily reports read',
  });
});
