import * as fc from 'fast-check';
import { active, adjustment, untouched, type BudgetState } from '../../../core/ledger/budget';
import { charge, endOfHour, GRACE_MS, hasRunOut, hourOf, transition, type Hold } from '../../../core/ledger/hold';
import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { exactSizing, leaseSizing } from '../../../core/ledger/sizing';
import { nanoUsd, usd, ZERO, type NanoUsd } from '../../../core/money';

const NOW = Date.parse('2026-11-12T10:00:00Z');

const hold = (amount: NanoUsd, claim: Hold['claim'] = 'active'): Hold => ({
  id: 'h',
  claim,
  amount,
  expiresAtMs: 1_000_000,
  writtenBy: 't',
});

const amounts = fc.integer({ min: 0, max: usd(100_000) }).map(nanoUsd);
const holds = fc.record({ amount: amounts, claim: fc.constantFrom('active' as const, 'charged' as const) });
const heldBy = ({ claim, amount }: Pick<Hold, 'claim' | 'amount'>) => (claim === 'active' ? amount : 0);

describe('transition', () => {
  test('whatever is held, charged and spent, the three sums together change by nothing', () => {
    fc.assert(
      fc.property(fc.option(holds), holds, amounts, fc.boolean(), (from, to, spent, grants) => {
        const before = from ? hold(from.amount, from.claim) : undefined;
        const written = transition(before, hold(to.amount, to.claim), { spent, grants, now: NOW });
        const held = heldBy(to) - (from ? heldBy(from) : 0);
        expect(written.remaining + written.spent + held).toBe(0);
        if (grants) expect(written.needs! + written.remaining).toBe(0);
      }),
    );
  });

  test.each([
    ['a first grant', undefined, usd(5), usd(0), { remaining: usd(-5), spent: usd(0), needs: usd(5) }],
    ['one more', hold(usd(5)), usd(8), usd(0), { remaining: usd(-3), spent: usd(0), needs: usd(3) }],
    ['a settlement', hold(usd(5)), usd(0), usd(2), { remaining: usd(3), spent: usd(2), needs: usd(-3) }],
    [
      'a settlement above its bound',
      hold(usd(5)),
      usd(0),
      usd(7),
      { remaining: usd(-2), spent: usd(7), needs: usd(2) },
    ],
    ['a charge undone', hold(usd(5), 'charged'), usd(5), usd(0), { remaining: usd(0), spent: usd(-5), needs: usd(0) }],
    [
      'a charge settled',
      hold(usd(5), 'charged'),
      usd(0),
      usd(2),
      { remaining: usd(3), spent: usd(-3), needs: usd(-3) },
    ],
  ])('%s', (_, from, to, spent, deltas) => {
    expect(transition(from, hold(to), { spent, grants: true, now: NOW })).toMatchObject(deltas);
    expect(transition(from, hold(to), { spent, grants: false, now: NOW })).not.toHaveProperty('needs');
  });

  const [now, then] = [hourOf(NOW), hourOf(1_000_000)];

  test.each<[string, Hold | undefined, Hold, NanoUsd, readonly object[]]>([
    ['what is told', hold(usd(5)), hold(ZERO), ZERO, []],
    ['what is not', hold(usd(5)), hold(ZERO), usd(1), [{ hour: now, amount: usd(1) }]],
    ['a hold that is charged', hold(usd(5)), hold(usd(5), 'charged'), ZERO, [{ hour: then, amount: usd(5) }]],
    ['one that is no longer', hold(usd(5), 'charged'), hold(usd(5)), ZERO, [{ hour: then, amount: usd(-5) }]],
    [
      'one that is no longer, and a call of which nothing is told',
      hold(usd(5), 'charged'),
      hold(ZERO),
      usd(1),
      [
        { hour: now, amount: usd(1) },
        { hour: then, amount: usd(-5) },
      ],
    ],
    ['what was spent without a hold', undefined, hold(nanoUsd(1)), usd(1), [{ hour: now, amount: usd(1) }]],
  ])('counts by the hour it became known, or its hold ran out, in: %s', (_, from, to, unsettled, parts) => {
    const written = transition(from, to, { spent: usd(3), unsettled, grants: false, now: NOW });
    expect(written.known).toEqual({ hour: now, amount: usd(3) - unsettled });
    expect(written.unsettled).toEqual(parts);
    expect(Object.keys(written).includes('from')).toBe(from !== undefined);
  });

  test('a charge moves all that is held to what is spent, unsettled, in the hour in which the hold ran out', () => {
    expect(charge(hold(usd(5)), NOW)).toEqual({
      from: hold(usd(5)),
      to: hold(usd(5), 'charged'),
      remaining: 0,
      spent: usd(5),
      known: { hour: hourOf(NOW), amount: 0 },
      unsettled: [{ hour: hourOf(1_000_000), amount: usd(5) }],
    });
  });
});

test('hours turn five minutes early, for clocks that are late', () => {
  const noon = Date.parse('2026-11-12T12:00:00Z');
  expect(hourOf(noon - 5 * MINUTE_MS)).toBe(noon / HOUR_MS);
  expect(hourOf(noon - 5 * MINUTE_MS - 1)).toBe(noon / HOUR_MS - 1);
  expect(endOfHour(noon / HOUR_MS - 1)).toBe(noon - 5 * MINUTE_MS);
});

test.each([
  [-1, false],
  [0, false],
  [1, true],
])('%d ms past its time and a minute, a hold has run out: %s', (past, out) => {
  const now = 1_000_000 + GRACE_MS + past;
  expect(hasRunOut(hold(usd(1)), now)).toBe(out);
  expect(hasRunOut(hold(usd(1), 'charged'), now)).toBe(false);
});

describe('adjustment', () => {
  const states = fc
    .record({ limit: amounts, spent: amounts, held: amounts, raisedPart: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ limit, spent, held, raisedPart }): BudgetState => ({
      limit,
      spent,
      remaining: nanoUsd(limit - spent - held),
      raised: nanoUsd(Math.floor(spent * raisedPart)),
      unsettled: ZERO,
      hours: [],
      releases: 0,
      statusAsOf: 5,
    }));

  test('spent becomes the larger of what callers charged and what the meter saw; what is held stays', () => {
    fc.assert(
      fc.property(states, amounts, amounts, (state, limit, spentAtLeast) => {
        const change = adjustment(state, { asOf: 6, limit, spentAtLeast })!;
        const after: BudgetState = {
          ...state,
          ...change.to,
          remaining: nanoUsd(state.remaining + change.remaining),
          spent: nanoUsd(state.spent + change.spent),
        };
        expect(after.limit).toBe(limit);
        expect(after.spent).toBe(Math.max(state.spent - state.raised, spentAtLeast));
        expect(active(after)).toBe(active(state));
      }),
    );
  });

  test.each([
    [4, false],
    [5, false],
    [6, true],
  ])('of a status as of %d, where 5 was applied: %s', (asOf, applies) => {
    const state = { ...untouched(usd(10)), statusAsOf: 5 };
    expect(adjustment(state, { asOf, limit: usd(20), spentAtLeast: ZERO }) !== undefined).toBe(applies);
  });
});

describe('sizes of leases', () => {
  const state = (remaining: NanoUsd): BudgetState => ({ ...untouched(usd(1000)), remaining });
  const free = (remaining: NanoUsd, bound: NanoUsd, recent = 0) =>
    leaseSizing.free({ state: state(remaining), bound, recent });

  test.each([
    ['ten seconds of spend and four calls', usd(1000), usd(1), usd(2), usd(6)],
    ['at most 1% of the limit', usd(1000), usd(1), usd(50), usd(10)],
    ['at most 5% of what remains', usd(100), usd(1), usd(50), usd(5)],
    ['two calls just fit', usd(40), usd(1), usd(50), usd(2)],
    ['nothing where they do not', nanoUsd(usd(40) - 1), usd(1), usd(50), ZERO],
    ['nothing where nothing remains', ZERO, usd(1), usd(50), ZERO],
    ['nothing under a lowered limit', usd(-5), usd(1), usd(50), ZERO],
  ])('%s', (_, remaining, bound, recent, size) => {
    expect(free(remaining, bound, recent)).toBe(size);
  });

  test('exact holds nothing ahead', () => {
    expect(exactSizing().free({ state: state(usd(1000)), bound: usd(1), recent: usd(50) })).toBe(0);
  });

  test('exact holds a call for a quarter of an hour, and stores each settlement; a lease is renewed three times a minute', () => {
    expect(exactSizing()).toMatchObject({ holdMs: 15 * MINUTE_MS, settlesAtOnce: true });
    expect(exactSizing()).not.toHaveProperty('renewMs');
    expect(exactSizing(5000).holdMs).toBe(5000);
    expect(leaseSizing).toMatchObject({ holdMs: MINUTE_MS, renewMs: MINUTE_MS / 3, settlesAtOnce: false });
  });

  test('parts of a nano-dollar are not held', () => {
    expect(free(usd(1000), nanoUsd(10), 2.5)).toBe(42);
  });
});
