import { describe, expect, test } from '@jest/globals';
import { MOST, nanoUsd } from '../../../core/money';
import { spentBy, spentByBill } from '../../../core/spenders/by';
import { arnOf, billed, callers, day, days, MONTH, usage } from '../../helpers/spenders';
import { ANA, by, DECEMBER_3 } from './spent';

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
