import type { DynamoDbLedgerOptions } from '../../client/adapters/dynamodb-ledger';
import { exactSizing } from '../../core/ledger/sizing';
import type { LedgerPort, ReserveOutcome } from '../../core/ledger/ports';
import { usd } from '../../core/money';
import { budgetKey, type BudgetNode, type BudgetPath, type PeriodKey } from '../../core/shared-budgets';
import { LedgerProcesses } from './ledger-processes';

export const SEARCH: BudgetNode = { path: 'search', period: 'month', limit: usd(50) };
export const NIGHTLY: BudgetNode = { path: 'search/nightly', period: 'day', limit: usd(10) };
export const ADS: BudgetNode = { path: 'ads', period: 'week', limit: usd(30) };
export const BUDGETS = [SEARCH, NIGHTLY, ADS];
const AT = '2026-11-12T10:00:00Z';
export const [MONTH, DAY, WEEK] = ['2026-11', '2026-11-12', '2026-W46'] as PeriodKey[] as [
  PeriodKey,
  PeriodKey,
  PeriodKey,
];

/** A table with processes that share a tree of budgets. */
export class Tree {
  readonly processes: LedgerProcesses;

  constructor(
    private readonly budgets: readonly BudgetNode[] = BUDGETS,
    at = AT,
  ) {
    this.processes = new LedgerProcesses(usd(100), at);
  }

  start(options: Partial<DynamoDbLedgerOptions> = {}, sizing = exactSizing()): LedgerPort {
    return this.processes.start(sizing, { budgets: this.budgets, ...options });
  }

  item(path: BudgetPath, period: PeriodKey): Readonly<Record<string, unknown>> | undefined {
    return this.processes.table.get(budgetKey('production', path, period), 'STATE');
  }

  /** Spent and remaining of the environment's, search and nightly. */
  line(): readonly (readonly [unknown, unknown] | undefined)[] {
    const of = (path: BudgetPath, period: PeriodKey) => {
      const item = this.item(path, period);
      return item && ([item['spent'], item['remaining']] as const);
    };
    return [of('', MONTH), of('search', MONTH), of('search/nightly', DAY)];
  }
}

export const refused = (outcome: ReserveOutcome) => {
  if (outcome.kind !== 'refused') throw new Error(`reserved: ${JSON.stringify(outcome)}`);
  return outcome;
};
