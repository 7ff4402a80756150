import { guardStatus } from '../../../../lambda/adapters/dynamodb/guard-status';
import { usd } from '../../../../core/money';
import { MemoryTable } from '../../../helpers/memory-table';
import { NOVEMBER } from '../../../helpers/meter-states';

test('the status is one item of the leases table, in plain numbers', async () => {
  const table = new MemoryTable();
  const amounts = { spentAtLeast: usd('12.000000001'), limit: usd(100) };
  const status = { desired: 'open', asOf: 1_762_776_000_000, month: NOVEMBER, revision: 7, ...amounts } as const;
  await guardStatus('leases', table.client).write(status);
  expect(table.requests.map(({ body }) => body.TableName)).toEqual(['leases']);
  expect([...table.items.values()]).toEqual([
    {
      ...{ pk: { S: 'STATUS' }, sk: { S: 'STATUS' }, schemaVersion: { N: '1' }, desired: { S: 'open' } },
      ...{ asOf: { N: '1762776000000' }, month: { S: '2026-11' }, revision: { N: '7' } },
      ...{ spentAtLeast: { N: '12000000001' }, limit: { N: '100000000000' } },
    },
  ]);
});
