import type { UtcMonth } from '../../../core/calendar';
import { active, untouched } from '../../../core/ledger/budget';
import { charge, transition } from '../../../core/ledger/hold';
import { nanoUsd, usd, ZERO } from '../../../core/money';
import { LedgerUnavailable } from '../../../core/ledger/ports';
import { type BudgetPath, DEEPEST, periodAt } from '../../../core/shared-budgets';
import {
  ALTERED,
  done,
  hold,
  holdIn,
  HOUR,
  LEDGER_MONTH,
  type LedgerStoreSubject,
  LIMIT,
  NOW,
  opened,
  read,
  settled,
  state,
  taken,
} from '../ledger-store';
import { contract, type Case } from './contract';

/** As long and as deep as they may be, with all that may be in a part, and such as begin alike. */
const PATHS: readonly BudgetPath[] = [
  'search',
  'search/nightly',
  'search/nightly2',
  'search2',
  'a-b/a_b/a.b/0',
  Array.from({ length: DEEPEST }, () => 'x'.repeat(64)).join('/'),
];
const PERIODS = (['month', 'week', 'day'] as const).map((period) => periodAt(period, NOW));

export const ledgerStoreContract = contract<LedgerStoreSubject>('ledger-store', [
  {
    name: 'a month that nobody opened is undefined, and nothing is granted in it',
    async run({ store }) {
      expect(await store.read(LEDGER_MONTH)).toBeUndefined();
      expect(await done(store, taken(hold('a', usd(1))))).toBe(false);
      expect(await store.read(LEDGER_MONTH)).toBeUndefined();
    },
  },
  {
    name: 'the first to open a month sets its limit',
    async run(subject) {
      const store = await opened(subject);
      await store.open(LEDGER_MONTH, untouched(usd(7)));
      expect(await read(store)).toEqual({ state: untouched(LIMIT), holds: [] });
      expect(await store.read('2026-12' as UtcMonth)).toBeUndefined();
    },
  },
  {
    name: 'a grant takes from what remains and writes its hold, both or neither',
    async run(subject) {
      const store = await opened(subject);
      const first = hold('a', usd('99.999999999'));
      expect(await done(store, taken(first))).toBe(true);
      expect(await state(store)).toMatchObject({ remaining: 1, spent: 0 });
      expect(await holdIn(store, 'a')).toEqual(first);
      expect(await done(store, taken(hold('b', nanoUsd(2))))).toBe(false);
      expect(await holdIn(store, 'b')).toBeUndefined();
      expect(await done(store, taken(hold('b', nanoUsd(1))))).toBe(true);
      expect(await state(store)).toMatchObject({ remaining: 0, spent: 0 });
    },
  },
  {
    name: 'a settlement gives back what was not spent, and leaves no hold of nothing behind',
    async run(subject) {
      const store = await opened(subject);
      await done(store, taken(hold('a', usd(5))));
      expect(await done(store, settled(hold('a', usd(5)), usd(2), usd('0.5')))).toBe(true);
      expect(await read(store)).toEqual({
        state: {
          ...untouched(LIMIT),
          remaining: usd(98),
          spent: usd(2),
          unsettled: usd('0.5'),
          hours: [{ hour: HOUR, known: usd('1.5'), unsettled: usd('0.5') }],
        },
        holds: [],
      });
    },
  },
  {
    name: 'hours add up, and are forgotten on demand, which changes no sum',
    async run(subject) {
      const store = await opened(subject);
      for (const id of ['a', 'b', 'c']) {
        await done(store, taken(hold(id, usd(5))));
        await done(store, settled(hold(id, usd(5)), usd(2), usd(1)));
      }
      const before = await state(store);
      expect(before).toMatchObject({ unsettled: usd(3), hours: [{ known: usd(3), unsettled: usd(3) }] });
      await done(store, taken(hold('d', usd(1))), [HOUR]);
      expect(await state(store)).toEqual({ ...before, remaining: usd(93), hours: [] });
    },
  },
  {
    name: 'whoever goes by a hold that has changed is refused, and nothing changes',
    async run(subject) {
      const store = await opened(subject);
      const before = hold('a', usd(5));
      await done(store, taken(before));
      await done(store, charge(before, NOW));
      const stored = await read(store);
      for (const stale of [settled(before, usd(1)), charge(before, NOW), taken(before)]) {
        expect(await done(store, stale)).toBe(false);
      }
      expect(await read(store)).toEqual(stored);
      expect(stored.state).toMatchObject({ remaining: usd(95), spent: usd(5), unsettled: usd(5) });
      expect(stored.holds).toEqual([{ ...before, claim: 'charged' }]);
    },
  },
  {
    name: 'sent twice a write is made once, whether it begins, changes or ends its hold',
    async run(subject) {
      const store = await opened(subject);
      const [first, grown] = [hold('a', usd(5)), hold('a', usd(6), { writtenBy: '2' })];
      const grow = transition(first, grown, { spent: usd(1), grants: true, now: NOW });
      for (const change of [taken(first), grow, settled(grown, usd(1))]) {
        expect([await done(store, change), await done(store, change)]).toEqual([true, false]);
      }
      expect(await state(store)).toMatchObject({ remaining: usd(98), spent: usd(2) });
    },
  },
  {
    name: 'of two that change the same hold at once one is refused',
    async run(subject) {
      const store = await opened(subject);
      const before = hold('a', usd(5));
      await done(store, taken(before));
      const both = await Promise.all([1, 2].map((n) => store.commit(LEDGER_MONTH, settled(before, usd(n)))));
      expect(both.map((one) => one.done).toSorted()).toEqual([false, true]);
    },
  },
  {
    name: 'of many that grant at once no more are let in than fit, and every nano-dollar is accounted for',
    async run(subject) {
      const store = await opened(subject);
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, index) => store.commit(LEDGER_MONTH, taken(hold(`h${index}`, usd(15))))),
      );
      expect(outcomes.filter((outcome) => outcome.done)).toHaveLength(6);
      const after = await state(store);
      expect(after).toMatchObject({ remaining: usd(10), spent: 0 });
      expect(active(after)).toBe(usd(90));
    },
  },
  {
    name: 'the meter’s word changes a budget that is as it was read, and adds to what is stored by then',
    async run(subject) {
      const store = await opened(subject);
      const from = { limit: LIMIT, raised: ZERO, statusAsOf: 0 };
      const to = { limit: usd(80), raised: usd(3), statusAsOf: NOW };
      await done(store, taken(hold('a', usd(5))));
      const adjustment = { from, to, remaining: nanoUsd(-usd(23)), spent: usd(3) };
      expect(await store.adjust(LEDGER_MONTH, adjustment)).toBe(true);
      const expected = { ...to, remaining: usd(72), spent: usd(3) };
      expect(await state(store)).toMatchObject(expected);
      expect(await store.adjust(LEDGER_MONTH, adjustment)).toBe(false);
      expect(await state(store)).toMatchObject(expected);
      expect(await store.adjust('2026-12' as UtcMonth, adjustment)).toBe(false);
    },
  },
  {
    name: 'a release gives back once, and takes the charged holds with it; what was charged since is in its way',
    async run(subject) {
      const store = await opened(subject);
      const dead = hold('a', usd(5));
      await done(store, taken(dead));
      await done(store, charge(dead, NOW));
      const from = { unsettled: usd(5), raised: ZERO, statusAsOf: 0, releases: 0 };
      const to = { unsettled: usd(1), raised: ZERO };
      const back = {
        from,
        to,
        remaining: usd(4),
        spent: nanoUsd(-usd(4)),
        holds: [{ ...dead, claim: 'charged' as const }],
      };
      expect(await store.release(LEDGER_MONTH, { ...back, from: { ...from, unsettled: usd(4) } })).toBe(false);
      expect(await store.release(LEDGER_MONTH, back)).toBe(true);
      const after = await read(store);
      expect(after.state).toMatchObject({ remaining: usd(99), spent: usd(1), unsettled: usd(1) });
      expect(after.holds).toEqual([]);
      expect(await store.release(LEDGER_MONTH, back)).toBe(false);
      expect(await read(store)).toEqual(after);
      // Delivered a second time when as much has been charged again.
      const broken = { spent: usd(4), unsettled: usd(4), grants: false, now: NOW };
      await done(store, transition(undefined, hold('b', usd(1)), broken));
      expect(await store.release(LEDGER_MONTH, { ...back, holds: [] })).toBe(false);
      expect(await state(store)).toMatchObject({ unsettled: usd(5), spent: usd(5), remaining: usd(94) });
    },
  },
  {
    name: 'a release takes no hold with it that has come alive, though as much is charged as before',
    async run(subject) {
      const store = await opened(subject);
      const dead = hold('a', usd(5));
      await done(store, taken(dead));
      await done(store, charge(dead, NOW));
      const charged = { ...dead, claim: 'charged' as const };
      const alive = { ...hold('a', usd(2)), writtenBy: 'next' };
      const broken = { spent: usd(5), unsettled: usd(5), grants: true, now: NOW };
      expect(await done(store, transition(charged, alive, broken))).toBe(true);
      const from = { unsettled: usd(5), raised: ZERO, statusAsOf: 0, releases: 0 };
      const back = { from, to: { unsettled: ZERO, raised: ZERO }, remaining: usd(5), spent: nanoUsd(-usd(5)) };
      expect(await store.release(LEDGER_MONTH, { ...back, holds: [charged] })).toBe(false);
      expect(await read(store)).toMatchObject({ state: { remaining: usd(93), spent: usd(5) }, holds: [alive] });
    },
  },
  {
    name: 'under a limit that was lowered what remains is below zero, and nothing is granted',
    async run(subject) {
      const store = await opened(subject);
      await done(store, taken(hold('a', usd(50))));
      const [from, to] = [
        { limit: LIMIT, raised: ZERO, statusAsOf: 0 },
        { limit: usd(10), raised: ZERO, statusAsOf: 1 },
      ];
      await store.adjust(LEDGER_MONTH, { from, to, remaining: nanoUsd(-usd(90)), spent: ZERO });
      expect(await state(store)).toMatchObject({ remaining: -usd(40) });
      expect(await done(store, taken(hold('b', nanoUsd(1))))).toBe(false);
    },
  },
  {
    name: 'what was carried over is a part of the limit, whatever is granted, settled and said of the limit after that',
    async run({ store }) {
      const carried = usd(20);
      await store.open(LEDGER_MONTH, untouched(LIMIT, carried));
      expect(await read(store)).toEqual({ state: untouched(LIMIT, carried), holds: [] });
      const first = hold('a', usd(120));
      expect(await done(store, taken(first))).toBe(true);
      expect(await done(store, taken(hold('b', nanoUsd(1))))).toBe(false);
      expect(await done(store, settled(first, usd(70)))).toBe(true);
      const [from, to] = [
        { limit: usd(120), raised: ZERO, statusAsOf: 0 },
        { limit: usd(80), raised: ZERO, statusAsOf: NOW },
      ];
      expect(await store.adjust(LEDGER_MONTH, { from, to, remaining: nanoUsd(-usd(40)), spent: ZERO })).toBe(true);
      expect(await state(store)).toMatchObject({ limit: usd(80), carried, remaining: usd(10), spent: usd(70) });
    },
  },
  {
    name: 'each budget has its own item for each of its periods: what is written to one changes no other',
    async run({ store, storeOf }) {
      const stores = [store, ...PATHS.map(storeOf)];
      const all = stores.flatMap((one) => PERIODS.map((period) => ({ one, period })));
      for (const { one, period } of all) expect(await one.read(period)).toBeUndefined();
      for (const [index, { one, period }] of all.entries()) {
        await one.open(period, untouched(usd(index + 1)));
        // The condition is on that item alone: another one opened would be in its way.
        expect(await one.commit(period, taken(hold(`h${index}`, usd(index + 1))))).toMatchObject({ done: true });
      }
      for (const [index, { one, period }] of all.entries()) {
        const { state: found, holds = [] } = (await one.read(period)) ?? {};
        expect(found).toMatchObject({ limit: usd(index + 1), remaining: 0, spent: 0 });
        expect(holds).toEqual([hold(`h${index}`, usd(index + 1))]);
      }
    },
  },
  ...ALTERED.map(([what, attribute, value]): Case<LedgerStoreSubject> => ({
    name: `a budget ${what} is no answer`,
    async run(subject) {
      const store = await opened(subject);
      await subject.alter(attribute, value);
      await expect(store.read(LEDGER_MONTH)).rejects.toBeInstanceOf(LedgerUnavailable);
    },
  })),
  {
    name: 'nothing is granted from a budget of another schemaVersion',
    async run(subject) {
      const store = await opened(subject);
      await subject.alter('schemaVersion', 2);
      await expect(store.commit(LEDGER_MONTH, taken(hold('a', usd(1))))).rejects.toBeInstanceOf(LedgerUnavailable);
      await subject.alter('schemaVersion', 1);
      expect(await read(store)).toEqual({ state: untouched(LIMIT), holds: [] });
    },
  },
  {
    name: 'a table that refuses has not answered',
    async run(subject) {
      const store = await opened(subject);
      await subject.throttle();
      const from = { limit: LIMIT, raised: ZERO, statusAsOf: 0, unsettled: ZERO };
      const none = { from: { ...from, releases: 0 }, to: from, remaining: ZERO, spent: ZERO };
      const asked = [
        () => store.read(LEDGER_MONTH),
        () => store.open(LEDGER_MONTH, untouched(LIMIT)),
        () => store.adjust(LEDGER_MONTH, none),
        () => store.release(LEDGER_MONTH, { ...none, holds: [] }),
        () => store.commit(LEDGER_MONTH, taken(hold('a', usd(1)))),
      ];
      for (const ask of asked) await expect(ask()).rejects.toBeInstanceOf(LedgerUnavailable);
    },
  },
]);
