import { FakeSessions } from '../../simulator/fakes/sessions';
import { onFake } from './suites/contract';
import { sessionsContract } from './suites/sessions';
import { throttled } from './throttled';

sessionsContract(
  'the fake',
  onFake(() => {
    const port = new FakeSessions();
    return { port, throttle: async () => void (port.failure = throttled()) };
  }),
);
