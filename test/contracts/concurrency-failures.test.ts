import { concurrencyFailures } from '../../lambda/adapters/dynamodb/concurrency-failures';
import { FakeConcurrencyFailures } from '../../simulator/fakes/concurrency-failures';
import { MemoryTable } from '../helpers/memory-table';
import { concurrencyFailuresContract } from './suites/concurrency-failures';
import { onFake } from './suites/contract';
import { throttled } from './throttled';

concurrencyFailuresContract(
  'the fake',
  onFake(() => {
    const port = new FakeConcurrencyFailures();
    return {
      port,
      leaveUnreadable: async () => void (port.isUnreadable = true),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

concurrencyFailuresContract(
  'the adapter on a table in memory',
  onFake(() => {
    const table = new MemoryTable();
    return {
      port: concurrencyFailures('state', table.client),
      leaveUnreadable: () => table.write({ pk: 'auto-stop', sk: 'failures', schemaVersion: 2 }),
      throttle: async () => void (table.failure = 'ThrottlingException'),
    };
  }),
);
