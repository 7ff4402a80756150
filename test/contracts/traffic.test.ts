import { FakeTraffic } from '../../simulator/fakes/traffic';
import { onFake } from './suites/contract';
import { trafficContract } from './suites/traffic';
import { throttled } from './throttled';

trafficContract(
  'the fake',
  onFake(() => {
    const port = new FakeTraffic();
    const names: string[] = [];
    return {
      port,
      name: () => names[names.push(`function-${names.length}`) - 1]!,
      call: async (functionName, atMs) => void port.calls.push({ functionName, atMs }),
      async answerWith(status) {
        for (const name of names) port.unavailable.set(name, `CloudWatch answers ${status}`);
      },
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);
