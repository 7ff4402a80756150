import { exactLedger } from '../../../../client/adapters/dynamodb-ledger';
import { usd } from '../../../../core/money';
import { BUDGET_KEPT_MS, BUDGET_SORT_KEY, budgetKey } from '../../../../core/shared-budgets/keys';
import { ENVIRONMENT_BUDGET } from '../../../../core/shared-budgets/node';
import { periodAt, periodEnd } from '../../../../core/shared-budgets/period';
import { readingOf } from '../../../../lambda/adapters/dynamodb/shared-budgets';
import { DynamoDbFake } from '../../../helpers/dynamodb-fake';

const NOW = Date.parse('2026-11-12T10:00:00Z');
const MONTH = periodAt('month', NOW);

async function written(): Promise<Readonly<Record<string, unknown>>> {
  const table = new DynamoDbFake(() => NOW);
  const { documents } = table;
  const ledger = exactLedger({ tableName: 'leases', scope: 'dev', now: () => NOW, documents, limit: usd(10) });
  await ledger.reserve(usd(1));
  return table.get(budgetKey('dev', ENVIRONMENT_BUDGET, MONTH), BUDGET_SORT_KEY)!;
}

test("the plugin's own ledger writes what is read, without anything carried over", async () => {
  expect(readingOf(await written())).toEqual({
    kind: 'known',
    value: { limit: usd(10), spent: 0, remaining: usd(9), unsettled: 0, carried: 0 },
  });
});

test('it keeps an item as long as those who look back are told', async () => {
  const { expiresAt } = await written();
  expect(Number(expiresAt) * 1_000 - periodEnd(MONTH)).toBe(BUDGET_KEPT_MS);
});
