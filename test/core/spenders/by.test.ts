import { describe, expect, test } from '@jest/globals';
import { nanoUsd } from '../../../core/money';
import { arnOf, callers, day, sumOf, usage } from '../../helpers/spenders';
import { ANA, by } from './spent';

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

describe('shares', () => {
  test('never come to more than all, and nothing has one of nothing', () => {
    const thirds = by('person', callers(['a', 'b', 'c'].map((name) => usage(1, arnOf.user(name), 1))));
    expect(thirds.rows.map(({ sharePercent }) => sharePercent)).toEqual([33.3, 33.3, 33.3]);
    const [row] = by('person', callers([usage(1, ANA, 0)])).rows;
    expect(row).not.toHaveProperty('sharePercent');
  });
});
