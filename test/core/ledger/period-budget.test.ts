import type { PeriodKey } from '../../../core/shared-budgets';
import { HOUR_MS, utcMonth } from '../../../core/calendar';
import { untouched, type BudgetState, type BudgetRecord } from '../../../core/ledger/budget';
import { endOfHour, GRACE_MS, hourOf, transition, type Hold } from '../../../core/ledger/hold';
import { PeriodBudget, type PeriodBudgetDeps } from '../../../core/ledger/period-budget';
import { LedgerUnavailable, type GuardStatus } from '../../../core/ledger/ports';
import type { LedgerStore } from '../../../core/ledger/store';
import { nanoUsd, usd, ZERO, type NanoUsd } from '../../../core/money';

const NOW = Date.parse('2026-11-12T10:20:00Z');
const MONTH = utcMonth(NOW);

const hold = (id: string, expiresAtMs = NOW + 60_000): Hold => ({
  ...{ id, claim: 'active', amount: usd(1), expiresAtMs, writtenBy: '1' },
});

const status = (more: Partial<GuardStatus> = {}): GuardStatus => ({
  ...{ desired: 'open', asOf: 5, month: MONTH, spentAtLeast: ZERO, limit: usd(50) },
  ...more,
});

/** A process's view of a budget that is stored as `record`, of which the store does no more than it is told to. */
function budgetOf(record: BudgetRecord | undefined, deps: Partial<PeriodBudgetDeps> = {}) {
  const world = { now: NOW, record, status: undefined as GuardStatus | undefined };
  const change = (state: Partial<BudgetState>) => {
    if (world.record) world.record = { ...world.record, state: { ...world.record.state, ...state } };
    return Promise.resolve(true);
  };
  const store = {
    read: jest.fn<ReturnType<LedgerStore['read']>, Parameters<LedgerStore['read']>>(() =>
      Promise.resolve(world.record),
    ),
    open: jest.fn((_: unknown, state: BudgetState) => {
      world.record = { state, holds: [] };
      return Promise.resolve();
    }),
    adjust: jest.fn<ReturnType<LedgerStore['adjust']>, Parameters<LedgerStore['adjust']>>((_, { to }) => change(to)),
    release: jest.fn<ReturnType<LedgerStore['release']>, Parameters<LedgerStore['release']>>((_, { to }) => change(to)),
    commit: jest.fn<ReturnType<LedgerStore['commit']>, Parameters<LedgerStore['commit']>>(() =>
      Promise.resolve({ done: true }),
    ),
  };
  const budget = new PeriodBudget(MONTH, {
    ...{
      store,
      limit: usd(100),
      now: () => world.now,
      word: (period: PeriodKey) => (world.status?.month === period ? world.status : undefined),
    },
    ...deps,
  });
  return { world, store, budget };
}

const recordOf = (state: Partial<BudgetState> = {}, holds: readonly Hold[] = []): BudgetRecord => ({
  state: { ...untouched(usd(100)), ...state },
  holds,
});

describe('opening a month', () => {
  test.each([
    ["with the limit of the meter's word", status(), usd(50)],
    ['with its own before the meter has spoken', undefined, usd(100)],
    [
      'with its own where the meter speaks of another month',
      status({ month: utcMonth(NOW - 30 * 86_400_000) }),
      usd(100),
    ],
  ])('%s', async (_, said, limit) => {
    const { world, store, budget } = budgetOf(undefined);
    world.status = said;
    expect((await budget.read()).state).toMatchObject({ limit, remaining: limit });
    expect(store.open.mock.calls).toEqual([[MONTH, untouched(limit)]]);
  });

  test('is left to the first, and one without a meter opens it too', async () => {
    const { store, budget } = budgetOf(recordOf());
    await budget.read();
    expect([store.open.mock.calls.length, store.read.mock.calls.length]).toEqual([0, 1]);
    const unmetered = budgetOf(undefined, { word: undefined as never });
    expect(await unmetered.budget.read()).toBe(unmetered.world.record);
  });

  test('that does not come into being is unavailable', async () => {
    const { store, budget } = budgetOf(undefined);
    store.open.mockImplementation(() => Promise.resolve());
    await expect(budget.read()).rejects.toThrow(LedgerUnavailable);
  });
});

describe("the meter's word", () => {
  test.each([
    [4, 0],
    [5, 0],
    [6, 1],
  ])('as of %d is applied %d times to a budget that has one as of 5', async (asOf, times) => {
    const { world, store, budget } = budgetOf(recordOf({ statusAsOf: 5 }));
    world.status = status({ asOf });
    const record = await budget.read();
    expect(store.adjust).toHaveBeenCalledTimes(times);
    expect(store.release).not.toHaveBeenCalled();
    expect(record.state.limit).toBe(times === 0 ? usd(100) : usd(50));
    expect(budget.known).toBe(record);
  });

  test('of complete hours gives back what was charged and not used, and what is known is what is stored then', async () => {
    const hours = [{ hour: hourOf(NOW) - 3, known: ZERO, unsettled: usd(4) }];
    const { world, store, budget } = budgetOf(recordOf({ spent: usd(4), unsettled: usd(4), hours }));
    world.status = status({ complete: { until: (hourOf(NOW) - 1) * HOUR_MS, spent: usd(1) } });
    const { state } = await budget.read();
    expect(store.release.mock.calls).toMatchObject([[MONTH, { remaining: usd(3), spent: usd(-3) }]]);
    expect(state.unsettled).toBe(usd(1));
  });

  test('is new until a read was held against it', async () => {
    const { world, budget } = budgetOf(recordOf());
    expect(budget.newWord()).toBeUndefined();
    world.status = status();
    expect(budget.newWord()).toBe(world.status);
    await budget.read();
    expect(budget.newWord()).toBeUndefined();
    world.status = status({ asOf: 6 });
    expect(budget.newWord()).toBe(world.status);
  });

  test('of another month says nothing', () => {
    const { world, budget } = budgetOf(recordOf());
    world.status = status({ month: utcMonth(NOW + 30 * 86_400_000) });
    expect(budget.newWord()).toBeUndefined();
  });

  test.each([
    [nanoUsd(usd(100) - 1), true],
    [usd(100), false],
    [nanoUsd(usd(100) + 1), false],
  ])('of %d nano-dollars where the limit is $100: it is lowered: %s', async (limit, lowered) => {
    const { world, budget } = budgetOf(recordOf());
    world.status = status({ limit });
    // Before the first read nothing is granted anyway.
    expect(budget.limitIsLowered()).toBe(false);
    world.status = undefined;
    await budget.read();
    expect(budget.limitIsLowered()).toBe(false);
    world.status = status({ limit });
    expect(budget.limitIsLowered()).toBe(lowered);
  });
});

describe('charged in this hour without known usage', () => {
  const hour = hourOf(NOW);
  const state = (unsettled: NanoUsd, at = hour): BudgetState => ({
    ...untouched(usd(100)),
    hours: [
      { hour: hour - 1, known: ZERO, unsettled: at === hour ? ZERO : usd(99) },
      { hour: at, known: usd(99), unsettled },
    ],
  });

  test.each([
    ['a nano-dollar less than a fifth of the limit', state(nanoUsd(usd(20) - 1)), 0],
    ['a fifth', state(usd(20)), endOfHour(hour) - NOW],
    ['more, in another hour', state(usd(30), hour - 2), 0],
    ['nothing yet', untouched(usd(100)), 0],
  ])('%s', (_, charged, ms) => {
    expect(budgetOf(undefined).budget.heldUpFor(charged)).toBe(ms);
  });

  test.each([
    [nanoUsd(usd(3) - 1), 0],
    [usd(3), endOfHour(hour) - NOW],
  ])('%d nano-dollars where $3 are allowed', (charged, ms) => {
    expect(budgetOf(undefined, { unsettledPerHour: usd(3) }).budget.heldUpFor(state(charged))).toBe(ms);
  });
});

describe('a write', () => {
  const own = hold('own');
  const settle = transition(own, { ...own, amount: ZERO }, { spent: usd(1), grants: false, now: NOW });
  const take = transition(undefined, own, { spent: ZERO, grants: true, now: NOW });

  test('drops the hours that are known to be over for six', async () => {
    const hours = [-6, -5].map((ago) => ({ hour: hourOf(NOW) + ago, known: usd(1), unsettled: ZERO }));
    const { store, budget } = budgetOf(recordOf({ hours }));
    await budget.commit(take);
    await budget.read();
    await budget.commit(take);
    expect(store.commit.mock.calls).toEqual([
      [MONTH, take, []],
      [MONTH, take, [hourOf(NOW) - 6]],
    ]);
  });

  test('that is done changes what is known by what was written', async () => {
    const { budget } = budgetOf(recordOf({}, [hold('other')]));
    await budget.commit(take);
    expect(budget.known).toBeUndefined();
    await budget.read();
    await budget.commit(take);
    expect(budget.known).toEqual(recordOf({ remaining: usd(99) }, [hold('other'), own]));
    await budget.commit(settle);
    expect(budget.known).toEqual(recordOf({ remaining: usd(99), spent: usd(1) }, [hold('other')]));
  });

  test('that was overtaken changes nothing that is known', async () => {
    const { store, budget } = budgetOf(recordOf());
    const known = await budget.read();
    store.commit.mockResolvedValue({ done: false });
    expect(await budget.commit(take)).toEqual({ done: false });
    expect(budget.known).toBe(known);
  });

  test('whose answer says what is stored makes it known', async () => {
    const { store, budget } = budgetOf(recordOf());
    await budget.read();
    const stored = recordOf({ spent: usd(7) });
    store.commit.mockResolvedValue({ done: true, stored });
    await budget.commit(take);
    expect(budget.known).toBe(stored);
  });
});

describe('a look for holds that ran out', () => {
  const out = (id: string): Hold => hold(id, NOW - GRACE_MS - 1);

  test("charges those of others, not one's own and none that is alive, and reads what is left", async () => {
    const { world, store, budget } = budgetOf(recordOf());
    const record = recordOf({}, [out('own'), hold('alive'), out('dead')]);
    expect(await budget.chargeExpired(record, 'own')).toBe(world.record);
    expect(store.commit).toHaveBeenCalledTimes(1);
    expect(store.commit.mock.calls[0]![1]).toMatchObject({ from: { id: 'dead' }, to: { claim: 'charged' } });
    expect(store.read).toHaveBeenCalledTimes(1);
  });

  test('finds none, and asks for nothing more', async () => {
    const { store, budget } = budgetOf(recordOf());
    const record = recordOf({}, [hold('alive')]);
    expect(await budget.chargeExpired(record, 'own')).toBe(record);
    expect(store.read).not.toHaveBeenCalled();
  });

  test.each([
    [9999, 1],
    [10_000, 2],
  ])('%d ms after the last one: %d in all', async (ms, looks) => {
    const { world, store, budget } = budgetOf(recordOf());
    const record = recordOf({}, [out('dead')]);
    await budget.chargeExpired(record, 'own');
    world.now += ms;
    await budget.chargeExpired(record, 'own');
    expect(store.commit).toHaveBeenCalledTimes(looks);
  });

  test.each([
    [20, 20],
    [21, 20],
  ])('of %d charges %d', async (dead, charged) => {
    const { store, budget } = budgetOf(recordOf());
    const holds = Array.from({ length: dead }, (_, id) => out(`h${id}`));
    await budget.chargeExpired(recordOf({}, holds), 'own');
    expect(store.commit).toHaveBeenCalledTimes(charged);
  });
});

describe('a peek', () => {
  test('asked for at once it is one; while it is on its way those who ask share the next, which sees what was written since', async () => {
    const { budget, store, world } = budgetOf(recordOf({ spent: usd(1) }));
    let answer: (record: BudgetRecord) => void = () => {};
    store.read.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const first = [budget.peek(), budget.peek()];
    await Promise.resolve();
    await Promise.resolve();
    world.record = recordOf({ spent: usd(2) });
    const next = [budget.peek(), budget.peek()];
    expect(store.read).toHaveBeenCalledTimes(1);
    answer(recordOf({ spent: usd(1) }));
    expect((await Promise.all([...first, ...next])).map((found) => found?.state.spent)).toEqual(
      [1, 1, 2, 2].map((dollars) => usd(dollars)),
    );
    expect(store.read).toHaveBeenCalledTimes(2);
  });

  test('after one that failed the next is sent all the same', async () => {
    const { budget, store } = budgetOf(recordOf());
    store.read.mockRejectedValueOnce(new LedgerUnavailable('away'));
    await expect(budget.peek()).rejects.toBeInstanceOf(LedgerUnavailable);
    expect(await budget.peek()).toBeDefined();
  });
});
