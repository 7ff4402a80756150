import { ServiceError } from '../../core/errors';
import { FakeInvocationLog, type InvocationRecord } from '../../simulator/fakes/invocation-log';
import { onFake } from './suites/contract';
import { invocationLogContract } from './suites/invocation-log';

invocationLogContract(
  'the fake',
  onFake(() => {
    const groups = new Map<string, readonly InvocationRecord[]>();
    const port = new FakeInvocationLog(groups);
    const short = new FakeInvocationLog(groups);
    short.mostRows = 3;
    return {
      port,
      short,
      async write(...events) {
        groups.set('bedrock', events as readonly InvocationRecord[]);
        return 'bedrock';
      },
      runOn: async () => void (port.failure = () => ({ kind: 'slow', seconds: 12 })),
      refuse: async (how) => void (port.failure = () => new ServiceError(how, 'Refused', 'no')),
    };
  }),
);
