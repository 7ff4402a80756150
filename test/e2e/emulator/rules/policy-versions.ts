import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  ListRolesCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import type { Credentials, Emulator } from '../../../../local/emulator';
import { attach, managedPolicy, outcome, policy, refusal, roleWith, session, unique, type Rule } from '../support';

export const OPEN = policy({ Effect: 'Deny', Action: 'none:None' });
export const STOPPED = policy({ Effect: 'Deny', Action: 'iam:ListRoles' });
const MAY = { Action: 'iam:ListRoles' };

/** All but the unreserved characters of its section 2.3, so also those that encodeURIComponent leaves. */
const inRfc3986 = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (each) => `%${each.codePointAt(0)!.toString(16).toUpperCase()}`);

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

/** @returns its id */
export async function version(
  emulator: Emulator,
  PolicyArn: string,
  PolicyDocument: string,
  SetAsDefault?: boolean,
): Promise<string> {
  const { PolicyVersion } = await emulator.client(IAMClient).send(
    new CreatePolicyVersionCommand({
      PolicyArn,
      PolicyDocument,
      ...(SetAsDefault === undefined ? {} : { SetAsDefault }),
    }),
  );
  return PolicyVersion!.VersionId!;
}

export async function putInForce(emulator: Emulator, PolicyArn: string, VersionId: string): Promise<void> {
  await emulator.client(IAMClient).send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId }));
}

export async function versions(emulator: Emulator, PolicyArn: string): Promise<readonly string[]> {
  const { Versions = [] } = await emulator.client(IAMClient).send(new ListPolicyVersionsCommand({ PolicyArn }));
  return Versions.map((each) => `${each.VersionId}${each.IsDefaultVersion ? ' in force' : ''}`);
}

const call = (emulator: Emulator, as: Credentials) =>
  outcome(() => emulator.client(IAMClient, as).send(new ListRolesCommand({ MaxItems: 1 })));

export const policyVersionRules: readonly Rule[] = [
  {
    name: 'a version has a number that none had before, and a sixth is refused',
    aws: {
      made: ['v2', 'v3', 'v4', 'v5'],
      sixth:
        'LimitExceededException: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
      afterDeletion: 'v6',
      inForce: ['v1', 'v6'],
    },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const PolicyArn = await managedPolicy(emulator, OPEN);
      const made: string[] = [];
      for (let number = 2; number <= 5; number++) made.push(await version(emulator, PolicyArn, STOPPED));
      const inForce = [(await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy!.DefaultVersionId];
      const sixth = await refusal(() => version(emulator, PolicyArn, STOPPED));
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v5' }));
      const afterDeletion = await version(emulator, PolicyArn, STOPPED, true);
      inForce.push((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy!.DefaultVersionId);
      return { made, sixth, afterDeletion, inForce };
    },
  },
  {
    name: 'a version is put in force by its id, and one that is in force or not there is not deleted',
    aws: {
      before: ['v1 in force', 'v2'],
      after: ['v1', 'v2 in force'],
      document: [inRfc3986(STOPPED), false, true],
      inForce: 'DeleteConflictException',
      absent: ['NoSuchEntityException', 'NoSuchEntityException', 'NoSuchEntityException'],
      noPolicy: 'NoSuchEntityException',
      left: ['v2 in force'],
    },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const PolicyArn = await managedPolicy(emulator, OPEN);
      const VersionId = await version(emulator, PolicyArn, STOPPED, false);
      const get = async (id: string) =>
        (await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: id }))).PolicyVersion!;
      const remove = (id: string) =>
        outcome(() => iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: id })));
      const before = await versions(emulator, PolicyArn);
      const first = await get(VersionId);
      await putInForce(emulator, PolicyArn, VersionId);
      const after = await versions(emulator, PolicyArn);
      const second = await get(VersionId);
      const inForce = await remove(VersionId);
      await remove('v1');
      return {
        before,
        after,
        document: [first.Document, first.IsDefaultVersion, second.IsDefaultVersion],
        inForce,
        absent: [
          await outcome(() => putInForce(emulator, PolicyArn, 'v1')),
          await outcome(() => get('v1')),
          await remove('v1'),
        ],
        noPolicy: await outcome(() => putInForce(emulator, `${PolicyArn}-none`, 'v1')),
        left: await versions(emulator, PolicyArn),
      };
    },
  },
  {
    name: 'trap 40: a version of 6,145 characters is refused',
    aws: { atLimit: 'v2', over: 'LimitExceededException' },
    async observe(emulator) {
      const PolicyArn = await managedPolicy(emulator, OPEN);
      const empty = policy({ Action: 's3:ListBucket', Resource: [''] });
      const document = (characters: number) =>
        empty.replace('""', `"arn:aws:s3:::${'b'.repeat(characters - empty.length - 'arn:aws:s3:::'.length)}"`);
      return {
        atLimit: await version(emulator, PolicyArn, document(6_144)),
        over: await outcome(() => version(emulator, PolicyArn, document(6_145))),
      };
    },
  },
  {
    name: 'versions, entities and roles come in pages',
    aws: {
      versions: [['v1', 'v2'], ['v3']],
      entities: [2, 1, 'truncated', 100, 3],
      roles: [100, true],
      sizes: ['ValidationError', 'ok', 'ok', 'ValidationError'],
    },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const PolicyArn = await managedPolicy(emulator, OPEN);
      for (let number = 2; number <= 3; number++) await version(emulator, PolicyArn, OPEN);
      const first = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, MaxItems: 2 }));
      const second = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, MaxItems: 2, Marker: first.Marker! }));

      const [user, group] = [unique('user'), unique('group')];
      await iam.send(new CreateUserCommand({ UserName: user }));
      await iam.send(new CreateGroupCommand({ GroupName: group }));
      await iam.send(new AttachUserPolicyCommand({ UserName: user, PolicyArn }));
      await iam.send(new AttachGroupPolicyCommand({ GroupName: group, PolicyArn }));
      await attach(emulator, nameOf(await roleWith(emulator, [])), PolicyArn);
      const entities = async (MaxItems?: number, Marker?: string) => {
        const page = await iam.send(
          new ListEntitiesForPolicyCommand({
            PolicyArn,
            ...(MaxItems ? { MaxItems } : {}),
            ...(Marker ? { Marker } : {}),
          }),
        );
        const lists = [page.PolicyGroups ?? [], page.PolicyRoles ?? [], page.PolicyUsers ?? []];
        return { count: lists.flat().length, marker: page.IsTruncated ? page.Marker : undefined };
      };
      const two = await entities(2);
      const last = await entities(2, two.marker);
      const hundredMore = Array.from({ length: 100 }, () => roleWith(emulator, []));
      await Promise.all(hundredMore.map(async (role) => attach(emulator, nameOf(await role), PolicyArn)));
      const hundred = await entities();
      const rest = await entities(undefined, hundred.marker);
      const roles = await iam.send(new ListRolesCommand({}));
      return {
        versions: [first, second].map(({ Versions = [] }) => Versions.map(({ VersionId }) => VersionId)),
        entities: [two.count, last.count, hundred.marker ? 'truncated' : 'whole', hundred.count, rest.count],
        roles: [roles.Roles?.length, roles.IsTruncated],
        sizes: await Promise.all(
          [0, 1, 1000, 1001].map((size) => outcome(() => iam.send(new ListRolesCommand({ MaxItems: size })))),
        ),
      };
    },
  },
  {
    name: 'the version in force decides, at once, for roles, users and members of groups, running sessions too',
    aws: {
      open: ['ok', 'ok', 'ok'],
      stopped: ['AccessDenied', 'AccessDenied', 'AccessDenied'],
      openAgain: ['ok', 'ok', 'ok'],
    },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const PolicyArn = await managedPolicy(emulator, OPEN);
      const stopped = await version(emulator, PolicyArn, STOPPED);
      const role = await roleWith(emulator, [MAY]);
      await attach(emulator, nameOf(role), PolicyArn);
      const userWith = async () => {
        const UserName = unique('user');
        await iam.send(new CreateUserCommand({ UserName }));
        await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'inline', PolicyDocument: policy(MAY) }));
        const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
        return { UserName, as: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! } };
      };
      const [user, member, GroupName] = [await userWith(), await userWith(), unique('group')];
      await iam.send(new AttachUserPolicyCommand({ UserName: user.UserName, PolicyArn }));
      await iam.send(new CreateGroupCommand({ GroupName }));
      await iam.send(new AddUserToGroupCommand({ GroupName, UserName: member.UserName }));
      await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
      const everybody = [await emulator.credentialsFor(role), user.as, member.as];
      const all = () => Promise.all(everybody.map((as) => call(emulator, as)));
      const open = await all();
      await putInForce(emulator, PolicyArn, stopped);
      const denied = await all();
      await putInForce(emulator, PolicyArn, 'v1');
      return { open, stopped: denied, openAgain: await all() };
    },
  },
  {
    name: 'a policy with other versions is not deleted, nor one that somebody has',
    aws: {
      versions:
        "DeleteConflictException: This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      attached: 'DeleteConflictException: Cannot delete a policy attached to entities.',
      free: 'ok',
    },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const PolicyArn = await managedPolicy(emulator, OPEN);
      const VersionId = await version(emulator, PolicyArn, STOPPED);
      const remove = () => refusal(() => iam.send(new DeletePolicyCommand({ PolicyArn })));
      const withVersions = await remove();
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      const role = nameOf(await roleWith(emulator, []));
      await attach(emulator, role, PolicyArn);
      const attached = await remove();
      await iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn }));
      return { versions: withVersions, attached, free: await remove() };
    },
  },
  {
    name: 'each operation on a version is authorised and counted on the policy, and fails as ordered',
    aws: {
      own: ['ok', 'ok', 'ok', 'ok', 'ok'],
      other: ['AccessDenied', 'AccessDenied', 'AccessDenied', 'AccessDenied', 'AccessDenied'],
      counted: [
        'CreatePolicyVersion 1',
        'DeletePolicyVersion 1',
        'GetPolicyVersion 1',
        'ListEntitiesForPolicy 1',
        'SetDefaultPolicyVersion 1',
      ],
      fault: ['ok', 'Throttling'],
    },
    async observe(emulator, bare) {
      const [PolicyArn, other] = [await managedPolicy(emulator, OPEN), await managedPolicy(emulator, OPEN)];
      const Action = [
        'CreatePolicyVersion',
        'DeletePolicyVersion',
        'GetPolicyVersion',
        'ListEntitiesForPolicy',
        'SetDefaultPolicyVersion',
      ];
      const as = await session(emulator, { Action: Action.map((one) => `iam:${one}`), Resource: PolicyArn });
      const iam = emulator.client(IAMClient, as);
      const on = async (arn: string) => [
        await outcome(() => iam.send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: STOPPED }))),
        await outcome(() => iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId: 'v2' }))),
        await outcome(() => iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: 'v2' }))),
        await outcome(() => iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: 'v1' }))),
        await outcome(() => iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn }))),
      ];
      const [own, others] = [await on(PolicyArn), await on(other)];
      const uses = bare ? [] : await emulator.control.uses();
      const counted = uses
        .filter(({ resource, allowed }) => resource === PolicyArn && allowed)
        .filter(({ principal }) => principal.includes(':assumed-role/'))
        .map(({ action, count }) => `${action.replace('iam:', '')} ${count}`);
      if (!bare)
        await emulator.control.faults.inject({
          action: 'iam:SetDefaultPolicyVersion',
          kind: 'throttle',
          count: 9,
          after: 1,
        });
      const set = () => outcome(() => putInForce(emulator, PolicyArn, 'v2'));
      const fault = [await set(), await set()];
      if (!bare) await emulator.control.faults.clear();
      return { own, other: others, counted: counted.toSorted(), fault };
    },
  },
];
