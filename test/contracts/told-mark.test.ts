import { ServiceError } from '../../core/errors';
import { toldMark } from '../../lambda/adapters/dynamodb/told-mark';
import { FakeToldMark } from '../../simulator/fakes/told-mark';
import { MemoryTable } from '../helpers/memory-table';
import { onFake } from './suites/contract';
import { toldMarkContract, type ToldMarkSubject } from './suites/told-mark';

toldMarkContract(
  'the fake',
  onFake((): ToldMarkSubject => {
    const port = new FakeToldMark();
    return {
      port,
      leaveOtherVersion: async () => void (port.ofOtherVersion = true),
      throttle: async () => void (port.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down')),
    };
  }),
);

toldMarkContract(
  'the adapter on a table in memory',
  onFake((): ToldMarkSubject => {
    const table = new MemoryTable();
    return {
      port: toldMark('state', table.client),
      leaveOtherVersion: async () => table.write({ pk: 'meter', sk: 'told', schemaVersion: 2, at: 1 }),
      throttle: async () => void (table.failure = 'ThrottlingException'),
    };
  }),
);
