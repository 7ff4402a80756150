import { ServiceError } from '../../core/errors';
import { FakeSwitchDeploy } from '../../simulator/fakes/switch-deploy';
import { onFake } from './suites/contract';
import { switchDeployContract } from './suites/switch-deploy';
import { throttled } from './throttled';

switchDeployContract(
  'the fake',
  onFake(() => {
    const port = new FakeSwitchDeploy();
    return {
      port,
      orders: async () => port.orders,
      remove: async () =>
        void (port.failure = new ServiceError('notFound', 'ResourceNotFoundException', 'no such function', 404)),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);
