import { AVAILABLE, FakeHealthServices } from '../../simulator/fakes/health-services';
import { accessKeysContract } from './suites/access-keys';
import { onFake } from './suites/contract';
import { modelAccessContract } from './suites/model-access';
import { permissionSetRolesContract } from './suites/permission-set-roles';
import { policyRoomContract } from './suites/policy-room';
import { quotasContract } from './suites/quotas';
import { subscriptionsContract } from './suites/subscriptions';
import { throttled } from './throttled';

const ACCOUNT = '111122223333';
const MODEL = `arn:aws:bedrock:us-east-1:${ACCOUNT}:application-inference-profile/lite`;
const MODEL_ID = 'amazon.nova-lite-v1:0';

function services(): FakeHealthServices {
  const availability = AVAILABLE;
  const model = { id: MODEL_ID, callAs: MODEL, inputTokens: 7, lifecycle: { status: 'active' } as const, availability };
  const fake = new FakeHealthServices({
    account: ACCOUNT,
    invokerRoleName: 'invoker',
    models: [model],
    denies: (policyArn) => policyArn === 'deny',
  });
  fake.principals.push({ kind: 'role', name: 'invoker', policyArns: [] });
  return fake;
}

const FAKE = 'the fake';

quotasContract(
  FAKE,
  onFake(() => {
    const fake = services();
    return {
      port: fake.quotas,
      set: async (quotas) => void (fake.appliedQuotas = quotas),
      throttle: async () => void (fake.failure = throttled()),
    };
  }),
);

policyRoomContract(
  FAKE,
  onFake(() => {
    const fake = services();
    return {
      port: fake.policyRoom,
      async withPolicies(kind, count) {
        const arns = Array.from({ length: count }, (_, at) => `arn:aws:iam::${ACCOUNT}:policy/p${at}`);
        const name = `${kind}-${count}`;
        fake.principals.push({ kind, name, policyArns: arns });
        return { name, arns };
      },
      throttle: async () => void (fake.failure = throttled()),
    };
  }),
);

permissionSetRolesContract(
  FAKE,
  onFake(() => {
    const fake = services();
    const policyArn = `arn:aws:iam::${ACCOUNT}:policy/spend-guard/switch`;
    const roleOf = (set: string) => `AWSReservedSSO_${set}_0123456789abcdef`;
    const add = (name: string, policyArns: string[]) => void fake.principals.push({ kind: 'role', name, policyArns });
    return {
      port: fake.permissionSetRoles,
      async provisioned(withPolicy, without) {
        for (const set of withPolicy) add(roleOf(set), [policyArn]);
        for (const set of without) add(roleOf(set), []);
        return { policyArn, rolesOf: (set) => [roleOf(set)] };
      },
      async other(arn) {
        add('app', [arn]);
        return 'app';
      },
      throttle: async () => void (fake.failure = throttled()),
    };
  }),
);

accessKeysContract(
  FAKE,
  onFake(() => {
    const fake = services();
    return {
      port: fake.accessKeys,
      async user(...active) {
        const keys = active.map((isActive, at) => ({
          ...{ id: `AKIA${at}`, createdAtMs: Date.parse('2026-11-01'), active: isActive, use: {} },
        }));
        fake.users.set('ann', keys);
        return { name: 'ann', ids: keys.map(({ id }) => id) };
      },
      throttle: async () => void (fake.failure = throttled()),
    };
  }),
);

subscriptionsContract(
  FAKE,
  onFake(() => {
    const fake = services();
    return {
      port: fake.topic,
      topicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:alerts`,
      async subscribe(address, isConfirmed) {
        fake.subscriptions = [...fake.subscriptions, { address, state: isConfirmed ? 'confirmed' : 'pending' }];
      },
      throttle: async () => void (fake.failure = throttled()),
    };
  }),
);

modelAccessContract(
  FAKE,
  onFake(() => {
    const fake = services();
    return {
      ...{ identity: fake.identity, assumeRole: fake.assumeRole, catalog: fake.catalog },
      ...{ account: ACCOUNT, invoker: `arn:aws:iam::${ACCOUNT}:role/invoker`, model: MODEL, modelId: MODEL_ID },
      distrust: async () => void (fake.invokerTrusts = false),
      deny: async () => void fake.principals[0]!.policyArns.push('deny'),
    };
  }),
);
