import { parseDecimal } from '../../core/money';
import type { BudgetActionsPort, CalculatedReading } from '../../core/enforcement';
import type { BudgetActionReading, BudgetActionStatus } from '../../core/bill';

type Execution = Parameters<BudgetActionsPort['execute']>[2];

/** A budget with an automatic action, as AWS keeps them. */
export class FakeBudgetActions implements BudgetActionsPort {
  status: BudgetActionStatus = 'STANDBY';
  spent: CalculatedReading = { kind: 'known', actual: parseDecimal('0'), currency: 'USD' };
  readonly executed: Execution[] = [];
  /** AWS's name for why nothing can be executed; undefined: all is well. */
  fails: string | undefined;
  /** Why nothing can be read; undefined: all is well. */
  unavailable: string | undefined;

  /** @param names of the only budget and action there are; @default - any */
  constructor(private readonly names?: { readonly budgetName: string; readonly actionId: string }) {}

  async action(budgetName: string, actionId: string): Promise<BudgetActionReading> {
    if (this.unavailable !== undefined) return { kind: 'unavailable', why: this.unavailable };
    return this.isHere(budgetName, actionId) ? { kind: 'known', status: this.status } : { kind: 'missing' };
  }

  async calculated(budgetName: string): Promise<CalculatedReading> {
    if (this.unavailable !== undefined) return { kind: 'unavailable', why: this.unavailable };
    return this.isHere(budgetName) ? this.spent : { kind: 'missing' };
  }

  async execute(
    ...[budgetName, actionId, type]: Parameters<BudgetActionsPort['execute']>
  ): ReturnType<BudgetActionsPort['execute']> {
    if (this.fails !== undefined) return { kind: 'failed', why: this.fails };
    if (!this.isHere(budgetName, actionId)) return { kind: 'failed', why: 'NotFoundException' };
    this.executed.push(type);
    this.status = type === 'REVERSE_BUDGET_ACTION' ? 'REVERSE_SUCCESS' : 'STANDBY';
    return { kind: 'done' };
  }

  /** @param dollars such as '97.5' */
  bill(dollars: string): void {
    this.spent = { kind: 'known', actual: parseDecimal(dollars), currency: 'USD' };
  }

  /** The bill has passed the action's line: an action that was reversed stays so until it is reset. */
  cross(): void {
    if (this.status === 'STANDBY') this.status = 'EXECUTION_SUCCESS';
  }

  get isDenied(): boolean {
    return this.status === 'EXECUTION_SUCCESS';
  }

  private isHere(budgetName: string, actionId = this.names?.actionId): boolean {
    return !this.names || (budgetName === this.names.budgetName && actionId === this.names.actionId);
  }
}
