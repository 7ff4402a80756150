import { FakePolicyVersions } from '../../simulator/fakes/policy-versions';
import { onFake } from './suites/contract';
import { FIRST, policyVersionsContract } from './suites/policy-versions';
import { throttled } from './throttled';

policyVersionsContract(
  'the fake',
  onFake(() => {
    const port = new FakePolicyVersions(FIRST);
    return {
      port,
      remove: async () => port.gone(),
      async throttle() {
        for (const operation of ['list', 'create', 'setDefault', 'remove'] as const)
          port.refuse(operation, throttled());
      },
    };
  }),
);
