import type { Emulator } from '../../../../local/emulator';
import { startOrganization, type Organization } from '../../support/organization';
import { policy, stackStatus, unique, type Rule } from '../support';

const made = new WeakMap<Emulator, Promise<Organization>>();

/** One for all rules of an emulator: an account makes its organization once. */
export function organizationOf(emulator: Emulator): Promise<Organization> {
  const known = made.get(emulator) ?? startOrganization(emulator);
  made.set(emulator, known);
  return known;
}

/** 'ok', or the error's name and its Reason where it has one. */
async function answer(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return 'ok';
  } catch (error) {
    const { name, reason } = error as { name: string; reason?: string };
    return reason === undefined ? name : `${name} ${reason}`;
  }
}

export const DENY_ALL_MODELS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'bedrock:InvokeModel', Resource: '*' }],
});

/** @returns its id */
export async function controlPolicy(organization: Organization, Content = DENY_ALL_MODELS): Promise<string> {
  const { Policy } = await organization.ask<{ Policy: { PolicySummary: { Id: string } } }>('CreatePolicy', {
    Name: unique('brake'),
    Description: '',
    Type: 'SERVICE_CONTROL_POLICY',
    Content,
  });
  return Policy.PolicySummary.Id;
}

async function policyCalled(organization: Organization, name: string): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await organization.ask<{ Policies: { Id: string; Name: string }[]; NextToken?: string }>(
      'ListPolicies',
      { Filter: 'SERVICE_CONTROL_POLICY', ...(NextToken === undefined ? {} : { NextToken }) },
    );
    const found = page.Policies.find(({ Name }) => Name === name);
    if (found) return found.Id;
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return undefined;
}

export const organizationRules: readonly Rule[] = [
  {
    name: 'an account is in no organization until one is made, and is in one only',
    aws: ['AWSOrganizationsNotInUseException', 'AlreadyInOrganizationException', 'AWSOrganizationsNotInUseException'],
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const stranger = '210987654321';
      return [
        await answer(() => organization.ask('DescribeOrganization', {}, stranger)),
        await answer(() => organization.ask('CreateOrganization')),
        await answer(() => organization.ask('ListAccounts', {}, stranger)),
      ];
    },
  },
  {
    name: 'who is where is listed in the management account, in pages of 20 at the most',
    aws: {
      accounts: ['management', 'member', 'member', 'member'],
      ofUnit: ['member', 'member', 'member'],
      children: ['member', 'member', 'member'],
      parent: ['unit'],
      units: ['unit'],
      described: 'member',
      tooMany: 'InvalidInputException',
      noParent: 'ParentNotFoundException',
    },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const { managementAccount, members, ouId, rootId } = organization;
      const named = (id: string) =>
        id === managementAccount ? 'management' : members.includes(id) ? 'member' : id === ouId ? 'unit' : 'another';
      const ids = (items: readonly { Id: string }[]) =>
        items.map(({ Id }) => named(Id)).filter((who) => who !== 'another');
      const accounts: { Id: string }[] = [];
      let NextToken: string | undefined;
      do {
        const page = await organization.ask<{ Accounts: { Id: string }[]; NextToken?: string }>('ListAccounts', {
          MaxResults: 2,
          ...(NextToken === undefined ? {} : { NextToken }),
        });
        accounts.push(...page.Accounts);
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      const ask = (operation: string, input: object) =>
        organization.ask<Record<string, { Id: string }[]>>(operation, input);
      const { Account } = await organization.ask<{ Account: { Id: string } }>('DescribeAccount', {
        AccountId: members[0],
      });
      return {
        accounts: ids(accounts),
        ofUnit: ids((await ask('ListAccountsForParent', { ParentId: ouId })).Accounts!),
        children: ids((await ask('ListChildren', { ParentId: ouId, ChildType: 'ACCOUNT' })).Children!),
        parent: ids((await ask('ListParents', { ChildId: members[0] })).Parents!),
        units: ids((await ask('ListOrganizationalUnitsForParent', { ParentId: rootId })).OrganizationalUnits!),
        described: named(Account.Id),
        tooMany: await answer(() => organization.ask('ListAccounts', { MaxResults: 21 })),
        noParent: await answer(() => organization.ask('ListAccountsForParent', { ParentId: 'ou-none-00000000' })),
      };
    },
  },
  {
    name: 'a member account sees which organization it is in and no more; a delegated administrator reads, and changes what its policy names',
    aws: {
      member: ['ok', 'AccessDeniedException', 'AccessDeniedException'],
      delegated: ['ok', 'ok', 'AccessDeniedException'],
      named: 'ok',
    },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const account = organization.members[2]!;
      const PolicyId = await controlPolicy(organization);
      const attach = () => answer(() => organization.ask('AttachPolicy', { PolicyId, TargetId: account }, account));
      const calls = async () => [
        await answer(() => organization.ask('DescribeOrganization', {}, account)),
        await answer(() => organization.ask('ListAccounts', {}, account)),
        await attach(),
      ];
      const member = await calls();
      const ServicePrincipal = 'guardduty.amazonaws.com';
      await organization.ask('EnableAWSServiceAccess', { ServicePrincipal });
      await organization.ask('RegisterDelegatedAdministrator', { AccountId: account, ServicePrincipal });
      const delegated = await calls();
      const Statement = {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['organizations:AttachPolicy', 'organizations:DetachPolicy'],
        Resource: '*',
        Condition: { StringEquals: { 'organizations:PolicyType': 'SERVICE_CONTROL_POLICY' } },
      };
      await organization.ask('PutResourcePolicy', { Content: JSON.stringify({ Version: '2012-10-17', Statement }) });
      const named = await attach();
      await organization.ask('DetachPolicy', { PolicyId, TargetId: account });
      return { member, delegated, named };
    },
  },
  {
    name: 'a policy is attached once, to what there is, ten to a target, and the last one stays',
    aws: {
      twice: ['ok', 'DuplicatePolicyAttachmentException'],
      absent: ['PolicyNotFoundException', 'TargetNotFoundException', 'TargetNotFoundException'],
      on: ['FullAWSAccess', 'the policy'],
      where: ['ACCOUNT'],
      detachedTwice: ['ok', 'PolicyNotAttachedException'],
      tenth: 'ok',
      eleventh: 'ConstraintViolationException MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      last: 'ConstraintViolationException MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const TargetId = await organization.addMember(unique('full'));
      const PolicyId = await controlPolicy(organization);
      const attach = (policyId: string, targetId = TargetId) =>
        answer(() => organization.ask('AttachPolicy', { PolicyId: policyId, TargetId: targetId }));
      const detach = (policyId: string, targetId = TargetId) =>
        answer(() => organization.ask('DetachPolicy', { PolicyId: policyId, TargetId: targetId }));
      const twice = [await attach(PolicyId), await attach(PolicyId)];
      const absent = [
        await attach('p-00000000'),
        await attach(PolicyId, '000000000000'),
        await detach(PolicyId, '000000000000'),
      ];
      const { Policies } = await organization.ask<{ Policies: { Id: string; Name: string }[] }>(
        'ListPoliciesForTarget',
        { TargetId, Filter: 'SERVICE_CONTROL_POLICY' },
      );
      const { Targets } = await organization.ask<{ Targets: { Type: string }[] }>('ListTargetsForPolicy', { PolicyId });
      const detachedTwice = [await detach(PolicyId), await detach(PolicyId)];
      const attached: string[] = [];
      for (let number = 2; number <= 11; number++) attached.push(await attach(await controlPolicy(organization)));
      const other = await organization.addMember(unique('bare'));
      return {
        twice,
        absent,
        on: Policies.map(({ Id, Name }) => (Id === PolicyId ? 'the policy' : Name)),
        where: Targets.map(({ Type }) => Type),
        detachedTwice,
        tenth: attached[8],
        eleventh: attached[9],
        last: await detach('p-FullAWSAccess', other),
      };
    },
  },
  {
    name: 'a policy that is no policy, or over 10,240 characters, is refused',
    aws: ['ok', 'ConstraintViolationException POLICY_CONTENT_LIMIT_EXCEEDED', 'MalformedPolicyDocumentException'],
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const least = policy({ Effect: 'Deny', Action: '' }).length;
      const ofLength = (length: number) => policy({ Effect: 'Deny', Action: 'a'.repeat(length - least) });
      return [
        await answer(() => controlPolicy(organization, ofLength(10_240))),
        await answer(() => controlPolicy(organization, ofLength(10_241))),
        await answer(() => controlPolicy(organization, JSON.stringify({ Version: '2012-10-17' }))),
      ];
    },
  },
  {
    name: 'a template makes a policy, attaches and detaches it, and takes it away',
    aws: {
      made: ['CREATE_COMPLETE', ['ACCOUNT']],
      detached: ['UPDATE_COMPLETE', []],
      deleted: 'DELETE_COMPLETE',
      gone: 'PolicyNotFoundException',
      inMember: 'ROLLBACK_COMPLETE',
    },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const [Name, stack] = [unique('template'), unique('policy-stack')];
      const template = (TargetIds: readonly string[]) => ({
        Resources: {
          Policy: {
            Type: 'AWS::Organizations::Policy',
            Properties: { Name, Type: 'SERVICE_CONTROL_POLICY', Content: JSON.parse(DENY_ALL_MODELS), TargetIds },
          },
        },
      });
      const created = await stackStatus(emulator, 'CreateStack', template([organization.members[1]!]), stack);
      const PolicyId = await policyCalled(organization, Name);
      const targets = async () =>
        (await organization.ask<{ Targets: { Type: string }[] }>('ListTargetsForPolicy', { PolicyId })).Targets.map(
          ({ Type }) => Type,
        );
      const made = [created, await targets()];
      const detached = [await stackStatus(emulator, 'UpdateStack', template([]), stack), await targets()];
      const deleted = await stackStatus(emulator, 'DeleteStack', template([]), stack);
      return {
        made,
        detached,
        deleted,
        gone: await answer(() => organization.ask('DescribePolicy', { PolicyId })),
        inMember: await stackStatus(
          organization.in(organization.members[1]!),
          'CreateStack',
          template([]),
          unique('policy-stack'),
        ),
      };
    },
  },
];
