import { usd } from '../../../core/money';
import type { BudgetOrder } from '../../../core/shared-budgets/order';
import type { Case } from './contract';
import type { MeterStateSubject } from './meter-state';

export const ordered = (at: number, more: Partial<BudgetOrder> = {}): BudgetOrder => ({
  ...{ limit: usd(30), by: 'ann', reason: 'launch', at },
  ...more,
});

/** Of the state table: what people order of the budgets within the environment's. */
export const budgetOrderCases: readonly Case<MeterStateSubject>[] = [
  {
    name: 'an order for a budget stands until the next order for it, and those for others stay',
    async run({ state, orders: give }) {
      await give.giveBudgetOrder('search', ordered(1));
      await give.giveBudgetOrder('search/nightly', ordered(2, { until: 3 }));
      expect(await state.budgetOrders()).toEqual({ search: ordered(1), 'search/nightly': ordered(2, { until: 3 }) });
      await give.giveBudgetOrder('search', ordered(4, { limit: usd('0.000000001'), by: 'bob' }));
      const { search, 'search/nightly': nightly } = await state.budgetOrders();
      expect(search).toEqual(ordered(4, { limit: usd('0.000000001'), by: 'bob' }));
      // Ended or not: whether it holds is for whoever reads it.
      expect(nightly).toEqual(ordered(2, { until: 3 }));
      expect(await state.order()).toBeUndefined();
    },
  },
  {
    name: 'of many who order for budgets at once nobody loses anything',
    async run({ state, orders: give }) {
      const budgets = ['ads', 'search', 'search/nightly', 'translate'];
      await Promise.all(budgets.map((budget) => give.giveBudgetOrder(budget, ordered(5, { reason: budget }))));
      expect(await state.budgetOrders()).toEqual(
        Object.fromEntries(budgets.map((budget) => [budget, ordered(5, { reason: budget })])),
      );
    },
  },
  {
    name: 'two orders for a budget in the same millisecond: the second is refused, and the first stands',
    async run({ state, orders: give }) {
      await give.giveBudgetOrder('search', ordered(5));
      const second = give.giveBudgetOrder('search', ordered(5, { by: 'bob' }));
      await expect(second).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect(await state.budgetOrders()).toEqual({ search: ordered(5) });
    },
  },
  {
    name: 'orders for budgets of another release are not replaced',
    async run({ orders: give, leaveOtherVersion }) {
      await leaveOtherVersion('budgetOrders');
      await expect(give.giveBudgetOrder('search', ordered(5))).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    },
  },
];
