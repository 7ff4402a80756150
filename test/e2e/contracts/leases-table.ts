import { dynamoDbStatus } from '../../../client/adapters/dynamodb-status';
import { guardStatus } from '../../../lambda/adapters/guard-status';
import type { GuardStatusSubject } from '../../contracts/suites/guard-status';
import type { Account } from './account';
import { Table } from './tables';

export async function status(account: Account): Promise<GuardStatusSubject> {
  const table = await Table.make(account);
  return {
    port: dynamoDbStatus({ tableName: table.name, documents: table.documents }),
    writer: guardStatus(table.name, table.client),
    leave: (item) => table.write(item),
    throttle: () => table.throttle(),
  };
}
