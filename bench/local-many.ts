import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ACCOUNT, type Emulator } from '../local/emulator';

/** Calls of IAM at a time. */
const AT_ONCE = 10;

async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) await Promise.all(items.slice(at, at + AT_ONCE).map(work));
}

/** Roles that may call any model. @returns their ARNs */
export async function makeRoles(emulator: Emulator, names: readonly string[]): Promise<readonly string[]> {
  const iam = emulator.client(IAMClient);
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' };
  const call = { Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource: '*' };
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await each(names, async (RoleName) => {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'call', PolicyDocument: document(call) }));
  });
  return names.map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`);
}

/** One call for each, ten at a time. */
export async function attachTo(emulator: Emulator, PolicyArn: string, names: readonly string[]): Promise<void> {
  const iam = emulator.client(IAMClient);
  await each(names, (RoleName) => iam.send(new AttachRolePolicyCommand({ PolicyArn, RoleName })));
}

/** What a stop took before there was a switch: a policy attached to each in turn. @returns seconds */
export async function stopByAttaching(emulator: Emulator, names: readonly string[], run: string): Promise<number> {
  const deny = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'bedrock:Nothing', Resource: '*' }] };
  const { Policy } = await emulator
    .client(IAMClient)
    .send(new CreatePolicyCommand({ PolicyName: `bench-deny-${run}`, PolicyDocument: JSON.stringify(deny) }));
  const began = performance.now();
  await attachTo(emulator, Policy?.Arn ?? '', names);
  return (performance.now() - began) / 1000;
}
