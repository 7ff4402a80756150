import { ServiceError } from '../../core/errors';
import { FakeInvocationLogging } from '../../simulator/fakes/invocation-logging';
import { FakeLogGroups } from '../../simulator/fakes/log-groups';
import { FakeSesSetup } from '../../simulator/fakes/ses-setup';
import { onFake } from './suites/contract';
import { invocationLoggingContract } from './suites/invocation-logging';
import { logGroupsContract } from './suites/log-groups';
import { sesSetupContract } from './suites/ses-setup';
import { throttled } from './throttled';

sesSetupContract(
  'the fake',
  onFake(() => {
    const port = new FakeSesSetup();
    return {
      port,
      domain: 'example.com',
      verify: async (identity) => void port.identities.set(identity, { kind: 'verified' }),
      begin: async (identity) => void port.identities.set(identity, { kind: 'notVerified', status: 'PENDING' }),
      async inSandbox(run) {
        const before = port.of;
        port.of = { isInSandbox: true, isSendingEnabled: true, enforcement: 'HEALTHY' };
        await run();
        port.of = before;
      },
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

logGroupsContract(
  'the fake',
  onFake(() => {
    const port = new FakeLogGroups();
    return {
      port,
      name: '/bedrock/invocations',
      make: async (name, logClass, retentionDays) =>
        void port.groups.set(name, {
          logClass: logClass ?? 'STANDARD',
          ...(retentionDays !== undefined && { retentionDays }),
        }),
      refuse: async (how) => void (port.failure = new ServiceError(how, 'Refused', 'no')),
    };
  }),
);

invocationLoggingContract(
  'the fake',
  onFake(() => {
    const port = new FakeInvocationLogging();
    return {
      port,
      async whileSet(to, run) {
        port.set = to;
        await run();
        port.set = undefined;
      },
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);
