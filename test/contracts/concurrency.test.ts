import { FakeConcurrency } from '../../simulator/fakes/concurrency';
import { concurrencyContract } from './suites/concurrency';
import { onFake } from './suites/contract';
import { throttled } from './throttled';

const NOON = Date.parse('2026-11-12T12:00:00Z');

concurrencyContract(
  'the fake',
  onFake(() => {
    const port = new FakeConcurrency(() => NOON);
    port.allocationsEnd = 'IN_PROGRESS';
    return {
      port,
      async deploy(...aliases) {
        for (const qualifier of [...aliases, '1']) port.deploy({ functionName: 'models', qualifier }, undefined);
        return 'models';
      },
      divide: async (target) => port.deploy(target, undefined, { weighted: true }),
      redeploy: async (target) => port.deploy(target, undefined, { functionVersion: '2' }),
      allocated: async () => port.finishAllocations(),
      throttle: async () => void (port.failure = throttled()),
      failAllocations: () => void (port.allocationsEnd = 'FAILED'),
    };
  }),
);
