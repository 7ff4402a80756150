import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from '@aws-sdk/client-iam';
import type { Credentials, Emulator } from '../../../../local/emulator';
import { managedPolicy, outcome, policy, refusal, stackStatus, unique, type Rule } from '../support';
import { OPEN, putInForce, STOPPED, version } from './policy-versions';

const RESERVED = '/aws-reserved/sso.amazonaws.com/';
const SWITCH_PATH = '/spend-guard/';
const TRUST = policy({ Effect: 'Deny', Action: 'sts:AssumeRole' });

/** A policy of its own path. */
async function switchOf(emulator: Emulator): Promise<{ name: string; arn: string }> {
  const name = unique('switch');
  const { Policy } = await emulator
    .client(IAMClient)
    .send(new CreatePolicyCommand({ PolicyName: name, Path: SWITCH_PATH, PolicyDocument: OPEN }));
  return { name, arn: Policy!.Arn! };
}

/** Without control endpoints a role of that name and path, as far as the API makes one. */
async function reservedRole(emulator: Emulator, bare: boolean): Promise<string> {
  const name = unique('Set');
  if (!bare) return (await emulator.control.identityCenter.provision({ name })).roleName;
  const RoleName = `AWSReservedSSO_${name}_0123456789abcdef`;
  const request = { RoleName, Path: RESERVED, AssumeRolePolicyDocument: TRUST };
  await emulator.client(IAMClient).send(new CreateRoleCommand(request));
  return RoleName;
}

async function holders(emulator: Emulator, PolicyArn: string): Promise<readonly (string | undefined)[]> {
  const found = await emulator.client(IAMClient).send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  return (found.PolicyRoles ?? []).map(({ RoleName }) => RoleName);
}

const call = (emulator: Emulator, as: Credentials) =>
  outcome(() => emulator.client(IAMClient, as).send(new ListRolesCommand({ MaxItems: 1 })));

export const identityCenterRules: readonly Rule[] = [
  {
    name: 'trap 41: nobody in the account changes a role of Identity Center, nor does CloudFormation attach to it',
    aws: {
      operations: Array.from({ length: 12 }, () => 'UnmodifiableEntityException'),
      stack: 'ROLLBACK_COMPLETE',
      attached: [],
    },
    async observe(emulator, bare) {
      const iam = emulator.client(IAMClient);
      const RoleName = await reservedRole(emulator, bare);
      const PolicyArn = await managedPolicy(emulator, OPEN);
      const inline = { RoleName, PolicyName: 'inline' };
      const operations = [
        () => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
        () => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
        () => iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: OPEN })),
        () => iam.send(new DeleteRolePolicyCommand(inline)),
        () => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: TRUST })),
        () => iam.send(new UpdateRoleCommand({ RoleName, Description: 'd' })),
        () => iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description: 'd' })),
        () => iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: PolicyArn })),
        () => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
        () => iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'k', Value: 'v' }] })),
        () => iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['k'] })),
        () => iam.send(new DeleteRoleCommand({ RoleName })),
      ];
      const outcomes: string[] = [];
      for (const operation of operations) outcomes.push(await outcome(operation));
      const Properties = { PolicyDocument: JSON.parse(OPEN), Roles: [RoleName] };
      const template = { Resources: { Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties } } };
      const stack = await stackStatus(emulator, 'CreateStack', template, unique('stack'));
      const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
      return { operations: outcomes, stack, attached: AttachedPolicies };
    },
  },
  {
    name: 'a permission set is provisioned with policies that the account has, by name and path, and only with those',
    aws: {
      absent: 'no policy',
      otherPath: 'no policy',
      unchanged: [],
      role: ['AWSReservedSSO_{set}_{16 hex}', RESERVED],
      listed: [true, true, true],
      regional: `${RESERVED}eu-west-1/`,
      again: ['same role', 0],
      renamed: 'another role',
    },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const { identityCenter } = emulator.control;
      const [name, { name: policyName, arn }] = [unique('Set'), await switchOf(emulator)];
      const why = async (reference: { name: string; path?: string }) => {
        const said = await refusal(() => identityCenter.provision({ name, customerManagedPolicies: [reference] }));
        return /no policy/.exec(said)?.[0] ?? said;
      };
      const roles = async () => {
        const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: RESERVED, MaxItems: 1000 }));
        return Roles.filter(({ RoleName }) => RoleName!.startsWith(`AWSReservedSSO_${name}_`));
      };
      const absent = await why({ name: `${policyName}-none`, path: SWITCH_PATH });
      const otherPath = await why({ name: policyName });
      const unchanged = await roles();

      const reference = { name: policyName, path: SWITCH_PATH };
      const { roleName } = await identityCenter.provision({ name, customerManagedPolicies: [reference] });
      const [role] = await roles();
      const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: roleName }));
      const listed = [
        (await holders(emulator, arn)).includes(roleName),
        attached.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === arn) ?? false,
        role?.RoleName === roleName,
      ];
      const regional = await identityCenter.provision({ name: unique('Regional'), region: 'eu-west-1' });
      const again = await identityCenter.provision({ name });
      const left = (await holders(emulator, arn)).length;
      await identityCenter.remove(name);
      const { roleName: another } = await identityCenter.provision({ name });
      return {
        absent,
        otherPath,
        unchanged,
        role: [roleName.replace(name, '{set}').replace(/[0-9a-f]{16}$/, '{16 hex}'), role?.Path],
        listed,
        regional: /role(.*\/)/.exec(regional.roleArn)?.[1],
        again: [again.roleName === roleName ? 'same role' : again.roleName, left],
        renamed: another === roleName ? another : 'another role',
      };
    },
  },
  {
    name: 'the version in force holds whoever has signed in with a permission set, and STS lets nobody in',
    aws: {
      open: 'ok',
      stopped: ['AccessDenied', 'AccessDenied'],
      openAgain: 'ok',
      assumed: 'AccessDenied',
      deletion: 'DeleteConflictException',
      afterRemoval: 'ok',
      gone: 'LocalError',
    },
    async observe(emulator) {
      const { identityCenter } = emulator.control;
      const [name, { name: policyName, arn }] = [unique('Set'), await switchOf(emulator)];
      const { roleArn } = await identityCenter.provision({
        name,
        customerManagedPolicies: [{ name: policyName, path: SWITCH_PATH }],
        inlinePolicy: policy({ Action: 'iam:ListRoles' }),
      });
      const remove = () => outcome(() => emulator.client(IAMClient).send(new DeletePolicyCommand({ PolicyArn: arn })));
      const ann = await identityCenter.signIn(name, 'ann@example.com');
      const open = await call(emulator, ann);
      const stopped = await version(emulator, arn, STOPPED, true);
      const denied = [await call(emulator, ann), await call(emulator, await identityCenter.signIn(name, 'bob'))];
      await putInForce(emulator, arn, 'v1');
      const openAgain = await call(emulator, ann);
      const assumed = await outcome(() => emulator.credentialsFor(roleArn));
      const deletion = await remove();
      await identityCenter.remove(name);
      await emulator.client(IAMClient).send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: stopped }));
      return {
        open,
        stopped: denied,
        openAgain,
        assumed,
        deletion,
        afterRemoval: await remove(),
        gone: await outcome(() => identityCenter.signIn(name, 'ann@example.com')),
      };
    },
  },
];
