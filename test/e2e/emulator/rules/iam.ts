import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DetachRolePolicyCommand,
  GetAccessKeyLastUsedCommand,
  IAMClient,
  ListPoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { DynamoDBClient, CreateTableCommand, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ACCOUNT } from '../../../../local/emulator';
import { attach, managedPolicy, outcome, policy, roleWith, session, stackStatus, unique, type Rule } from '../support';
import { ROLE, PROTECTED_TABLE, POLICY, BOUNDED_ROLE } from './iam-templates';

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

export const iamRules: readonly Rule[] = [
  {
    name: 'trap 35: the eleventh managed policy of a role, a user and a group is refused',
    aws: {
      role: ['ok', 'LimitExceededException'],
      user: ['ok', 'LimitExceededException'],
      group: ['ok', 'LimitExceededException'],
    },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const [role, user, group] = [nameOf(await roleWith(emulator, [])), unique('user'), unique('group')];
      await iam.send(new CreateUserCommand({ UserName: user }));
      await iam.send(new CreateGroupCommand({ GroupName: group }));
      await iam.send(new AddUserToGroupCommand({ UserName: user, GroupName: group }));
      const last = { role: [] as string[], user: [] as string[], group: [] as string[] };
      for (let number = 1; number <= 11; number++) {
        const PolicyArn = await managedPolicy(emulator);
        last.role.push(await attach(emulator, role, PolicyArn));
        last.user.push(await outcome(() => iam.send(new AttachUserPolicyCommand({ UserName: user, PolicyArn }))));
        last.group.push(await outcome(() => iam.send(new AttachGroupPolicyCommand({ GroupName: group, PolicyArn }))));
      }
      return { role: last.role.slice(-2), user: last.user.slice(-2), group: last.group.slice(-2) };
    },
  },
  {
    name: 'trap 40: a managed policy of 6,145 characters is refused, white space not counted',
    aws: { atLimit: 'ok', over: 'LimitExceededException' },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const empty = policy({ Action: 's3:ListBucket', Resource: [''] });
      const create = (characters: number) => {
        const document = empty.replace(
          '""',
          `"arn:aws:s3:::${'b'.repeat(characters - empty.length - 'arn:aws:s3:::'.length)}"`,
        );
        return outcome(() =>
          iam.send(new CreatePolicyCommand({ PolicyName: unique('long'), PolicyDocument: `  ${document}\n` })),
        );
      };
      return { atLimit: await create(6_144), over: await create(6_145) };
    },
  },
  {
    name: 'no policy is attached that is not there, nor by CloudFormation',
    aws: { role: 'NoSuchEntityException', user: 'NoSuchEntityException', stack: 'ROLLBACK_COMPLETE' },
    async observe(emulator) {
      const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/${unique('absent')}`;
      const UserName = unique('user');
      const iam = emulator.client(IAMClient);
      await iam.send(new CreateUserCommand({ UserName }));
      const Properties = { ...ROLE.Resources.Role.Properties, ManagedPolicyArns: [PolicyArn] };
      const template = { Resources: { Role: { ...ROLE.Resources.Role, Properties } } };
      return {
        role: await attach(emulator, nameOf(await roleWith(emulator, [])), PolicyArn),
        user: await outcome(() => iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))),
        stack: await stackStatus(emulator, 'CreateStack', template, unique('stack')),
      };
    },
  },
  {
    name: 'iam:PolicyARN: who may attach one policy may attach no other',
    aws: { named: 'ok', other: 'AccessDenied' },
    async observe(emulator) {
      const [named, other] = [await managedPolicy(emulator), await managedPolicy(emulator)];
      const target = nameOf(await roleWith(emulator, []));
      const as = await session(emulator, {
        Action: 'iam:AttachRolePolicy',
        Condition: { ArnEquals: { 'iam:PolicyARN': named } },
      });
      return { named: await attach(emulator, target, named, as), other: await attach(emulator, target, other, as) };
    },
  },
  {
    name: 'an attachment is authorised on whom it is made to: by the ARN with its path, and a group as well',
    aws: { role: 'ok', group: 'ok', otherGroup: 'AccessDenied', withoutPath: 'AccessDenied' },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const [RoleName, group, otherGroup] = [unique('role'), unique('group'), unique('group')];
      const AssumeRolePolicyDocument = policy({ Effect: 'Deny', Action: 'sts:AssumeRole' });
      const { Role } = await iam.send(new CreateRoleCommand({ RoleName, Path: '/team/', AssumeRolePolicyDocument }));
      const { Group } = await iam.send(new CreateGroupCommand({ GroupName: group, Path: '/team/' }));
      await iam.send(new CreateGroupCommand({ GroupName: otherGroup, Path: '/team/' }));
      const Action = ['iam:AttachRolePolicy', 'iam:AttachGroupPolicy'];
      const as = await session(emulator, { Action, Resource: [Role!.Arn!, Group!.Arn!] });
      const pathless = await session(emulator, { Action, Resource: Role!.Arn!.replace('/team/', '/') });
      const PolicyArn = await managedPolicy(emulator);
      const toGroup = (GroupName: string) =>
        outcome(() => emulator.client(IAMClient, as).send(new AttachGroupPolicyCommand({ GroupName, PolicyArn })));
      return {
        role: await attach(emulator, RoleName, PolicyArn, as),
        group: await toGroup(group),
        otherGroup: await toGroup(otherGroup),
        withoutPath: await attach(emulator, RoleName, PolicyArn, pathless),
      };
    },
  },
  {
    name: 'the last use of an access key is authorised on the user whose it is',
    aws: { own: 'ok', other: 'AccessDenied' },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const keyOf = async (UserName: string) => {
        const { User } = await iam.send(new CreateUserCommand({ UserName, Path: '/team/' }));
        const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
        return { arn: User!.Arn!, AccessKeyId: AccessKey!.AccessKeyId! };
      };
      const [own, other] = [await keyOf(unique('user')), await keyOf(unique('user'))];
      const as = await session(emulator, { Action: 'iam:GetAccessKeyLastUsed', Resource: own.arn });
      const lastUsed = ({ AccessKeyId }: { AccessKeyId: string }) =>
        outcome(() => emulator.client(IAMClient, as).send(new GetAccessKeyLastUsedCommand({ AccessKeyId })));
      return { own: await lastUsed(own), other: await lastUsed(other) };
    },
  },
  {
    name: 'dynamodb:LeadingKeys: who may read some keys reads no other, and does not scan',
    aws: { own: 'ok', other: 'AccessDeniedException', scan: 'AccessDeniedException' },
    async observe(emulator) {
      const TableName = unique('table');
      await emulator.client(DynamoDBClient).send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        }),
      );
      const as = await session(emulator, {
        Action: ['dynamodb:GetItem', 'dynamodb:Scan'],
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['own'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      });
      const dynamodb = emulator.client(DynamoDBClient, as);
      const get = (pk: string) =>
        outcome(() => dynamodb.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } })));
      return {
        own: await get('own'),
        other: await get('other'),
        scan: await outcome(() => dynamodb.send(new ScanCommand({ TableName }))),
      };
    },
  },
  {
    name: 'events:source: who may put events of one source puts none of another',
    aws: { own: 'ok', other: 'AccessDeniedException', both: 'AccessDeniedException' },
    async observe(emulator) {
      const as = await session(emulator, {
        Action: 'events:PutEvents',
        Condition: { StringEquals: { 'events:source': 'own' } },
      });
      const events = emulator.client(EventBridgeClient, as);
      const put = (...sources: string[]) =>
        outcome(() =>
          events.send(
            new PutEventsCommand({ Entries: sources.map((Source) => ({ Source, DetailType: 'd', Detail: '{}' })) }),
          ),
        );
      return { own: await put('own'), other: await put('other'), both: await put('own', 'other') };
    },
  },
  {
    name: 'CloudFormation does not delete a table with deletion protection',
    aws: 'DELETE_FAILED',
    async observe(emulator) {
      const name = unique('stack');
      await stackStatus(emulator, 'CreateStack', PROTECTED_TABLE, name);
      return stackStatus(emulator, 'DeleteStack', {}, name);
    },
  },
  {
    name: 'CloudFormation keeps what something depends on that it could not delete',
    aws: { status: 'DELETE_FAILED', kept: true },
    async observe(emulator) {
      const name = unique('stack');
      const Table = { ...PROTECTED_TABLE.Resources.Table, DependsOn: 'Role' };
      await stackStatus(emulator, 'CreateStack', { Resources: { ...ROLE.Resources, Table } }, name);
      const status = await stackStatus(emulator, 'DeleteStack', {}, name);
      const { Roles = [] } = await emulator.client(IAMClient).send(new ListRolesCommand({ MaxItems: 1000 }));
      return { status, kept: Roles.some(({ RoleName }) => RoleName?.startsWith(`${name}-`)) };
    },
  },
  {
    name: 'trap 18: CloudFormation does not delete a policy that somebody still has',
    aws: { attached: 'DELETE_FAILED', detached: 'DELETE_COMPLETE' },
    async observe(emulator) {
      const name = unique('stack');
      await stackStatus(emulator, 'CreateStack', POLICY, name);
      const iam = emulator.client(IAMClient);
      const { Policies = [] } = await iam.send(new ListPoliciesCommand({ Scope: 'Local', MaxItems: 1000 }));
      const PolicyArn = Policies.find(({ PolicyName }) => PolicyName?.startsWith(`${name}-`))!.Arn!;
      const role = nameOf(await roleWith(emulator, []));
      await attach(emulator, role, PolicyArn);
      const attached = await stackStatus(emulator, 'DeleteStack', {}, name);
      await iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn }));
      return { attached, detached: await stackStatus(emulator, 'DeleteStack', {}, name) };
    },
  },
  {
    name: "CloudFormation gives a role its template's permissions boundary",
    aws: { within: 'ok', beyond: 'AccessDenied' },
    async observe(emulator) {
      const name = unique('stack');
      await stackStatus(emulator, 'CreateStack', BOUNDED_ROLE, name);
      const { Roles = [] } = await emulator.client(IAMClient).send(new ListRolesCommand({ MaxItems: 1000 }));
      const { Arn } = Roles.find(({ RoleName }) => RoleName?.startsWith(`${name}-`))!;
      const iam = emulator.client(IAMClient, await emulator.credentialsFor(Arn!));
      return {
        within: await outcome(() => iam.send(new ListRolesCommand({}))),
        beyond: await outcome(() => iam.send(new ListPoliciesCommand({}))),
      };
    },
  },
  {
    name: 'CloudFormation does not delete a role that has a policy from elsewhere',
    aws: 'DELETE_FAILED',
    async observe(emulator) {
      const name = unique('stack');
      await stackStatus(emulator, 'CreateStack', ROLE, name);
      const { Roles = [] } = await emulator.client(IAMClient).send(new ListRolesCommand({ MaxItems: 1000 }));
      const role = Roles.find(({ RoleName }) => RoleName?.startsWith(`${name}-`))!.RoleName!;
      await attach(emulator, role, await managedPolicy(emulator));
      return stackStatus(emulator, 'DeleteStack', {}, name);
    },
  },
];
