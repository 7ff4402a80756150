import { FakeAccountConcurrency } from '../../simulator/fakes/account-concurrency';
import { accountConcurrencyContract } from './suites/account-concurrency';
import { onFake } from './suites/contract';
import { throttled } from './throttled';

accountConcurrencyContract(
  'the fake',
  onFake(() => {
    const port = new FakeAccountConcurrency(1000, new Map([['meter', undefined]]));
    return { port, functionName: 'meter', throttle: async () => void (port.failure = throttled()) };
  }),
);
