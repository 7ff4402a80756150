import { guardStatus } from '../../../../lambda/adapters/dynamodb/guard-status';
import { usd } from '../../../../core/money';
import { MemoryTable } from '../../../helpers/memory-table';
import { NOVEMBER } from '../../../helpers/meter-states';

const STATUS = { desired: 'open', asOf: 1_762_776_000_000, month: NOVEMBER, revision: 7 } as const;

test('the status is one item of the leases table, in plain numbers', async () => {
  const table = new MemoryTable();
  const amounts = { spentAtLeast: usd('12.000000001'), limit: usd(100) };
  await guardStatus('leases', table.client).write({ ...STATUS, ...amounts });
  expect(table.requests.map(({ body }) => body.TableName)).toEqual(['leases']);
  expect([...table.items.values()]).toEqual([
    {
      ...{ pk: { S: 'STATUS' }, sk: { S: 'STATUS' }, schemaVersion: { N: '1' }, desired: { S: 'open' } },
      ...{ asOf: { N: '1762776000000' }, month: { S: '2026-11' }, revision: { N: '7' } },
      ...{ spentAtLeast: { N: '12000000001' }, limit: { N: '100000000000' } },
    },
  ]);
});

test('the limits of the budgets within are a map of it', async () => {
  const table = new MemoryTable();
  const budgets = { limits: { search: usd(20) }, since: 5 };
  await guardStatus('leases', table.client).write({ ...STATUS, spentAtLeast: usd(1), limit: usd(2), budgets });
  expect(table.items.get('STATUS\u0000STATUS')?.['budgets']).toEqual({
    M: { limits: { M: { search: { N: '20000000000' } } }, since: { N: '5' } },
  });
});
