import type { UtcMonth } from '../../../core/calendar';
import { usd, ZERO, type NanoUsd } from '../../../core/money';
import { LedgerUnavailable, type LedgerPort } from '../../../core/ledger/ports';
import {
  type BudgetNode,
  type BudgetPath,
  budgetName,
  ENVIRONMENT_BUDGET,
  lineOf,
  periodAt,
  type PeriodKey,
} from '../../../core/shared-budgets';
import { checkBudget, checkTree } from '../../helpers/ledger-invariants';
import { contract, type Case } from './contract';

export interface LedgerSubject {
  /** Another process of the same environment, whose limit is $10. @param budgets within that. Default: none */
  readonly process: (budgets?: readonly BudgetNode[]) => LedgerPort;
  /** Calls that cost more than they reserved, of all processes. */
  readonly overspent: readonly { readonly amount: NanoUsd; readonly spent: NanoUsd }[];
  /** Of all processes; ten in the morning of the 12th of November, until it is moved. */
  readonly clock: { now: number };
  /** What is charged to a month by now, and what is neither charged nor held. @param month @default - November */
  readonly state: (month?: UtcMonth) => Promise<{ readonly spent: NanoUsd; readonly remaining: NanoUsd }>;
  /** All that is stored of a budget. */
  readonly item: (budget: BudgetPath, period: PeriodKey) => Promise<Readonly<Record<string, unknown>> | undefined>;
  readonly throttle: () => Promise<void>;
}

async function reserved(ledger: LedgerPort, amount: NanoUsd, budget?: BudgetPath) {
  const outcome = await ledger.reserve(amount, budget);
  if (outcome.kind === 'refused') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.reservation;
}

/** Three levels; `search/daytime` promises more than what it is within. */
const NIGHTLY = 'search/nightly';
const DAYTIME = 'search/daytime';
const TREE: readonly BudgetNode[] = [
  { path: 'search', period: 'month', limit: usd(8) },
  { path: NIGHTLY, period: 'day', limit: usd(4) },
  { path: DAYTIME, period: 'month', limit: usd(16) },
];

/** Each of a tree, of which each adds up, and none has less than those within it. */
async function figures({ item, clock }: LedgerSubject) {
  const stored = new Map<BudgetPath, Readonly<Record<string, unknown>>>();
  for (const { path, period } of [{ path: ENVIRONMENT_BUDGET, period: 'month' as const }, ...TREE]) {
    const found = await item(path, periodAt(period, clock.now));
    if (found) stored.set(path, found);
  }
  checkTree(TREE, ({ path }) => stored.get(path), clock.now);
  return new Map([...stored].map(([path, found]) => [path, checkBudget(found)]));
}

/** Of a cent or two each, of which more than half is used. */
const BOUND = usd('0.02');
const SPENT = [usd('0.012'), BOUND];
const PROCESSES = 5;
const CALLERS_EACH = 40;
/** Looks of a caller whom only calls in flight are in the way of; fewer where some of them never end. */
const LOOKS = 25;
const LOOKS_AT_THE_DEAD = 5;
const BETWEEN_LOOKS_MS = 40;

/** 200 callers of five processes, until nothing is left for them. @param dies whether one process ends in mid-call */
async function rush({ process }: LedgerSubject, dies: boolean): Promise<void> {
  const ledgers = Array.from({ length: PROCESSES }, () => process(TREE));
  let granted = 0;
  const caller = async (ledger: LedgerPort, name: number): Promise<void> => {
    for (let looks = 0; looks < (dies ? LOOKS_AT_THE_DEAD : LOOKS); looks += 1) {
      const outcome = await ledger.reserve(BOUND, name % 2 === 0 ? NIGHTLY : DAYTIME);
      if (outcome.kind === 'reserved') {
        granted += 1;
        looks = 0;
        if (dies && ledger === ledgers[0] && granted > CALLERS_EACH) return;
        await ledger.settle(outcome.reservation, SPENT[granted % 2] ?? BOUND);
      } else {
        if (!outcome.soft) return;
        await new Promise((resume) => setTimeout(resume, BETWEEN_LOOKS_MS));
      }
    }
  };
  const calls = ledgers.flatMap((ledger) => Array.from({ length: CALLERS_EACH }, (_, name) => caller(ledger, name)));
  await Promise.all(calls);
  for (const ledger of dies ? ledgers.slice(1) : ledgers) await ledger.close();
}

export const ledgerContract = contract<LedgerSubject>('ledger', [
  {
    name: 'what is left is granted to the last nano-dollar, and one more is refused',
    async run({ process }) {
      const ledger = process();
      const { amount } = await reserved(ledger, usd(10));
      expect(amount).toBe(usd(10));
      expect(await ledger.reserve(usd('0.000000001'))).toMatchObject({ kind: 'refused', soft: true, remaining: 0 });
      await ledger.close();
    },
  },
  {
    name: 'what was reserved and not spent is there again, for every process',
    async run({ process, state }) {
      const [one, other] = [process(), process()];
      const reservation = await reserved(one, usd(10));
      expect(await other.reserve(usd(1))).toMatchObject({ kind: 'refused', soft: true });
      await one.settle(reservation, usd(4));
      await one.close();
      await reserved(other, usd(6));
      expect((await other.reserve(usd(1))).kind).toBe('refused');
      await other.close();
      expect((await state()).spent).toBeGreaterThanOrEqual(usd(4));
    },
  },
  {
    name: 'spent for good is refused until the month ends',
    async run({ process }) {
      const ledger = process();
      await ledger.settle(await reserved(ledger, usd(10)), usd(10));
      const outcome = await ledger.reserve(usd(1));
      expect(outcome).toMatchObject({ kind: 'refused', soft: false, remaining: 0 });
      // From the morning of the 12th of November to December.
      expect(outcome).toMatchObject({ retryAfterSeconds: 18 * 86_400 + 14 * 3600 });
      await ledger.close();
    },
  },
  {
    name: 'settled twice counts once',
    async run({ process, state }) {
      const ledger = process();
      const reservation = await reserved(ledger, usd(5));
      for (const _ of [1, 2]) await ledger.settle(reservation, usd(3));
      await ledger.close();
      expect(await state()).toMatchObject({ spent: usd(3), remaining: usd(7) });
    },
  },
  {
    name: 'a call that cost more than its bound is charged in full, and reported',
    async run({ process, state, overspent }) {
      const ledger = process();
      await ledger.settle(await reserved(ledger, usd(1)), usd(4));
      await ledger.close();
      expect(await state()).toMatchObject({ spent: usd(4), remaining: usd(6) });
      expect(overspent).toEqual([{ amount: usd(1), spent: usd(4) }]);
    },
  },
  {
    name: 'many callers of many processes at once are never let past the limit',
    async run({ process, state }) {
      const processes = [process(), process(), process()];
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => {
          const ledger = processes[index % 3]!;
          const outcome = await ledger.reserve(usd(1));
          if (outcome.kind === 'reserved') await ledger.settle(outcome.reservation, usd(1));
          return outcome.kind;
        }),
      );
      for (const ledger of processes) await ledger.close();
      const granted = outcomes.filter((kind) => kind === 'reserved').length;
      expect(granted).toBeLessThanOrEqual(10);
      expect(await state()).toEqual({ spent: usd(granted), remaining: usd(10 - granted) });
    },
  },
  {
    name: 'a call that ends after the month’s turn is charged to the month that it was made in',
    async run({ process, state, clock }) {
      const ledger = process();
      clock.now = Date.parse('2026-11-30T23:59:59Z');
      const reservation = await reserved(ledger, usd(6));
      clock.now = Date.parse('2026-12-01T00:00:30Z');
      const next = await reserved(ledger, usd(10));
      await ledger.settle(reservation, usd(5));
      await ledger.settle(next, usd(1));
      await ledger.close();
      expect(await state()).toMatchObject({ spent: usd(5) });
      expect(await state('2026-12' as UtcMonth)).toMatchObject({ spent: usd(1) });
    },
  },
  {
    name: 'what a process held that never came back is charged in full, and no more than that is lost',
    async run({ process, clock, state }) {
      await reserved(process(), usd(6));
      clock.now += 60 * 60_000;
      const ledger = process();
      expect(await ledger.reserve(usd(5))).toMatchObject({ kind: 'refused' });
      await ledger.settle(await reserved(ledger, usd(4)), usd(4));
      await ledger.close();
      expect(await state()).toEqual({ spent: usd(10), remaining: 0 });
    },
  },
  {
    name: 'a call is charged to the budget that it names and to each that it is within, once, and to no other',
    async run(subject) {
      const ledger = subject.process(TREE);
      const reservation = await reserved(ledger, usd(3), NIGHTLY);
      for (const _ of [1, 2]) await ledger.settle(reservation, usd(2));
      await ledger.settle(await reserved(ledger, usd(1), 'search'), usd(1));
      await ledger.close();
      const found = [...(await figures(subject))].map(([path, { spent, held }]) => [path, spent, held]);
      expect(found).toEqual([
        [ENVIRONMENT_BUDGET, usd(3), 0],
        ['search', usd(3), 0],
        [NIGHTLY, usd(2), 0],
      ]);
    },
  },
  ...(
    [
      [ENVIRONMENT_BUDGET, usd(10)],
      ['search', usd(8)],
      [NIGHTLY, usd(4)],
    ] as const
  ).map(([budget, all]): Case<LedgerSubject> => ({
    name: `without room in ${budgetName(budget)} a call is refused by it, and nothing stays held of those it is within`,
    async run(subject) {
      const [other, ledger] = [subject.process(TREE), subject.process(TREE)];
      const reservation = await reserved(other, all, budget);
      const outcome = await ledger.reserve(usd(1), NIGHTLY);
      expect(outcome).toMatchObject({ kind: 'refused', soft: true, remaining: 0 });
      expect('budget' in outcome ? outcome.budget : ENVIRONMENT_BUDGET).toBe(budget);
      await ledger.close();
      const held = [...(await figures(subject))].map(([path, of]) => [path, of.held]);
      const line = lineOf(budget);
      expect(held).toEqual(held.map(([path]) => [path, line.includes(String(path)) ? all : 0]));
      await other.settle(reservation, ZERO);
      await other.close();
      await ledger.settle(await reserved(ledger, usd(4), NIGHTLY), usd(4));
      await ledger.close();
      expect((await figures(subject)).get(ENVIRONMENT_BUDGET)).toMatchObject({ spent: usd(4), held: 0 });
    },
  })),
  {
    name: '200 callers of five processes over three levels use up what there is, to 1%, and nothing beyond',
    async run(subject) {
      await rush(subject, false);
      const [environment, search, nightly] = [...(await figures(subject)).values()];
      for (const one of [environment, search, nightly]) expect(one).toMatchObject({ held: 0 });
      expect(search?.spent).toBeGreaterThanOrEqual(usd('7.92'));
      expect(search?.spent).toBeLessThanOrEqual(usd(8));
      expect(nightly?.spent).toBeLessThanOrEqual(usd(4));
      expect(environment?.spent).toBe(search?.spent);
    },
  },
  {
    name: 'one of them ends in mid-call: what it held stays held in each level, and is neither spent nor lost',
    async run(subject) {
      await rush(subject, true);
      const [environment, search] = [...(await figures(subject)).values()];
      expect(search?.held).toBeGreaterThanOrEqual(BOUND);
      // Its callers' bounds, and what one process takes ahead of the two budgets that they name.
      expect(search?.held).toBeLessThanOrEqual(CALLERS_EACH * BOUND + usd('0.3'));
      expect((search?.spent ?? 0) + (search?.held ?? 0)).toBeGreaterThanOrEqual(usd('7.92'));
      expect(environment?.spent).toBe(search?.spent);
    },
  },
  {
    name: 'a store that does not answer is no grant and no refusal',
    async run({ process, throttle }) {
      await throttle();
      await expect(process().reserve(usd(1))).rejects.toBeInstanceOf(LedgerUnavailable);
    },
  },
]);
