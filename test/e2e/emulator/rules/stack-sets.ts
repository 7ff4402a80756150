import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackInstancesCommand,
  DeleteStackSetCommand,
  DescribeStackInstanceCommand,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
  ListStackSetOperationsCommand,
  type DeploymentTargets,
  type StackSetOperationPreferences,
} from '@aws-sdk/client-cloudformation';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator } from '../../../../local/emulator';
import { startOrganization, type Organization } from '../../support/organization';
import { outcome, refusal, unique, type Rule } from '../support';

export const REGIONS = ['us-east-1'];

/** One topic, named by a parameter; `more` are further resources. */
export const templateOf = (more: object = {}) =>
  JSON.stringify({
    Parameters: { Name: { Type: 'String' } },
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Name' } } }, ...more },
  });

export const named = (value: string) => [{ ParameterKey: 'Name', ParameterValue: value }];

/** Members of its own, and access that is activated. */
export async function withAccess(emulator: Emulator, members: number): Promise<Organization> {
  const organization = await startOrganization(emulator, { members });
  await emulator.client(CloudFormationClient).send(new ActivateOrganizationsAccessCommand({}));
  return organization;
}

export const createSet = (emulator: Emulator, StackSetName: string, topic: string, more: object = {}) =>
  emulator.client(CloudFormationClient).send(
    new CreateStackSetCommand({
      StackSetName,
      PermissionModel: 'SERVICE_MANAGED',
      TemplateBody: templateOf(),
      Parameters: named(topic),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ...more,
    }),
  );

export async function createInstances(
  emulator: Emulator,
  StackSetName: string,
  targets: DeploymentTargets,
  more: { OperationPreferences?: StackSetOperationPreferences; ParameterOverrides?: ReturnType<typeof named> } = {},
): Promise<string> {
  const command = new CreateStackInstancesCommand({
    StackSetName,
    DeploymentTargets: targets,
    Regions: REGIONS,
    ...more,
  });
  await emulator.client(CloudFormationClient).send(command);
  return lastOperation(emulator, StackSetName);
}

/** Once it has ended. */
export async function lastOperation(emulator: Emulator, StackSetName: string): Promise<string> {
  for (;;) {
    const { Summaries = [] } = await emulator
      .client(CloudFormationClient)
      .send(new ListStackSetOperationsCommand({ StackSetName }));
    const [last] = Summaries;
    if (last !== undefined && last.Status !== 'RUNNING') return `${last.Action} ${last.Status}`;
    await sleep(50);
  }
}

/** Of each member the state of its instance, or '-'. */
async function states(emulator: Emulator, StackSetName: string, { members }: Organization): Promise<readonly string[]> {
  const { Summaries = [] } = await emulator
    .client(CloudFormationClient)
    .send(new ListStackInstancesCommand({ StackSetName }));
  return members.map((account) => {
    const found = Summaries.find(({ Account }) => Account === account);
    return found === undefined ? '-' : `${found.Status} ${found.StackInstanceStatus?.DetailedStatus}`;
  });
}

/** Whether each member has a topic of this name. */
export function topics(organization: Organization, name: string): Promise<readonly boolean[]> {
  return Promise.all(organization.members.map((account) => hasTopic(organization.in(account), name)));
}

export async function hasTopic(emulator: Emulator, name: string): Promise<boolean> {
  const { Topics = [] } = await emulator.client(SNSClient).send(new ListTopicsCommand({}));
  return Topics.some(({ TopicArn }) => TopicArn?.endsWith(`:${name}`));
}

const DONE = 'CURRENT SUCCEEDED';

export const stackSetRules: readonly Rule[] = [
  {
    name: 'a service-managed stack set is of the management account, and needs access to the organization, activated once',
    aws: {
      before: 'ValidationError: You must enable organizations access to operate a service managed stack set',
      after: 'ok',
      again: 'NameAlreadyExistsException',
      member: 'ValidationError',
      absent: 'StackSetNotFoundException',
    },
    async observe(emulator) {
      const organization = await startOrganization(emulator, { members: 1 });
      const [member] = organization.members;
      const name = unique('set');
      const before = await refusal(() => createSet(emulator, name, name));
      await emulator.client(CloudFormationClient).send(new ActivateOrganizationsAccessCommand({}));
      return {
        before,
        after: await outcome(() => createSet(emulator, name, name)),
        again: await outcome(() => createSet(emulator, name, name)),
        member: await outcome(() => createSet(organization.in(member!), name, name)),
        absent: await outcome(() =>
          emulator.client(CloudFormationClient).send(new DescribeStackSetCommand({ StackSetName: unique('none') })),
        ),
      };
    },
  },
  {
    name: 'its stacks are in the accounts of the unit, all, some or all but some, and never in the management account',
    aws: {
      NONE: [true, true, true],
      INTERSECTION: [true, false, false],
      DIFFERENCE: [false, true, true],
      management: false,
      UNION: 'ValidationError',
      unfiltered: 'ValidationError',
    },
    async observe(emulator) {
      const organization = await withAccess(emulator, 3);
      const targets = (AccountFilterType: DeploymentTargets['AccountFilterType']): DeploymentTargets => ({
        OrganizationalUnitIds: [organization.ouId],
        ...(AccountFilterType === 'NONE' ? {} : { Accounts: [organization.members[0]!] }),
        ...(AccountFilterType === undefined ? {} : { AccountFilterType }),
      });
      const everywhere = unique('set');
      const deployed = async (filter: DeploymentTargets['AccountFilterType'], name = unique('set')) => {
        await createSet(emulator, name, name);
        await createInstances(emulator, name, targets(filter));
        return topics(organization, name);
      };
      return {
        NONE: await deployed('NONE', everywhere),
        INTERSECTION: await deployed('INTERSECTION'),
        DIFFERENCE: await deployed('DIFFERENCE'),
        management: await hasTopic(emulator, everywhere),
        UNION: await outcome(() => deployed('UNION')),
        unfiltered: await outcome(() => deployed(undefined)),
      };
    },
  },
  {
    name: 'parameters are those of the set but for what is overridden, and a set without stacks only is deleted',
    aws: {
      own: [true, false],
      overridden: [false, true],
      shown: 'overridden',
      notEmpty: 'StackSetNotEmptyException',
      left: [false, false],
      deleted: 'ok',
    },
    async observe(emulator) {
      const organization = await withAccess(emulator, 2);
      const cloudFormation = emulator.client(CloudFormationClient);
      const [StackSetName, overridden] = [unique('set'), unique('overridden')];
      const only = (number: number): DeploymentTargets => ({
        OrganizationalUnitIds: [organization.ouId],
        Accounts: [organization.members[number]!],
        AccountFilterType: 'INTERSECTION',
      });
      await createSet(emulator, StackSetName, StackSetName);
      await createInstances(emulator, StackSetName, only(0));
      await createInstances(emulator, StackSetName, only(1), { ParameterOverrides: named(overridden) });
      const { StackInstance } = await cloudFormation.send(
        new DescribeStackInstanceCommand({
          StackSetName,
          StackInstanceAccount: organization.members[1]!,
          StackInstanceRegion: REGIONS[0]!,
        }),
      );
      const found = {
        own: await topics(organization, StackSetName),
        overridden: await topics(organization, overridden),
      };
      const remove = () => outcome(() => cloudFormation.send(new DeleteStackSetCommand({ StackSetName })));
      const notEmpty = await remove();
      await cloudFormation.send(
        new DeleteStackInstancesCommand({
          StackSetName,
          DeploymentTargets: { OrganizationalUnitIds: [organization.ouId] },
          Regions: REGIONS,
          RetainStacks: false,
        }),
      );
      await lastOperation(emulator, StackSetName);
      return {
        ...found,
        shown: StackInstance?.ParameterOverrides?.[0]?.ParameterValue === overridden ? 'overridden' : 'another',
        notEmpty,
        left: await topics(organization, StackSetName),
        deleted: await remove(),
      };
    },
  },
  {
    name: 'an operation stops where more accounts fail than are tolerated, says why, and goes on where they are tolerated',
    aws: {
      none: ['CREATE FAILED', ['OUTDATED FAILED', 'OUTDATED CANCELLED']],
      one: ['CREATE SUCCEEDED', ['OUTDATED FAILED', DONE]],
      why: 'ResourceLogicalId:Second, ResourceType:AWS::SNS::Topic',
    },
    async observe(emulator) {
      const cloudFormation = emulator.client(CloudFormationClient);
      const why: (string | undefined)[] = [];
      const tolerating = async (FailureToleranceCount: number) => {
        const organization = await withAccess(emulator, 2);
        const name = unique('set');
        const first = organization.members[0]!;
        const Properties = { TopicName: { 'Fn::GetAtt': ['Topic', 'Nothing'] } };
        const Second = { Type: 'AWS::SNS::Topic', Condition: 'InFirst', Properties };
        const TemplateBody = JSON.stringify({
          ...(JSON.parse(templateOf({ Second })) as object),
          Conditions: { InFirst: { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, first] } },
        });
        await createSet(emulator, name, name, { TemplateBody });
        const targets = { OrganizationalUnitIds: [organization.ouId] };
        const ended = await createInstances(emulator, name, targets, {
          OperationPreferences: { FailureToleranceCount, MaxConcurrentCount: 1 },
        });
        const { Summaries = [] } = await cloudFormation.send(new ListStackInstancesCommand({ StackSetName: name }));
        why.push(Summaries.find(({ Account }) => Account === first)?.StatusReason);
        return [ended, await states(emulator, name, organization)];
      };
      return { none: await tolerating(0), one: await tolerating(1), why: /^[^,]+, [^,]+/.exec(why[0] ?? '')?.[0] };
    },
  },
];
