import type { PlantedBug } from './bugs';

/** Of budgets within budgets: what their own tests must see. */
export const SHARED_BUDGET_BUGS: readonly PlantedBug[] = [
  {
    name: 'what was held above a budget without room stays held',
    file: 'core/ledger/line.ts',
    from: 'await this.giveBack();\n        return named',
    to: 'return named',
  },
  {
    name: 'a parent is settled before what is within it',
    file: 'core/ledger/line.ts',
    from: 'await ended(first);',
    to: 'void ended(first);',
  },
  {
    name: 'nothing is kept for what budgets within may still be charged',
    file: 'core/ledger/rooms.ts',
    from: 'for (const [{ mostCharged }, use] of this.uses) sum += beyond(mostCharged, use);',
    to: 'for (const _ of this.uses) sum += 0;',
  },
  {
    name: 'more is held below whether it is held above or not',
    file: 'core/ledger/headroom.ts',
    from: 'return this.known.book.free >= this.known.rooms.claimed;',
    to: 'return this.known.book.free >= Number.NEGATIVE_INFINITY;',
  },
  {
    name: 'calls are let in on what is held for budgets within',
    file: 'core/ledger/period-ledger.ts',
    from: 'return this.book.free - claimed >= amount',
    to: 'return this.book.free >= Math.min(amount, amount + claimed)',
  },
  {
    name: 'a call on its way down counts as arrived',
    file: 'core/ledger/rooms.ts',
    from: 'charged - (whole - coming)',
    to: 'charged - (whole - 0 * coming)',
  },
  {
    name: 'what is left is carried over without a cap',
    file: 'core/ledger/carry.ts',
    from: 'let carried = Math.min(most, Math.max(0, remaining));',
    to: 'let carried = Math.max(0, remaining);',
  },
  {
    name: 'a budget that was deleted is opened as if nothing was spent',
    file: 'core/ledger/period-budget.ts',
    from: 'return restored(this.known.state);',
    to: 'return untouched(this.deps.limit);',
  },
  {
    name: "an order's limit loses what was carried over",
    file: 'core/ledger/budget.ts',
    from: 'const limit = add(status.limit, state.carried ?? ZERO);',
    to: 'const { limit } = status;',
  },
  {
    name: 'charges below come back whatever the meter has seen above',
    file: 'core/ledger/ledger.ts',
    from: 'if (root.running.admission.unexplained(complete) !== 0) return word;',
    to: '',
  },
  {
    name: 'calls of a run do not see what others of it hold',
    file: 'client/run.ts',
    from: 'for (const run of this.line) run.held = add(run.held, amount);',
    to: '',
  },
  {
    name: 'a run within a run is held to its own limit alone',
    file: 'client/run.ts',
    from: 'this.line = [...(outer?.line ?? []), this];',
    to: 'this.line = [outer ?? this, this].slice(1);',
  },
  {
    name: 'a call is charged to the environment whatever budget it names',
    file: 'client/budget.ts',
    from: 'ledger.reserve(amount, budget)',
    to: 'ledger.reserve(amount)',
  },
  {
    name: 'an order outlives its end',
    file: 'core/shared-budgets/order.ts',
    from: 'now < until',
    to: 'now <= until || until > 0',
  },
];
