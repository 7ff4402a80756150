import { concurrencyState } from '../../lambda/adapters/dynamodb/concurrency-state';
import { FakeConcurrencyState } from '../../simulator/fakes/concurrency-state';
import { MemoryTable } from '../helpers/memory-table';
import { concurrencyStateContract } from './suites/concurrency-state';
import { onFake } from './suites/contract';
import { throttled } from './throttled';

concurrencyStateContract(
  'the fake',
  onFake(() => {
    const port = new FakeConcurrencyState();
    return {
      port,
      meterWants: async (month, desired) => void port.meter.set(month, desired),
      leaveUnreadable: async (key) => void port.unreadable.push(key),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

concurrencyStateContract(
  'the adapter on a table in memory',
  onFake(() => {
    const table = new MemoryTable();
    return {
      port: concurrencyState('state', table.client),
      meterWants: (month, desired) => table.write({ pk: 'meter', sk: month, schemaVersion: 1, desired }),
      leaveUnreadable: (sk) => table.write({ pk: 'concurrency', sk, schemaVersion: 2 }),
      throttle: async () => void (table.failure = 'ThrottlingException'),
    };
  }),
);
