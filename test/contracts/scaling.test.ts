import { targetKey } from '../../core/concurrency/target';
import { FakeScaling } from '../../simulator/fakes/scaling';
import { onFake } from './suites/contract';
import { scalingContract } from './suites/scaling';
import { throttled } from './throttled';

const suspended = { scalingIn: false, scalingOut: false, scheduled: false };

scalingContract(
  'the fake',
  onFake(() => {
    const port = new FakeScaling();
    let made = 0;
    return {
      port,
      target: () => ({ functionName: `function-${(made += 1)}`, qualifier: 'live' }),
      register: async (target, limits) => void port.targets.set(targetKey(target), { ...limits, suspended }),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);
