import { utcDay } from '../../../core/calendar';
import type { GuardStatus, LedgerPort, Reservation } from '../../../core/ledger/ports';
import { usd, ZERO } from '../../../core/money';
import type { PeriodKey } from '../../../core/shared-budgets';
import { BUDGETS, DAY, MONTH, NIGHTLY, refused, SEARCH, Tree } from '../../helpers/budget-tree';
import { reserved } from '../../helpers/ledger-processes';

describe('periods turn each for itself', () => {
  test('a call of yesterday settles in yesterday and in the month that goes on', async () => {
    const tree = new Tree(BUDGETS, '2026-11-12T23:59:59Z');
    const ledger = tree.start();
    const late = reserved(await ledger.reserve(usd(8), 'search/nightly'));
    await tree.processes.pass(2);
    const early = reserved(await ledger.reserve(usd(8), 'search/nightly'));
    await ledger.settle(late, usd(3));
    await ledger.settle(early, usd(1));
    expect(tree.line()[0]).toEqual([usd(4), usd(96)]);
    expect(tree.item('search/nightly', '2026-11-12' as PeriodKey)).toMatchObject({ spent: usd(3) });
    expect(tree.item('search/nightly', '2026-11-13' as PeriodKey)).toMatchObject({ spent: usd(1) });
  });

  test('the month turns within a week: the week goes on, and each month has its own part', async () => {
    const tree = new Tree(BUDGETS, '2026-11-30T23:59:59Z');
    const ledger = tree.start();
    const late = reserved(await ledger.reserve(usd(8), 'ads'));
    await tree.processes.pass(2);
    const early = reserved(await ledger.reserve(usd(8), 'ads'));
    await ledger.settle(early, usd(2));
    await ledger.settle(late, usd(3));
    expect(tree.item('ads', '2026-W49' as PeriodKey)).toMatchObject({ spent: usd(5), remaining: usd(25) });
    expect(tree.item('', '2026-11' as PeriodKey)).toMatchObject({ spent: usd(3) });
    expect(tree.item('', '2026-12' as PeriodKey)).toMatchObject({ spent: usd(2) });
  });

  test('while a call waits between two of them: all are of the time it was asked', async () => {
    const tree = new Tree(BUDGETS, '2026-11-30T23:59:59.990Z');
    const ledger = tree.start();
    const asked = ledger.reserve(usd(1), 'search/nightly');
    while (tree.item('', '2026-11' as PeriodKey) === undefined) await tree.processes.pass(0);
    await tree.processes.pass(1);
    const call: Reservation = reserved(await asked);
    expect(call.period).toBe('2026-11-30');
    expect(call.within?.map(({ period }) => period)).toEqual(['2026-11', '2026-11']);
  });
});

describe('what is left is had in the next period, up to the cap', () => {
  const carried = async (spent: number, rolloverUpTo: number, days: number) => {
    const tree = new Tree([SEARCH, { ...NIGHTLY, rolloverUpTo: usd(rolloverUpTo) }]);
    const ledger = tree.start();
    await ledger.settle(reserved(await ledger.reserve(usd(spent), 'search/nightly')), usd(spent));
    await tree.processes.pass(days * 86_400);
    await ledger.settle(reserved(await ledger.reserve(usd('0.5'), 'search/nightly')), usd('0.5'));
    return tree.item('search/nightly', utcDay(tree.processes.time.now));
  };

  test.each([
    [7, 4, 1, 3],
    [6, 4, 1, 4],
    [5, 4, 1, 4],
    [10, 4, 1, 0],
    // A day of which nothing was used adds all of it.
    [10, 4, 2, 4],
    [10, 15, 2, 10],
    [10, 15, 3, 15],
    // After a week without use nothing is known.
    [1, 4, 7, 4],
    [1, 4, 8, 0],
  ])('of $10 a day $%d are used, the cap is $%d: %d days later $%d more', async (spent, cap, days, more) => {
    const item = await carried(spent, cap, days);
    expect(item).toMatchObject({ limit: usd(10 + more), spent: usd('0.5'), remaining: usd(`${9.5 + more}`) });
    expect(item?.['carried']).toBe(more === 0 ? undefined : usd(more));
  });

  test('what calls in flight hold is not left', async () => {
    const tree = new Tree([SEARCH, { ...NIGHTLY, rolloverUpTo: usd(10) }]);
    const ledger = tree.start();
    reserved(await ledger.reserve(usd(4), 'search/nightly'));
    await tree.processes.pass(14 * 3600);
    reserved(await ledger.reserve(usd(1), 'search/nightly'));
    expect(tree.item('search/nightly', '2026-11-13' as PeriodKey)).toMatchObject({ limit: usd(16), carried: usd(6) });
  });
});

describe("the deployed guard's word on limits", () => {
  const said = (limits: Record<string, number>, since: number): GuardStatus => ({
    ...{ desired: 'open', asOf: since, month: MONTH as GuardStatus['month'], spentAtLeast: ZERO, limit: usd(100) },
    budgets: { limits: Object.fromEntries(Object.entries(limits).map(([path, each]) => [path, usd(each)])), since },
  });

  test('counts over that of the config, whichever process has heard it', async () => {
    const tree = new Tree();
    const world = { status: undefined as GuardStatus | undefined };
    const [told, older] = [tree.start({ status: () => world.status }), tree.start()];
    const spend = (ledger: LedgerPort, amount: number) => ledger.reserve(usd(amount), 'search/nightly');
    const call = reserved(await spend(told, 8));
    world.status = said({ 'search/nightly': 20, search: 50, ads: 30 }, 5);
    await told.settle(reserved(await spend(told, 11)), usd(11));
    await told.settle(call, usd(8));
    expect(tree.item('search/nightly', DAY)).toMatchObject({ limit: usd(20), remaining: usd(1) });
    // Lowered below what is spent: no call more, and nothing is lost.
    world.status = said({ 'search/nightly': 5, search: 50, ads: 30 }, 6);
    expect(refused(await spend(told, 1))).toMatchObject({ budget: 'search/nightly', soft: false, remaining: usd(-14) });
    expect(refused(await spend(older, 1))).toMatchObject({ budget: 'search/nightly', soft: false });
    expect(tree.item('search/nightly', DAY)).toMatchObject({ limit: usd(5), spent: usd(19), remaining: usd(-14) });
  });

  test('leaves what was carried over', async () => {
    const tree = new Tree([SEARCH, { ...NIGHTLY, rolloverUpTo: usd(4) }]);
    const world = { status: undefined as GuardStatus | undefined };
    const ledger = tree.start({ status: () => world.status });
    await ledger.settle(reserved(await ledger.reserve(usd(1), 'search/nightly')), usd(1));
    await tree.processes.pass(86_400);
    await ledger.settle(reserved(await ledger.reserve(usd(1), 'search/nightly')), usd(1));
    world.status = said({ 'search/nightly': 20, search: 50 }, 5);
    reserved(await ledger.reserve(usd(23), 'search/nightly'));
    expect(tree.item('search/nightly', '2026-11-13' as PeriodKey)).toMatchObject({ limit: usd(24), remaining: 0 });
  });

  test('a parent is lowered while a call is in flight below it: the call goes on, the next does not', async () => {
    const tree = new Tree();
    const world = { status: undefined as GuardStatus | undefined };
    const ledger = tree.start({ status: () => world.status });
    const call = reserved(await ledger.reserve(usd(8), 'search/nightly'));
    world.status = said({ 'search/nightly': 10, search: 5, ads: 30 }, 5);
    expect(refused(await ledger.reserve(usd(1), 'search/nightly'))).toMatchObject({ budget: 'search' });
    await ledger.settle(call, usd(7));
    expect(tree.item('search', MONTH)).toMatchObject({ limit: usd(5), spent: usd(7), remaining: usd(-2) });
    // Raised in mid-call.
    const other = tree.start({ status: () => world.status });
    world.status = said({ 'search/nightly': 10, search: 60, ads: 30 }, 6);
    reserved(await other.reserve(usd(3), 'search/nightly'));
    expect(tree.item('search', MONTH)).toMatchObject({ limit: usd(60), remaining: usd(50) });
  });

  test('spentAtLeast raises the environment, and no budget within it', async () => {
    const tree = new Tree();
    const status = { ...said({ 'search/nightly': 10, search: 50, ads: 30 }, 5), spentAtLeast: usd(97) };
    const ledger = tree.start({ status: () => status });
    expect(refused(await ledger.reserve(usd(4), 'search/nightly'))).not.toHaveProperty('budget');
    reserved(await ledger.reserve(usd(3), 'search/nightly'));
    expect(tree.line().map((one) => one?.[0])).toEqual([usd(97), 0, 0]);
  });

  test('what was charged without knowing comes back below where the meter has seen nothing of it above', async () => {
    const tree = new Tree(BUDGETS, '2026-11-12T10:30:00Z');
    const world = { status: undefined as GuardStatus | undefined };
    const ledger = tree.start({ status: () => world.status });
    await ledger.settle(reserved(await ledger.reserve(usd(1), 'search/nightly')), usd(1));
    await ledger.settle(reserved(await ledger.reserve(usd(4), 'search/nightly')), usd(4), usd(4));
    await tree.processes.pass(3 * 3600);
    const until = Date.parse('2026-11-12T13:00:00Z');
    const seen = (spent: number, asOf: number): GuardStatus => ({
      ...said({ 'search/nightly': 10, search: 50, ads: 30 }, 5),
      ...{ asOf, complete: { until, spent: usd(spent) } },
    });
    // Of the $4, $1 may have been used, by whom the meter cannot tell.
    world.status = seen(2, until + 1);
    await ledger.settle(reserved(await ledger.reserve(usd(1), 'search/nightly')), ZERO);
    expect(tree.line().map((one) => one?.[0])).toEqual([usd(2), usd(5), usd(5)]);
    world.status = seen(1, until + 2);
    await ledger.settle(reserved(await ledger.reserve(usd(1), 'search/nightly')), ZERO);
    await ledger.settle(reserved(await ledger.reserve(usd(1), 'search/nightly')), ZERO);
    expect(tree.line().map((one) => one?.[0])).toEqual([usd(1), usd(1), usd(1)]);
  });
});
