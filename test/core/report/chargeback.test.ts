import type { UtcMonth } from '../../../core/calendar';
import { MOST, nanoUsd, usd } from '../../../core/money';
import { chargeback, periodsOf } from '../../../core/report/chargeback';
import type { StoredBudget } from '../../../core/report/ports';
import type { BudgetNode } from '../../../core/shared-budgets';
import { node, NOW, readingOf, stored } from './stored-budgets';

const MONTH = '2026-11' as UtcMonth;
const AFTERWARDS = Date.parse('2027-01-15T00:00:00Z');

/** @param items by path and period, or by path alone for a month's */
function charged(nodes: readonly BudgetNode[], items: Readonly<Record<string, StoredBudget | string>>, now = NOW) {
  const asked = periodsOf(nodes, MONTH, now);
  const answers = asked.map(({ path, period }) => readingOf(items[period === MONTH ? path : `${path} ${period}`]));
  return chargeback({ month: MONTH, asked, stored: answers, now });
}

const rowOf = (rows: ReturnType<typeof charged>, kind: string) => rows.find((row) => row.kind === kind);

describe('periods of a month', () => {
  const periods = (period: BudgetNode['period'], month: string, now: number) =>
    periodsOf([node('a', 1, period)], month as UtcMonth, now)
      .slice(1)
      .map((one) => one.period);

  test('each day that has begun', () => {
    const days = periods('day', MONTH, NOW);
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-11-01', '2026-11-28', 28]);
    expect(periods('day', MONTH, AFTERWARDS)).toHaveLength(30);
  });

  test('each week whose Thursday is in it, so that none is in two months', () => {
    expect(periods('week', '2026-12', AFTERWARDS)).toEqual([
      '2026-W49',
      '2026-W50',
      '2026-W51',
      '2026-W52',
      '2026-W53',
    ]);
    expect(periods('week', '2027-01', AFTERWARDS)).toEqual(['2027-W01', '2027-W02']);
    const year = Array.from({ length: 12 }, (_, at) => `2026-${String(at + 1).padStart(2, '0')}`);
    const weeks = year.flatMap((month) => periods('week', month, AFTERWARDS));
    expect([new Set(weeks).size, weeks.length]).toEqual([53, 53]);
  });

  test.each([
    ['a millisecond before its Monday', '2026-11-23T00:00:00Z', -1, '2026-W47'],
    ['on its Monday', '2026-11-23T00:00:00Z', 0, '2026-W48'],
  ])('a week is asked for from its beginning on: %s', (_when, monday, ms, last) => {
    expect(periods('week', MONTH, Date.parse(monday) + ms).at(-1)).toBe(last);
  });

  test('the month itself, whether anybody has called or not', () => {
    expect(periods('month', MONTH, NOW)).toEqual([MONTH]);
  });
});

test('rows by budget, the rest, and a total that is the environment’s', () => {
  const nodes = [node('search', 20), node('search/nightly', 2, 'day'), node('ads', 5)];
  const rows = charged(nodes, {
    ...{ '': stored(50, '12.000000001', { held: 1 }), search: stored(20, 8, { held: 1, unsettled: usd(2) }) },
    ...{
      ads: stored(5, 1),
      'search/nightly 2026-11-03': stored(2, '0.5'),
      'search/nightly 2026-11-04': stored(2, '0.7'),
    },
  });
  expect(rows).toEqual([
    { kind: 'budget', path: 'ads', period: MONTH, limit: usd(5), spent: usd(1), unsettled: 0, held: 0 },
    { kind: 'budget', path: 'search', period: MONTH, limit: usd(20), spent: usd(8), unsettled: usd(2), held: usd(1) },
    ...['03', '04'].map((day) => ({
      ...{ kind: 'within', path: 'search/nightly', period: `2026-11-${day}`, limit: usd(2), unsettled: 0, held: 0 },
      spent: usd(day === '03' ? '0.5' : '0.7'),
    })),
    { kind: 'rest', path: '', period: MONTH, spent: usd('3.000000001') },
    { kind: 'total', path: '', period: MONTH, limit: usd(50), spent: usd('12.000000001'), unsettled: 0, held: usd(1) },
  ]);
  const sum = rows
    .filter(({ kind }) => kind === 'budget' || kind === 'rest')
    .reduce((all, row) => all + (row.spent ?? 0), 0);
  expect(sum).toBe(usd('12.000000001'));
});

test('without budgets all is the rest', () => {
  expect(charged([], { '': stored(50, 3) }).map(({ kind, spent }) => [kind, spent])).toEqual([
    ['rest', usd(3)],
    ['total', usd(3)],
  ]);
});

test('days of a budget of the first level add up to what is not the rest', () => {
  const rows = charged([node('a', 2, 'day')], {
    '': stored(50, 3),
    'a 2026-11-01': stored(2, 1),
    'a 2026-11-28': stored(2, 1),
  });
  expect(rowOf(rows, 'rest')).toMatchObject({ spent: usd(1) });
});

test('a week that is in two months: the rest says so, and the total stays', () => {
  const nodes = [node('a', 9, 'week')];
  const within = charged(nodes, { '': stored(50, 3), 'a 2026-W46': stored(9, 1) });
  expect(rowOf(within, 'rest')).toEqual({ kind: 'rest', path: '', period: MONTH, spent: usd(2) });
  const december = periodsOf(nodes, '2026-12' as UtcMonth, AFTERWARDS);
  const answers = december.map(({ period }) => readingOf(period === '2026-12' ? stored(50, 1) : stored(9, 1)));
  const input = { month: '2026-12' as UtcMonth, asked: december, stored: answers, now: AFTERWARDS };
  const [rest] = chargeback(input).slice(-2);
  expect(rest).toMatchObject({
    spent: usd(-4),
    note: 'less what 2026-W49 has in another month, and the other way round',
  });
});

describe('unknown is never zero', () => {
  const nodes = [node('a', 20), node('a/x', 20), node('b', 20, 'day')];

  test('a month that nobody has called in: a row without an amount; a day: no row', () => {
    const rows = charged(nodes, { '': stored(50, 3) });
    expect(rows.map(({ path, spent }) => [path, spent])).toEqual([
      ...[['a', undefined] as const, ['a/x', undefined] as const],
      ...[['', usd(3)] as const, ['', usd(3)] as const],
    ]);
    expect(rows[0]?.note).toMatch(/nobody has called/);
  });

  test('one that cannot be read: neither is the rest known; the total is', () => {
    const rows = charged(nodes, { '': stored(50, 3), a: 'slow down' });
    expect(rows[0]).toMatchObject({ path: 'a', unknown: 'slow down' });
    expect(rowOf(rows, 'rest')).toEqual({ kind: 'rest', path: '', period: MONTH, unknown: 'that of a is' });
    expect(rowOf(rows, 'total')).toMatchObject({ spent: usd(3) });
  });

  test('one within another that cannot be read leaves the rest known', () => {
    const rows = charged(nodes, { '': stored(50, 3), a: stored(20, 1), 'a/x': 'slow down' });
    expect(rowOf(rows, 'rest')).toMatchObject({ spent: usd(2) });
  });

  test('amounts that make no sense, alone or together', () => {
    const odd = { ...stored(20, 1), remaining: nanoUsd(-MOST), spent: nanoUsd(-MOST) };
    expect(charged(nodes, { '': stored(50, 3), a: odd })[0]).toMatchObject({
      unknown: expect.stringMatching(/no sense/),
    });
    const much = { ...stored(20, 1), limit: MOST, spent: MOST, remaining: usd(0) };
    const rows = charged([node('a', 1), node('b', 1)], { '': stored(50, 3), a: much, b: much });
    expect(rowOf(rows, 'rest')).toMatchObject({ unknown: expect.stringMatching(/no sense/) });
  });

  test('a day that cannot be read has a row', () => {
    expect(charged(nodes, { '': stored(50, 3), 'b 2026-11-03': 'slow down' })).toContainEqual({
      ...{ kind: 'budget', path: 'b', period: '2026-11-03', unknown: 'slow down' },
    });
  });

  test.each([
    ['unknown', { '': 'slow down' }, { unknown: 'slow down' }],
    ['of a month without calls', {}, { note: expect.stringMatching(/nobody has called/) }],
  ])('the environment’s own is %s: so are rest and total', (_what, items, expected) => {
    for (const kind of ['rest', 'total']) {
      const row = rowOf(charged([], items), kind);
      expect(row).toMatchObject(expected);
      expect(row).not.toHaveProperty('spent');
    }
  });

  describe('an item is kept for 75 days after its period', () => {
    const day = [node('a', 2, 'day')];
    const items = { '': stored(50, 3), 'a 2026-11-02': stored(2, 1) };
    const rowsAt = (now: number) => charged(day, items, now).filter(({ path }) => path === 'a');
    // The end of the first of November, and 75 days.
    const gone = Date.parse('2027-01-16T00:00:00Z');

    test.each([
      ['until then a missing one is none that somebody has written', -1, ['2026-11-02']],
      ['from then on nobody knows', 0, ['2026-11-01', '2026-11-02']],
    ])('%s', (_what, ms, periods) => {
      const rows = rowsAt(gone + ms);
      expect(rows.map(({ period }) => period)).toEqual(periods);
      if (ms < 0) return;
      expect(rows[0]).toMatchObject({ unknown: expect.stringMatching(/kept for more than 75 days/) });
      expect(rows[1]).toMatchObject({ spent: usd(1) });
      expect(rowOf(charged(day, items, gone), 'rest')).toMatchObject({ unknown: 'that of a is' });
    });

    test('of the month too', () => {
      const now = Date.parse('2027-02-14T00:00:00Z');
      expect(rowOf(charged([], {}, now - 1), 'total')).toMatchObject({ note: 'nobody has called in this period' });
      expect(rowOf(charged([], {}, now), 'total')).toMatchObject({ unknown: expect.stringMatching(/75 days/) });
    });
  });

  test('fewer answers than were asked for', () => {
    const rows = chargeback({ month: MONTH, asked: periodsOf(nodes, MONTH, NOW), stored: [], now: NOW });
    expect(rows.every(({ unknown, spent }) => unknown !== undefined && spent === undefined)).toBe(true);
  });
});
