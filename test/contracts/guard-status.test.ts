import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoDbStatus } from '../../client/adapters/dynamodb-status';
import { guardStatus } from '../../lambda/adapters/dynamodb/guard-status';
import { MemoryTable } from '../helpers/memory-table';
import { onFake } from './suites/contract';
import { guardStatusContract, type GuardStatusSubject } from './suites/guard-status';

guardStatusContract(
  'the adapter on a table in memory',
  onFake((): GuardStatusSubject => {
    const table = new MemoryTable();
    return {
      port: dynamoDbStatus({ tableName: 'leases', documents: DynamoDBDocumentClient.from(table.client) }),
      writer: guardStatus('leases', table.client),
      leave: (item) => table.write({ ...item }),
      throttle: async () => void (table.failure = 'ThrottlingException'),
    };
  }),
);
