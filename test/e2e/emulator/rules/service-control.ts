import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { IAMClient, ListRolesCommand, PutRolePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import type { Credentials, Emulator } from '../../../../local/emulator';
import type { Organization } from '../../support/organization';
import { outcome, policy, refusal, session, unique, type Rule } from '../support';
import { controlPolicy, DENY_ALL_MODELS, organizationOf } from './organizations';

const MODEL = 'amazon.nova-micro-v1:0';
const MODEL_ARN = `arn:aws:bedrock:us-east-1::foundation-model/${MODEL}`;

const converse = (emulator: Emulator, as?: Credentials) => () =>
  emulator
    .client(BedrockRuntimeClient, as)
    .send(new ConverseCommand({ modelId: MODEL, messages: [{ role: 'user', content: [{ text: 'x' }] }] }));

/** @returns what comes of the calls while it is attached */
async function whileAttached<T>(
  organization: Organization,
  content: string,
  TargetId: string,
  calls: () => Promise<T>,
): Promise<T> {
  const PolicyId = await controlPolicy(organization, content);
  await organization.ask('AttachPolicy', { PolicyId, TargetId });
  try {
    return await calls();
  } finally {
    await organization.ask('DetachPolicy', { PolicyId, TargetId });
  }
}

/** A role that may call models, in a path of its own. @returns its ARN and a session of it */
async function callerIn(emulator: Emulator, path: string): Promise<{ arn: string; as: Credentials }> {
  const RoleName = unique('caller');
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${emulator.account}:root` } },
    ],
  });
  const iam = emulator.client(IAMClient);
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, Path: path, AssumeRolePolicyDocument }));
  const PolicyDocument = policy({ Action: 'bedrock:InvokeModel' });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'call', PolicyDocument }));
  return { arn: Role!.Arn!, as: await emulator.credentialsFor(Role!.Arn!) };
}

export const serviceControlRules: readonly Rule[] = [
  {
    name: 'to attach a policy its role needs permission on the policy and on the target, of a type that it may name',
    aws: {
      both: 'ok',
      otherTarget: 'AccessDeniedException',
      otherPolicy: 'AccessDeniedException',
      otherType: 'AccessDeniedException',
      lists: ['ok', 'AccessDeniedException'],
    },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const [PolicyId, other] = [await controlPolicy(organization), await controlPolicy(organization)];
      const [member, another] = organization.members;
      const ours = `arn:aws:organizations::${emulator.account}`;
      const may = (PolicyType: string) => ({
        Action: ['organizations:AttachPolicy', 'organizations:DetachPolicy'],
        Resource: [
          `${ours}:policy/${organization.id}/service_control_policy/${PolicyId}`,
          `${ours}:account/${organization.id}/${member}`,
        ],
        Condition: { StringEquals: { 'organizations:PolicyType': PolicyType } },
      });
      const as = await session(emulator, may('SERVICE_CONTROL_POLICY'), {
        Action: 'organizations:ListPoliciesForTarget',
        Resource: `${ours}:account/${organization.id}/${member}`,
      });
      const tags = await session(emulator, may('TAG_POLICY'));
      const asked = (operation: string, input: object, who = as) =>
        outcome(() => organization.ask(operation, input, who));
      const list = (TargetId?: string) =>
        asked('ListPoliciesForTarget', { TargetId, Filter: 'SERVICE_CONTROL_POLICY' });
      const both = await asked('AttachPolicy', { PolicyId, TargetId: member });
      await asked('DetachPolicy', { PolicyId, TargetId: member });
      return {
        both,
        otherTarget: await asked('AttachPolicy', { PolicyId, TargetId: another }),
        otherPolicy: await asked('AttachPolicy', { PolicyId: other, TargetId: member }),
        otherType: await asked('AttachPolicy', { PolicyId, TargetId: member }, tags),
        lists: [await list(member), await list(another)],
      };
    },
  },
  {
    name: 'a service control policy denies whoever is in the account, its root too, until it is detached; nobody in another account',
    aws: {
      before: 'ok',
      role: 'AccessDeniedException',
      root: 'AccessDeniedException',
      other: 'ok',
      management: 'ok',
      after: 'ok',
    },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const [member, other] = organization.members.map((account) => organization.in(account));
      const as = await session(member!, { Action: 'bedrock:InvokeModel' });
      const before = await outcome(converse(member!, as));
      const attached = await whileAttached(organization, DENY_ALL_MODELS, member!.account, async () => ({
        role: await outcome(converse(member!, as)),
        root: await outcome(converse(member!)),
        other: await outcome(converse(other!)),
        management: await outcome(converse(emulator)),
      }));
      return { before, ...attached, after: await outcome(converse(member!, as)) };
    },
  },
  {
    name: 'the refusal says that it was a service control policy, and which',
    aws: [
      `AccessDeniedException: User: SESSION is not authorized to perform: bedrock:InvokeModel on resource: ${MODEL_ARN} with an explicit deny in a service control policy: POLICY`,
    ],
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const member = organization.in(organization.members[0]!);
      const as = await session(member, { Action: 'bedrock:InvokeModel' });
      const said = await whileAttached(organization, DENY_ALL_MODELS, member.account, () =>
        refusal(converse(member, as)),
      );
      const policyArn = `arn:aws:organizations::${emulator.account}:policy/${organization.id}/service_control_policy/`;
      return [
        said
          .replace(/arn:aws:sts::\d+:assumed-role\/[\w-]+\/local/, 'SESSION')
          .replace(new RegExp(`${policyArn}p-\\w+$`), 'POLICY'),
      ];
    },
  },
  {
    name: 'aws:PrincipalArn is the ARN of the role, with its path, for those whom a policy spares',
    aws: { spared: 'ok', other: 'AccessDeniedException', like: 'ok' },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const member = organization.in(organization.members[0]!);
      const [spared, other] = [await callerIn(member, '/guard/'), await callerIn(member, '/team/')];
      const deny = (Condition: object) =>
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action: 'bedrock:InvokeModel', Resource: '*', Condition }],
        });
      const exact = deny({ ArnNotLike: { 'aws:PrincipalArn': spared.arn } });
      const pattern = deny({ StringNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/guard/*' } });
      const target = member.account;
      return {
        ...(await whileAttached(organization, exact, target, async () => ({
          spared: await outcome(converse(member, spared.as)),
          other: await outcome(converse(member, other.as)),
        }))),
        like: await whileAttached(organization, pattern, target, () => outcome(converse(member, spared.as))),
      };
    },
  },
  {
    name: 'what is attached to the unit or the root counts for the accounts in it; the management account is spared on the root as well',
    aws: { unit: 'AccessDeniedException', root: 'AccessDeniedException', management: 'ok' },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const member = organization.in(organization.members[0]!);
      return {
        unit: await whileAttached(organization, DENY_ALL_MODELS, organization.ouId, () => outcome(converse(member))),
        ...(await whileAttached(organization, DENY_ALL_MODELS, organization.rootId, async () => ({
          root: await outcome(converse(member)),
          management: await outcome(converse(emulator)),
        }))),
      };
    },
  },
  {
    name: 'what no policy on every level allows is denied, without an explicit deny',
    aws: { allowed: 'ok', other: 'because no service control policy allows the bedrock:InvokeModel action' },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const account = await organization.addMember(unique('narrow'));
      const member = organization.in(account);
      const PolicyId = await controlPolicy(organization, policy({ Action: 'iam:*' }));
      await organization.ask('AttachPolicy', { PolicyId, TargetId: account });
      await organization.ask('DetachPolicy', { PolicyId: 'p-FullAWSAccess', TargetId: account });
      const said = await refusal(converse(member));
      return {
        allowed: await outcome(() => member.client(IAMClient).send(new ListRolesCommand({}))),
        other: /because .*$/.exec(said)?.[0],
      };
    },
  },
  {
    name: 'aws:PrincipalOrgPaths says where the account is, from the organization down, with a slash at its end',
    aws: { ofUnit: 'AccessDeniedException', ofAnother: 'ok', outside: 'ok' },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const { id, rootId, ouId, members } = organization;
      const member = organization.in(members[0]!);
      const denying = (path: string) =>
        policy({
          Effect: 'Deny',
          Action: 'bedrock:InvokeModel',
          Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': path } },
        });
      const call = (path: string) =>
        whileAttached(organization, denying(path), rootId, () => outcome(converse(member)));
      return {
        ofUnit: await call(`${id}/${rootId}/${ouId}/*`),
        ofAnother: await call(`${id}/${rootId}/ou-none-00000000/*`),
        outside: await call(`${id}/${rootId}/${ouId}`),
      };
    },
  },
];
