import { ServiceError } from '../../core/errors';
import { guardStatus } from '../../lambda/adapters/dynamodb/guard-status';
import { FakeGuardStatus } from '../../simulator/fakes/guard-status';
import { MemoryTable } from '../helpers/memory-table';
import { onFake } from './suites/contract';
import { statusWriterContract, type StatusWriterSubject } from './suites/guard-status-writer';

const RUNS = 30;

statusWriterContract(
  'the fake',
  onFake((): StatusWriterSubject => {
    const fake = new FakeGuardStatus();
    return {
      port: fake,
      stands: async () => fake.status,
      throttle: async () => void (fake.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down')),
      runs: RUNS,
    };
  }),
);

statusWriterContract(
  'the adapter on a table in memory',
  onFake((): StatusWriterSubject => {
    const table = new MemoryTable();
    return {
      port: guardStatus('leases', table.client),
      async stands() {
        const item = table.items.get('STATUS\u0000STATUS');
        if (!item) return undefined;
        const { month, revision, asOf } = item;
        return { month: String(month?.['S']), revision: Number(revision?.['N']), asOf: Number(asOf?.['N']) };
      },
      throttle: async () => void (table.failure = 'ThrottlingException'),
      runs: RUNS,
    };
  }),
);
