import {
  CreateRoleCommand,
  DeletePolicyVersionCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPoliciesCommand,
} from '@aws-sdk/client-iam';
import type { Emulator } from '../../../../local/emulator';
import { policy, stackStatus, unique, type Rule } from '../support';
import { OPEN, putInForce, STOPPED, version, versions } from './policy-versions';

/** A stack with one policy that is attached to these roles. */
const stackOf = (document: string, Roles: readonly string[] = []) => ({
  Resources: {
    Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: JSON.parse(document), Roles } },
  },
});

async function arnOf(emulator: Emulator, stack: string): Promise<string> {
  const { Policies = [] } = await emulator
    .client(IAMClient)
    .send(new ListPoliciesCommand({ Scope: 'Local', MaxItems: 1000 }));
  return Policies.find(({ PolicyName }) => PolicyName?.startsWith(`${stack}-`))!.Arn!;
}

async function inForce(emulator: Emulator, PolicyArn: string): Promise<unknown> {
  const VersionId = (await versions(emulator, PolicyArn)).find((each) => each.endsWith('in force'))!.split(' ')[0]!;
  const { PolicyVersion } = await emulator
    .client(IAMClient)
    .send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return JSON.parse(decodeURIComponent(PolicyVersion!.Document!)).Statement[0].Action;
}

const numbered = (number: number) => policy({ Effect: 'Deny', Action: `none:Number${number}` });

/** CloudFormation and the versions of a policy of its own. */
export const policyStackRules: readonly Rule[] = [
  {
    name: 'CloudFormation does not delete a policy with a version from elsewhere',
    aws: { elsewhere: 'DELETE_FAILED', kept: ['v1 in force', 'v2'], alone: 'DELETE_COMPLETE' },
    async observe(emulator) {
      const name = unique('stack');
      await stackStatus(emulator, 'CreateStack', stackOf(OPEN), name);
      const PolicyArn = await arnOf(emulator, name);
      const VersionId = await version(emulator, PolicyArn, STOPPED);
      const elsewhere = await stackStatus(emulator, 'DeleteStack', {}, name);
      const kept = await versions(emulator, PolicyArn);
      await emulator.client(IAMClient).send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      return { elsewhere, kept, alone: await stackStatus(emulator, 'DeleteStack', {}, name) };
    },
  },
  {
    name: 'CloudFormation puts another document in force as a new version, and leaves the versions alone where it is the same',
    aws: {
      attachedOnly: ['v1', 'v2 in force'],
      otherText: ['v1', 'v2', 'v3 in force'],
      text: 'none:Number2',
      deleted: 'DELETE_COMPLETE',
    },
    async observe(emulator) {
      const [name, RoleName] = [unique('stack'), unique('role')];
      const iam = emulator.client(IAMClient);
      const AssumeRolePolicyDocument = policy({ Effect: 'Deny', Action: 'sts:AssumeRole' });
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
      await stackStatus(emulator, 'CreateStack', stackOf(numbered(1)), name);
      const PolicyArn = await arnOf(emulator, name);
      const stopped = await version(emulator, PolicyArn, STOPPED);
      await putInForce(emulator, PolicyArn, stopped);
      await stackStatus(emulator, 'UpdateStack', stackOf(numbered(1), [RoleName]), name);
      const attachedOnly = await versions(emulator, PolicyArn);
      await stackStatus(emulator, 'UpdateStack', stackOf(numbered(2), [RoleName]), name);
      const otherText = await versions(emulator, PolicyArn);
      const text = await inForce(emulator, PolicyArn);
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: stopped }));
      return { attachedOnly, otherText, text, deleted: await stackStatus(emulator, 'DeleteStack', {}, name) };
    },
  },
  {
    name: 'CloudFormation deletes the oldest version that is not in force where there are five, whoever made it',
    aws: { made: ['v1', 'v2', 'v3', 'v4', 'v5 in force'], left: ['v1', 'v3', 'v4', 'v5', 'v6 in force'] },
    async observe(emulator) {
      const name = unique('stack');
      await stackStatus(emulator, 'CreateStack', stackOf(numbered(1)), name);
      const PolicyArn = await arnOf(emulator, name);
      for (let number = 2; number <= 4; number++) await version(emulator, PolicyArn, STOPPED);
      await version(emulator, PolicyArn, STOPPED, true);
      const made = await versions(emulator, PolicyArn);
      await putInForce(emulator, PolicyArn, 'v1');
      await stackStatus(emulator, 'UpdateStack', stackOf(numbered(2)), name);
      return { made, left: await versions(emulator, PolicyArn) };
    },
  },
  {
    name: 'trap 40: CloudFormation makes no version of 6,145 characters',
    aws: { status: 'UPDATE_ROLLBACK_COMPLETE', versions: ['v1 in force'] },
    async observe(emulator) {
      const name = unique('stack');
      await stackStatus(emulator, 'CreateStack', stackOf(OPEN), name);
      const PolicyArn = await arnOf(emulator, name);
      const long = policy({ Action: 's3:ListBucket', Resource: `arn:aws:s3:::${'b'.repeat(6_144)}` });
      const status = await stackStatus(emulator, 'UpdateStack', stackOf(long), name);
      return { status, versions: await versions(emulator, PolicyArn) };
    },
  },
];
