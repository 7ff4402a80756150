import { healthState } from '../../lambda/adapters/dynamodb/health-state';
import { meterState } from '../../lambda/adapters/dynamodb/meter-state';
import { FakeHealthState } from '../../simulator/fakes/health-state';
import { MemoryTable } from '../helpers/memory-table';
import { onFake } from './suites/contract';
import { healthStateContract } from './suites/health-state';
import { throttled } from './throttled';

const NEXT_YEAR = Date.parse('2027-01-01');

healthStateContract(
  'the fake',
  onFake(() => {
    const port = new FakeHealthState();
    return {
      port,
      canaries: async () => [...port.canaries.values()],
      meterDates: async () => port.dates,
      meterWants: async (month, desired) => void port.meter.set(month, desired),
      leaveOtherVersion: async () => void (port.isOfOtherVersion = true),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

healthStateContract(
  'the adapter on a table in memory',
  onFake(() => {
    const table = new MemoryTable();
    return {
      port: healthState('state', table.client),
      canaries: () => meterState('state', table.client).canaries(0, NEXT_YEAR),
      meterDates: () => meterState('state', table.client).extendedAccess(),
      meterWants: (month, desired) => table.write({ pk: 'meter', sk: month, schemaVersion: 1, desired }),
      leaveOtherVersion: () => table.write({ pk: 'health', sk: 'last', schemaVersion: 2 }),
      throttle: async () => void (table.failure = 'ThrottlingException'),
    };
  }),
);
