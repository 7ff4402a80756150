import type { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { parseBudget } from '../../client/adapters/ledger-item';
import type { BudgetState } from '../../core/ledger/budget';
import { BUDGET_SORT_KEY, type BudgetNode, isWithin, parentOf, periodAt } from '../../core/shared-budgets';
import type { DynamoDbFake } from './dynamodb-fake';

/** Whether a write takes a hold for dead. */
export function charges({ input }: UpdateCommand): boolean {
  return Object.entries(input.ExpressionAttributeValues ?? {}).some(
    ([name, value]) => name.startsWith(':to_h') && String(value).startsWith('c.'),
  );
}

/** `remaining + spent + active = limit`, exactly, in every month; and what is charged unsettled is a part of what is spent. */
export function checkLedger(table: DynamoDbFake): void {
  for (const item of table.items.values()) {
    if (item['sk'] === BUDGET_SORT_KEY && String(item['pk']).startsWith('BUDGET#')) checkBudget(item);
  }
}

/** The same of one. @returns its figures */
export function checkBudget(item: Readonly<Record<string, unknown>>): BudgetState & { readonly held: number } {
  const { state, holds } = parseBudget(item);
  const { limit, remaining, spent, raised, unsettled } = state;
  const held = holds.filter(({ claim }) => claim === 'active').reduce((sum, { amount }) => sum + amount, 0);
  if (remaining + spent + held !== limit || unsettled < 0 || unsettled > spent - raised)
    throw new Error(`ledger broken: ${JSON.stringify({ ...state, held })}`);
  return { ...state, held };
}

type Node = Pick<BudgetNode, 'path' | 'period'>;

/**
 * A budget is never charged less, held and spent, than those within it together.
 * @param itemOf of the running periods
 * @param at when they run. Default: in the worlds that are played
 */
export function checkTree(
  budgets: readonly BudgetNode[],
  itemOf: (node: Node) => Readonly<Record<string, unknown>> | undefined,
  at: number = AT,
): void {
  const root: Node = { path: '', period: 'month' };
  const nodes: readonly Node[] = [root, ...budgets];
  const gone = (node: Node) => {
    const item = itemOf(node);
    return item ? Number(item['limit']) - Number(item['remaining']) : 0;
  };
  for (const parent of nodes) {
    const within = budgets.filter(
      ({ path, period }) =>
        parentOf(path) === parent.path && isWithin(periodAt(period, at), periodAt(parent.period, at)),
    );
    const sum = within.reduce((all, node) => all + gone(node), 0);
    if (sum > gone(parent))
      throw new Error(
        `tree broken: ${sum} within '${parent.path}', which has ${gone(parent)}: ${JSON.stringify(within)}`,
      );
  }
}

/** A Thursday. */
const AT = Date.parse('2026-11-12T10:00:00Z');
