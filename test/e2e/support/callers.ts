import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, type Credentials, type Emulator } from '../../../local/emulator';
import { CALLER_ROLE_ARN, HELD } from './tiers';

const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const CALL = policy({
  Effect: 'Allow',
  Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
  Resource: '*',
});
const TRUST = policy({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'sts:AssumeRole',
});

/** A role, a user and a group that may call every model by themselves: what the config says is stopped with the environment. */
export async function makePrincipals(aws: Emulator): Promise<void> {
  const iam = aws.client(IAMClient);
  const { role, user, group, member } = HELD;
  const named = { PolicyName: 'call', PolicyDocument: CALL };
  await iam.send(new CreateRoleCommand({ RoleName: role, Path: '/team/', AssumeRolePolicyDocument: TRUST }));
  await iam.send(new PutRolePolicyCommand({ RoleName: role, ...named }));
  const caller = CALLER_ROLE_ARN.slice(CALLER_ROLE_ARN.lastIndexOf('/') + 1);
  await iam.send(new CreateRoleCommand({ RoleName: caller, AssumeRolePolicyDocument: TRUST }));
  const PolicyDocument = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: caller, PolicyName: 'assume', PolicyDocument }));
  await iam.send(new CreateUserCommand({ UserName: user }));
  await iam.send(new PutUserPolicyCommand({ UserName: user, ...named }));
  await iam.send(new CreateGroupCommand({ GroupName: group }));
  await iam.send(new PutGroupPolicyCommand({ GroupName: group, ...named }));
  await iam.send(new CreateUserCommand({ UserName: member }));
  await iam.send(new AddUserToGroupCommand({ GroupName: group, UserName: member }));
}

/** A key of the user's own. */
export async function keyOf(aws: Emulator, userName: string): Promise<Credentials> {
  const { AccessKey } = await aws.client(IAMClient).send(new CreateAccessKeyCommand({ UserName: userName }));
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error(`no access key for ${userName}`);
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}

export const HELD_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/team/${HELD.role}`;

/** As the caller's role assumes it: the environment's own role trusts nobody else. */
export async function credentialsOf(aws: Emulator, roleArn: string): Promise<Credentials> {
  if (roleArn === HELD_ROLE_ARN) return aws.credentialsFor(roleArn);
  const sts = aws.client(STSClient, await aws.credentialsFor(CALLER_ROLE_ARN));
  const { Credentials: found } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'caller' }));
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = found ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
