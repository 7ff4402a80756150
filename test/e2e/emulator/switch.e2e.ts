import { GetPolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { startEmulator, type Credentials, type Emulator } from '../../../local/emulator';
import { OPEN, putInForce, version } from './rules/policy-versions';
import { attach, managedPolicy, outcome, policy, roleWith } from './support';

const ROLES = 1_000;
const AT_ONCE = 20;

let aws: Emulator;

beforeAll(async () => {
  aws = await startEmulator({ scheduleSeconds: 3600 });
});
afterAll(() => aws?.stop());

async function inTurns<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const done: U[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return done;
}

test('one call puts a version in force for a thousand roles: the next call of each is denied', async () => {
  const policyArn = await managedPolicy(aws, OPEN);
  const stopped = await version(aws, policyArn, policy({ Effect: 'Deny', Action: 'iam:GetPolicy' }));
  const sessions = await inTurns([...Array(ROLES).keys()], async () => {
    const arn = await roleWith(aws, [{ Action: 'iam:GetPolicy' }]);
    await attach(aws, arn.slice(arn.lastIndexOf('/') + 1), policyArn);
    return aws.credentialsFor(arn);
  });
  const clients = sessions.map((as: Credentials) => aws.client(IAMClient, as));
  const outcomes = async () => {
    const all = await inTurns(clients, (iam) =>
      outcome(() => iam.send(new GetPolicyCommand({ PolicyArn: policyArn }))),
    );
    return Object.fromEntries([...new Set(all)].map((each) => [each, all.filter((one) => one === each).length]));
  };

  const open = await outcomes();
  const before = performance.now();
  await putInForce(aws, policyArn, stopped);
  const call = performance.now() - before;
  const denied = await outcomes();
  const everybody = performance.now() - before;
  await putInForce(aws, policyArn, 'v1');
  const openAgain = await outcomes();

  expect({ open, denied, openAgain }).toEqual({
    open: { ok: ROLES },
    denied: { AccessDenied: ROLES },
    openAgain: { ok: ROLES },
  });
  console.info(`SetDefaultPolicyVersion: ${call.toFixed(0)} ms; ${ROLES} roles asked: ${everybody.toFixed(0)} ms`);
});
