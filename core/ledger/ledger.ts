import { nanoUsd, ZERO } from '../money';
import {
  type BudgetNode,
  type BudgetPath,
  type BudgetView,
  budgetName,
  ENVIRONMENT_BUDGET,
  lineOf,
  ofBudget,
  parentOf,
  periodAt,
  type PeriodKey,
} from '../shared-budgets';
import { BudgetLedger } from './budget-ledger';
import type { BudgetState, BudgetWord } from './budget';
import { carriedInto } from './carry';
import { reserveInAll, settleInAll } from './line';
import { type GuardStatus, LedgerUnavailable, type LedgerPort } from './ports';
import type { LedgerDeps } from './period-ledger';
import type { LedgerStore } from './store';

export interface LedgerOptions extends Omit<LedgerDeps, 'word' | 'carriedInto' | 'lost'> {
  /** The last status known; asked on every call, so it must be cheap. Absent: no meter. */
  readonly status?: () => GuardStatus | undefined;
  /** Within the environment's, each after those it is within, and where it is kept. */
  readonly budgets?: readonly (BudgetNode & { readonly store: LedgerStore })[];
  /** A budget's item was there and is gone: it was opened again, with what this process knows to be spent. */
  readonly lost?: (budget: BudgetPath, period: PeriodKey) => void;
  /** Within which every promise of the port is kept or broken. */
  readonly timeoutMs: number;
}

/** The budgets of the environment for one process; the stores and the sizing say how they are kept, and how fast they are. */
export function makeLedger(options: LedgerOptions): LedgerPort {
  const { now, status, lost, budgets = [], overspent, unsettledPerHour, ...deps } = options;
  const root = new BudgetLedger(ENVIRONMENT_BUDGET, 'month', {
    ...{ ...deps, now },
    ...(overspent && { overspent }),
    ...(unsettledPerHour !== undefined && { unsettledPerHour }),
    ...(status && { word: (period: PeriodKey) => statusOf(status(), period) }),
    ...(lost && { lost: (period: PeriodKey) => lost(ENVIRONMENT_BUDGET, period) }),
  });
  const ledgers = new Map<BudgetPath, BudgetLedger>([[ENVIRONMENT_BUDGET, root]]);
  for (const { store, ...node } of budgets) {
    const nodeDeps: LedgerDeps = {
      ...{ ...deps, now, store, limit: node.limit },
      word: (period, known) => wordOn(node, period, known, { status: status?.(), root, now: now() }),
      carriedInto: (period, limit) => carriedInto(node, period, limit, store),
      ...(lost && { lost: (period: PeriodKey) => lost(node.path, period) }),
    };
    const above = ledgers.get(parentOf(node.path) ?? ENVIRONMENT_BUDGET);
    if (!above) throw new RangeError(`${budgetName(node.path)} is within one that does not come before it`);
    ledgers.set(node.path, new BudgetLedger(node.path, node.period, nodeDeps, above));
  }

  const inTime = <T>(answer: Promise<T>, giveUp: () => void = () => {}): Promise<T> =>
    new Promise((resolve, reject) => {
      const cancel = options.after(options.timeoutMs, () => {
        giveUp();
        reject(new LedgerUnavailable(`the ledger's store did not answer within ${options.timeoutMs} ms`));
      });
      answer.then(resolve, reject).finally(cancel);
    });

  const lines = new Map<BudgetPath, readonly BudgetLedger[]>();
  const lineTo = (budget: BudgetPath): readonly BudgetLedger[] => {
    const known = lines.get(budget);
    if (known) return known;
    const line = lineOf(budget).map((path) => {
      const ledger = ledgers.get(path);
      if (!ledger) throw new RangeError(`the ledger was told of no ${budgetName(path)}`);
      return ledger;
    });
    lines.set(budget, line);
    return line;
  };

  return {
    async reserve(amount, budget = ENVIRONMENT_BUDGET) {
      atLeastZero(amount);
      const reserved = reserveInAll(lineTo(budget), amount);
      if (!('outcome' in reserved)) return { kind: 'reserved', reservation: reserved };
      return inTime(reserved.outcome, () => reserved.giveUp());
    },

    async settle(reservation, spent, unsettled = ZERO) {
      atLeastZero(spent);
      atLeastZero(unsettled);
      const stored = settleInAll(ledgers, reservation, spent, unsettled);
      if (stored) await inTime(stored);
    },

    async charge(day, spent, unsettled, budget = ENVIRONMENT_BUDGET) {
      atLeastZero(spent);
      atLeastZero(unsettled);
      const line = lineTo(budget).map((ledger) => ledger.on(day));
      line.forEach((ledger, at) => ledger.charge(spent, unsettled, line[at + 1]));
      await inTime(inOrder(line.map((ledger) => () => ledger.flush())));
    },

    known(budget = ENVIRONMENT_BUDGET) {
      const views: BudgetView[] = [];
      for (const { path, running } of lineTo(budget)) {
        const view = running.admission.view(path);
        if (view) views.push(view);
      }
      return views;
    },

    look: (budget = ENVIRONMENT_BUDGET) =>
      inTime(Promise.all(lineTo(budget).map(({ path, running }) => running.admission.look(path)))),

    async close() {
      // Those within give back first: what is held of them is held above as well.
      await inTime(inOrder([...ledgers.values()].toReversed().map((ledger) => () => ledger.close())));
    },
  };
}

/** Each after the one before, whatever becomes of it. @throws what the first that failed has thrown */
async function inOrder(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => void failures.push(error));
  if (failures.length > 0) throw failures[0];
}

function statusOf(status: GuardStatus | undefined, period: PeriodKey): BudgetWord | undefined {
  return status?.month === period ? status : undefined;
}

/**
 * The meter sees the environment alone. Of a budget within it says the limit; and where it has seen nothing in the environment that
 * callers have not settled, nothing was used of what they charged here without knowing either.
 */
function wordOn(
  { path, period: every }: BudgetNode,
  period: PeriodKey,
  known: BudgetState | undefined,
  {
    status,
    root,
    now,
  }: { readonly status: GuardStatus | undefined; readonly root: BudgetLedger; readonly now: number },
): BudgetWord | undefined {
  const limit = status?.budgets && ofBudget(status.budgets.limits, path);
  if (status?.budgets === undefined || limit === undefined || period !== periodAt(every, now)) return undefined;
  const word = { asOf: status.budgets.since, limit, spentAtLeast: ZERO };
  const { complete } = status;
  if (complete === undefined || known === undefined || known.unsettled === 0) return word;
  if (root.running.admission.unexplained(complete) !== 0) return word;
  return { ...word, asOf: status.asOf, complete: { until: complete.until, spent: ZERO } };
}

/** One amount that is none would fail the write that it shares with others. */
function atLeastZero(amount: number): void {
  if (nanoUsd(amount) < 0) throw new RangeError(`an amount is at least $0, got ${amount} nano-dollars`);
}
