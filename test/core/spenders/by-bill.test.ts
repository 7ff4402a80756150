import { describe, expect, test } from '@jest/globals';
import { usd } from '../../../core/money';
import { spentByBill, spentByTag } from '../../../core/spenders/by';
import { billed, day, MONTH } from '../../helpers/spenders';
import { DECEMBER_3 } from './spent';

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
