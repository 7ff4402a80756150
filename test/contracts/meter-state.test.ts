import { ServiceError } from '../../core/errors';
import { healthState } from '../../lambda/adapters/dynamodb/health-state';
import { meterCalibration } from '../../lambda/adapters/dynamodb/meter-calibration';
import { meterState, orders } from '../../lambda/adapters/dynamodb/meter-state';
import { FakeMeterState } from '../../simulator/fakes/meter-state';
import { NEVER } from '../../simulator/fakes/never';
import { MeterStore } from '../../simulator/world/meter-store';
import { MemoryTable } from '../helpers/memory-table';
import { contract, onFake } from './suites/contract';
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

/** It keeps items as they are, not as text, and is never away: what it shares with a table is which write wins and what is read. */
const KEPT =
  /^the latest is|conflict|one wins|revisions of its own|replaced as a whole|until the next order|loses anything|nothing there/;

contract(
  'meter-state',
  meterStateContract.cases.filter(({ name }) => KEPT.test(name)),
)(
  'the store of the simulator’s month',
  onFake((): MeterStateSubject => {
    const store = new MeterStore();
    return {
      state: store,
      orders: store,
      calibrations: store,
      keepCanary: async (record) => store.keepCanary(record),
      leaveOtherVersion: () => Promise.reject(new Error('it knows one release')),
      throttle: () => Promise.reject(new Error('it is never away')),
    };
  }),
);
