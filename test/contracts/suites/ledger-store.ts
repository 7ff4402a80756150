import { randomUUID } from 'node:crypto';
import type { UtcMonth } from '../../../core/calendar';
import { active, untouched } from '../../../core/ledger/budget';
import { charge, transition, type Hold } from '../../../core/ledger/hold';
import type { LedgerStore } from '../../../core/ledger/store';
import { nanoUsd, usd, ZERO, type NanoUsd } from '../../../core/money';
import { LedgerUnavailable } from '../../../core/ports/ledger';
import { contract, type Case } from './contract';

export interface LedgerStoreSubject {
  readonly store: LedgerStore;
  /** Replaces an attribute of the month's budget, as another release or an accident would. */
  readonly alter: (attribute: string, value: unknown) => Promise<void>;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
}

export interface LedgerClock {
  /** Moves the table's clock. */
  readonly pass: (ms: number) => void;
}

export const LEDGER_MONTH = '2026-11' as UtcMonth;
const LIMIT = usd(100);
const NOW = Date.parse('2026-11-12T10:00:00Z');

function hold(id: string, amount: NanoUsd, more: Partial<Hold> = {}): Hold {
  return { id, revision: 1, claim: 'active', amount, expiresAtMs: NOW, writtenBy: 'me', ...more };
}

/** A hold that is not there yet takes its amount. */
const taken = (to: Hold) => transition(undefined, to, { spent: ZERO, grants: true });

async function opened({ store }: LedgerStoreSubject): Promise<LedgerStore> {
  await store.open(LEDGER_MONTH, untouched(LIMIT));
  return store;
}

const altered: readonly [string, string, unknown][] = [
  ['of another schemaVersion', 'schemaVersion', 2],
  ['without whole nano-dollars', 'remaining', 0.5],
  ['with text for an amount', 'spent', 'much'],
];

export const ledgerStoreContract = contract<LedgerStoreSubject, LedgerClock>(
  'ledger-store',
  [
    {
      name: 'a month that nobody opened is undefined, and nothing is granted in it',
      async run({ store }) {
        expect(await store.state(LEDGER_MONTH)).toBeUndefined();
        expect(await store.hold(LEDGER_MONTH, 'a')).toBeUndefined();
        expect(await store.expiredHolds(LEDGER_MONTH, NOW)).toEqual([]);
        expect(await store.commit(LEDGER_MONTH, taken(hold('a', usd(1))), randomUUID())).toBe('refused');
        expect(await store.state(LEDGER_MONTH)).toBeUndefined();
      },
    },
    {
      name: 'the first to open a month sets its limit',
      async run(subject) {
        const store = await opened(subject);
        await store.open(LEDGER_MONTH, untouched(usd(7)));
        expect(await store.state(LEDGER_MONTH)).toEqual(untouched(LIMIT));
        expect(await store.state('2026-12' as UtcMonth)).toBeUndefined();
      },
    },
    {
      name: 'a grant takes from what remains and writes its hold, both or neither',
      async run(subject) {
        const store = await opened(subject);
        const first = hold('a', usd('99.999999999'));
        expect(await store.commit(LEDGER_MONTH, taken(first), randomUUID())).toBe('done');
        expect(await store.state(LEDGER_MONTH)).toMatchObject({ remaining: 1, spent: 0 });
        expect(await store.hold(LEDGER_MONTH, 'a')).toEqual(first);
        expect(await store.commit(LEDGER_MONTH, taken(hold('b', nanoUsd(2))), randomUUID())).toBe('refused');
        expect(await store.hold(LEDGER_MONTH, 'b')).toBeUndefined();
        expect(await store.commit(LEDGER_MONTH, taken(hold('b', nanoUsd(1))), randomUUID())).toBe('done');
        expect(await store.state(LEDGER_MONTH)).toMatchObject({ remaining: 0, spent: 0 });
      },
    },
    {
      name: 'a settlement gives back what was not spent',
      async run(subject) {
        const store = await opened(subject);
        const before = hold('a', usd(5));
        await store.commit(LEDGER_MONTH, taken(before), randomUUID());
        const after = hold('a', ZERO, { revision: 2 });
        const settled = transition(before, after, { spent: usd(2), grants: false });
        expect(await store.commit(LEDGER_MONTH, settled, randomUUID())).toBe('done');
        expect(await store.state(LEDGER_MONTH)).toMatchObject({ remaining: usd(98), spent: usd(2) });
        expect(await store.hold(LEDGER_MONTH, 'a')).toEqual(after);
      },
    },
    {
      name: 'whoever goes by a hold that has changed is refused, and nothing changes',
      async run(subject) {
        const store = await opened(subject);
        const before = hold('a', usd(5));
        await store.commit(LEDGER_MONTH, taken(before), randomUUID());
        await store.commit(LEDGER_MONTH, charge(before), randomUUID());
        const [state, stored] = [await store.state(LEDGER_MONTH), await store.hold(LEDGER_MONTH, 'a')];
        const late = transition(before, hold('a', ZERO, { revision: 2 }), { spent: usd(1), grants: false });
        for (const stale of [late, charge(before), taken(before)]) {
          expect(await store.commit(LEDGER_MONTH, stale, randomUUID())).toBe('refused');
        }
        expect(await store.state(LEDGER_MONTH)).toEqual(state);
        expect(await store.hold(LEDGER_MONTH, 'a')).toEqual(stored);
        expect(state).toMatchObject({ remaining: usd(95), spent: usd(5) });
      },
    },
    {
      name: 'repeated with its token a write is made once, and both are told that it was',
      async run(subject) {
        const store = await opened(subject);
        const token = randomUUID();
        for (const _ of [1, 2]) {
          expect(await store.commit(LEDGER_MONTH, taken(hold('a', usd(5))), token)).toBe('done');
        }
        expect(await store.state(LEDGER_MONTH)).toMatchObject({ remaining: usd(95), spent: 0 });
      },
    },
    {
      name: 'a token names one write: with another it is refused as no answer',
      async run(subject) {
        const store = await opened(subject);
        const token = randomUUID();
        await store.commit(LEDGER_MONTH, taken(hold('a', usd(5))), token);
        const other = store.commit(LEDGER_MONTH, taken(hold('b', usd(6))), token);
        await expect(other).rejects.toBeInstanceOf(LedgerUnavailable);
        expect(await store.hold(LEDGER_MONTH, 'b')).toBeUndefined();
      },
    },
    {
      name: 'of two that change the same hold at once one is refused',
      async run(subject) {
        const store = await opened(subject);
        const before = hold('a', usd(5));
        await store.commit(LEDGER_MONTH, taken(before), randomUUID());
        const change = (spent: number) =>
          transition(before, hold('a', usd(1), { revision: 2 }), { spent: usd(spent), grants: false });
        const both = await Promise.all([1, 2].map((spent) => store.commit(LEDGER_MONTH, change(spent), randomUUID())));
        expect(both.toSorted()).toEqual(['done', 'refused']);
      },
    },
    {
      name: 'of many that grant at once no more are let in than fit, and every nano-dollar is accounted for',
      async run(subject) {
        const store = await opened(subject);
        const outcomes = await Promise.all(
          Array.from({ length: 12 }, (_, index) =>
            store.commit(LEDGER_MONTH, taken(hold(`h${index}`, usd(15))), randomUUID()),
          ),
        );
        expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(6);
        const state = await store.state(LEDGER_MONTH);
        expect(state).toMatchObject({ remaining: usd(10), spent: 0 });
        expect(active(state!)).toBe(usd(90));
      },
    },
    {
      name: 'the meter’s word changes a budget that is as it was read, and adds to what is stored by then',
      async run(subject) {
        const store = await opened(subject);
        const from = { limit: LIMIT, raised: ZERO, statusAsOf: 0 };
        const to = { limit: usd(80), raised: usd(3), statusAsOf: NOW };
        await store.commit(LEDGER_MONTH, taken(hold('a', usd(5))), randomUUID());
        const adjustment = { from, to, remaining: nanoUsd(-usd(23)), spent: usd(3) };
        expect(await store.adjust(LEDGER_MONTH, adjustment)).toBe(true);
        const expected = { ...to, remaining: usd(72), spent: usd(3) };
        expect(await store.state(LEDGER_MONTH)).toEqual(expected);
        expect(await store.adjust(LEDGER_MONTH, adjustment)).toBe(false);
        expect(await store.state(LEDGER_MONTH)).toEqual(expected);
        expect(await store.adjust('2026-12' as UtcMonth, adjustment)).toBe(false);
      },
    },
    {
      name: 'under a limit that was lowered what remains is below zero, and nothing is granted',
      async run(subject) {
        const store = await opened(subject);
        await store.commit(LEDGER_MONTH, taken(hold('a', usd(50))), randomUUID());
        const [from, to] = [
          { limit: LIMIT, raised: ZERO, statusAsOf: 0 },
          { limit: usd(10), raised: ZERO, statusAsOf: 1 },
        ];
        await store.adjust(LEDGER_MONTH, { from, to, remaining: nanoUsd(-usd(90)), spent: ZERO });
        expect(await store.state(LEDGER_MONTH)).toMatchObject({ remaining: -usd(40) });
        expect(await store.commit(LEDGER_MONTH, taken(hold('b', nanoUsd(1))), randomUUID())).toBe('refused');
      },
    },
    {
      name: 'holds that ran out before a moment: active, of some amount, and not of that moment itself',
      async run(subject) {
        const store = await opened(subject);
        const out = hold('out', usd(1), { expiresAtMs: NOW - 1 });
        const charged = hold('charged', usd(1), { expiresAtMs: NOW - 1 });
        for (const one of [out, charged, hold('at', usd(1)), hold('empty', ZERO, { expiresAtMs: 1 })]) {
          await store.commit(LEDGER_MONTH, taken(one), randomUUID());
        }
        await store.commit(LEDGER_MONTH, charge(charged), randomUUID());
        expect(await store.expiredHolds(LEDGER_MONTH, NOW)).toEqual([out]);
      },
    },
    ...altered.map(([what, attribute, value]): Case<LedgerStoreSubject> => ({
      name: `a budget ${what} is no answer`,
      async run(subject) {
        const store = await opened(subject);
        await subject.alter(attribute, value);
        await expect(store.state(LEDGER_MONTH)).rejects.toBeInstanceOf(LedgerUnavailable);
      },
    })),
    {
      name: 'nothing is granted from a budget of another schemaVersion',
      async run(subject) {
        const store = await opened(subject);
        await subject.alter('schemaVersion', 2);
        expect(await store.commit(LEDGER_MONTH, taken(hold('a', usd(1))), randomUUID())).toBe('refused');
        expect(await store.hold(LEDGER_MONTH, 'a')).toBeUndefined();
      },
    },
    {
      name: 'a table that refuses has not answered',
      async run(subject) {
        const store = await opened(subject);
        await subject.throttle();
        const from = { limit: LIMIT, raised: ZERO, statusAsOf: 0 };
        const asked = [
          () => store.state(LEDGER_MONTH),
          () => store.open(LEDGER_MONTH, untouched(LIMIT)),
          () => store.hold(LEDGER_MONTH, 'a'),
          () => store.expiredHolds(LEDGER_MONTH, NOW),
          () => store.adjust(LEDGER_MONTH, { from, to: from, remaining: ZERO, spent: ZERO }),
          () => store.commit(LEDGER_MONTH, taken(hold('a', usd(1))), randomUUID()),
        ];
        for (const ask of asked) await expect(ask()).rejects.toBeInstanceOf(LedgerUnavailable);
      },
    },
  ],
  [
    {
      name: 'a token is known for ten minutes and no longer',
      async run(subject) {
        const store = await opened(subject);
        const token = randomUUID();
        const write = () => store.commit(LEDGER_MONTH, taken(hold('a', usd(5))), token);
        expect(await write()).toBe('done');
        subject.pass(10 * 60_000 - 1);
        expect(await write()).toBe('done');
        subject.pass(1);
        expect(await write()).toBe('refused');
      },
    },
  ],
);
