import { ServiceError } from '../../core/ports/service-error';
import { healthState } from '../../lambda/adapters/health-state';
import { meterCalibration } from '../../lambda/adapters/meter-calibration';
import { meterState, orders } from '../../lambda/adapters/meter-state';
import { FakeMeterState } from '../../simulator/fakes/meter-state';
import { NEVER } from '../../simulator/fakes/never';
import { MemoryTable } from '../helpers/memory-table';
import { onFake } from './suites/contract';
import { keyOfItem, meterStateContract, type MeterStateSubject } from './suites/meter-state';

meterStateContract(
  'the fake',
  onFake((): MeterStateSubject => {
    const fake = new FakeMeterState();
    return {
      state: fake,
      orders: fake,
      calibrations: fake,
      keepCanary: async (record) => fake.keepCanary(record),
      leaveOtherVersion: async (item) => void fake.ofOtherVersion.add(item),
      throttle: async () => void (fake.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down')),
    };
  }),
);

meterStateContract(
  'the adapter on a table in memory',
  onFake((): MeterStateSubject => {
    const table = new MemoryTable();
    return {
      state: meterState('state', table.client),
      orders: orders('state', table.client),
      calibrations: meterCalibration('state', table.client),
      keepCanary: (record) => healthState('state', table.client).saveCanary(record, NEVER),
      leaveOtherVersion: (item) => table.write({ ...keyOfItem(item), schemaVersion: 2 }),
      throttle: async () => void (table.failure = 'ThrottlingException'),
    };
  }),
);
