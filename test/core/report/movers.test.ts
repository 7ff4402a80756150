import { usd } from '../../../core/money';
import { moversOf, type Mover } from '../../../core/report/movers';
import { daysOf, each, NOW } from './sample-report';

/** Of 2026-11-23: the 21st counts as a whole, the 22nd may grow. */
function movers(...days: readonly ReturnType<typeof daysOf>[]): readonly Mover[] {
  const found = moversOf(days.flat(), 'models', NOW);
  if (found.kind !== 'known') throw new Error(found.why);
  return found.movers;
}

const names = (found: readonly Mover[]) => found.map(({ name }) => name);

test('more and less than usual, in dollars and percent, the largest difference first', () => {
  const found = movers(
    each('up', 1),
    daysOf('up', [['2026-11-21', 4]]),
    each('down', 10),
    daysOf('down', [['2026-11-21', '2.50']]),
    each('same', 5),
    daysOf('same', [['2026-11-21', 5]]),
  );
  expect(found).toMatchObject([
    { name: 'down', difference: usd('-7.50'), percent: -75, amount: usd('2.50'), soFar: false },
    { name: 'up', difference: usd(3), percent: 300, usual: { kind: 'known', amount: usd(1) }, day: '2026-11-21' },
  ]);
});

test.each([
  ['a cent', '1.01', 1],
  ['less than a cent', '1.0099', 0],
])('a difference of %s', (_what, amount, count) => {
  expect(movers(each('a', 1), daysOf('a', [['2026-11-21', amount]]))).toHaveLength(count);
});

test('three at most', () => {
  const all = [1, 2, 3, 4, 5].flatMap((dollars) => daysOf(`m${dollars}`, [['2026-11-21', dollars]]));
  expect(names(movers(all))).toEqual(['m5', 'm4', 'm3']);
});

test.each([
  [2, 'unavailable'],
  [3, 'known'],
])('after %i days of its own a model has a usual day that is %s, and no difference without', (count, kind) => {
  const [found] = movers(each('a', 1, '2026-11-20', count), daysOf('a', [['2026-11-21', 4]]));
  expect(found!.usual.kind).toBe(kind);
  expect(found!.difference).toBe(kind === 'known' ? usd(3) : undefined);
  expect(found!.percent).toBe(kind === 'known' ? 300 : undefined);
});

test('where usual is nothing there is a difference, and no percentage', () => {
  const [found] = movers(
    each('a', 0, '2026-11-20', 4),
    daysOf('a', [['2026-11-12', 1]]),
    daysOf('a', [['2026-11-21', 4]]),
  );
  expect(found).toMatchObject({ difference: usd(4), usual: { kind: 'known', amount: 0 } });
  expect(found).not.toHaveProperty('percent');
});

describe('a bill that is late', () => {
  test('yesterday counts where it is above the usual already', () => {
    const found = movers(each('a', 1), daysOf('a', [['2026-11-21', 1]]), daysOf('a', [['2026-11-22', 9]]));
    expect(found).toMatchObject([{ day: '2026-11-22', difference: usd(8), soFar: true }]);
  });

  test('yesterday does not count where it is under the usual: it may not be whole', () => {
    expect(movers(each('a', 1), daysOf('a', [['2026-11-21', 1]]), daysOf('a', [['2026-11-22', '0.1']]))).toEqual([]);
  });

  test('a name without a line on a day that others have one is not billed yet, which is no $0, and stands behind what is known', () => {
    const found = movers(each('a', 9), each('b', 1), daysOf('b', [['2026-11-21', 2]]));
    expect(found).toMatchObject([
      { name: 'b', difference: usd(1) },
      { name: 'a', usual: { amount: usd(9) } },
    ]);
    expect(found[1]).not.toHaveProperty('amount');
    expect(found[1]).not.toHaveProperty('difference');
  });

  test('a day that nothing was billed on is no day without spend', () => {
    expect(moversOf(each('a', 1), 'models', NOW)).toEqual({
      kind: 'unavailable',
      why: 'the bill has no line of 2026-11-21 yet',
    });
  });

  test('no bill at all', () => {
    expect(moversOf([], 'models', NOW).kind).toBe('unavailable');
  });
});

test('rows of one name and day are one', () => {
  const [found] = movers(each('a', 1), daysOf('a', [['2026-11-21', 2]]), daysOf('a', [['2026-11-21', 3]]));
  expect(found).toMatchObject({ amount: usd(5), difference: usd(4) });
});
