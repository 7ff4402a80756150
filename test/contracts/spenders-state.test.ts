import { ServiceError } from '../../core/errors';
import { FakeSpendersState } from '../../simulator/fakes/spenders-state';
import { onFake } from './suites/contract';
import { spendersStateContract } from './suites/spenders-state';

spendersStateContract(
  'the fake',
  onFake(() => {
    const port = new FakeSpendersState();
    return {
      port,
      throttle: async () => void (port.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down')),
    };
  }),
);
