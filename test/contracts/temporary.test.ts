import { ServiceError } from '../../core/errors';
import { MINUTE_MS } from '../../core/calendar';
import { FakeListedSeries } from '../../simulator/fakes/listed-series';
import { FakeOpenSession } from '../../simulator/fakes/open-session';
import { FakeTemporaryBudgets } from '../../simulator/fakes/temporary-budgets';
import { FakeTemporaryProfiles } from '../../simulator/fakes/temporary-profiles';
import { FakeTemporaryRoles } from '../../simulator/fakes/temporary-roles';
import { onFake } from './suites/contract';
import { listedSeriesContract } from './suites/listed-series';
import { openSessionContract } from './suites/open-session';
import { temporaryBudgetsContract } from './suites/temporary-budgets';
import { temporaryProfilesContract } from './suites/temporary-profiles';
import { temporaryRolesContract } from './suites/temporary-roles';
import { throttled } from './throttled';

let count = 0;
const unique = (what: string) => `${what}-${(count += 1)}`;

temporaryProfilesContract(
  'the fake',
  onFake(() => {
    const port = new FakeTemporaryProfiles();
    return {
      port,
      region: 'us-east-1',
      otherRegion: 'eu-west-1',
      foreign: async (region, name) => port.add(region, { name, source: 'model' }),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

temporaryRolesContract(
  'the fake',
  onFake(() => {
    const port = new FakeTemporaryRoles('111122223333');
    return {
      port,
      account: '111122223333',
      unique,
      addVersion: async (arn) => port.policyArns.get(arn)!.versions.create({}),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

temporaryBudgetsContract(
  'the fake',
  onFake(() => {
    const port = new FakeTemporaryBudgets();
    return { port, prefix: unique('budget'), throttle: async () => void (port.failure = throttled()) };
  }),
);

listedSeriesContract(
  'the fake',
  onFake(() => {
    const port = new FakeListedSeries();
    return {
      port,
      region: 'us-east-1',
      otherRegion: 'eu-west-1',
      modelId: 'one',
      otherId: 'other',
      record: async (id) => port.record(id),
      listLate: async (minutes) => void (port.delayMs = minutes * MINUTE_MS),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

openSessionContract(
  'the fake',
  onFake(() => {
    let isDenied = false;
    let isSlow = false;
    const port = new FakeOpenSession((arn) => arn.endsWith('role/caller'), {
      call() {
        if (isDenied) throw new ServiceError('accessDenied', 'AccessDeniedException', 'explicit deny', 403);
        return { inputTokens: 8, outputTokens: 1 };
      },
      async stream() {
        if (isSlow) await new Promise((resolve) => setImmediate(resolve));
        return { kind: 'complete', parts: 3, inputTokens: 20, outputTokens: 100 };
      },
    });
    return {
      port,
      roleArn: 'arn:aws:iam::111122223333:role/caller',
      model: 'amazon.nova-micro-v1:0',
      deny: async () => void (isDenied = true),
      streamSlowly: async () => void (isSlow = true),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);
