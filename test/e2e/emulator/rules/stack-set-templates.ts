import {
  CloudFormationClient,
  CreateStackCommand,
  CreateStackSetCommand,
  ListStackSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Emulator } from '../../../../local/emulator';
import type { Organization } from '../../support/organization';
import { outcome, raw, refusal, roleWith, stackStatus, unique, zipOf, type Rule } from '../support';
import { createInstances, hasTopic, topics, withAccess } from './stack-sets';

interface Group {
  readonly accounts: readonly string[];
  readonly topic: string;
}

/** A template with a stack set of a topic in each account, named by a parameter that each group overrides. */
function stackSetTemplate(StackSetName: string, ouId: string, groups: readonly Group[], broken = false): object {
  const Bad = { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::GetAtt': ['Topic', 'Nothing'] } } };
  const template = {
    Parameters: { Name: { Type: 'String', Default: 'unnamed' } },
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Name' } } },
      ...(broken ? { Bad } : {}),
    },
  };
  return {
    Resources: {
      Set: {
        Type: 'AWS::CloudFormation::StackSet',
        Properties: {
          StackSetName,
          PermissionModel: 'SERVICE_MANAGED',
          CallAs: 'SELF',
          AutoDeployment: { Enabled: false },
          TemplateBody: JSON.stringify(template),
          OperationPreferences: { MaxConcurrentPercentage: 100, FailureToleranceCount: 0 },
          StackInstancesGroup: groups.map(({ accounts, topic }) => ({
            DeploymentTargets: {
              OrganizationalUnitIds: [ouId],
              Accounts: accounts,
              AccountFilterType: 'INTERSECTION',
            },
            Regions: ['us-east-1'],
            ParameterOverrides: [{ ParameterKey: 'Name', ParameterValue: topic }],
          })),
        },
      },
    },
    Outputs: { Id: { Value: { Ref: 'Set' } } },
  };
}

async function setNames(emulator: Emulator): Promise<readonly (string | undefined)[]> {
  const { Summaries = [] } = await emulator.client(CloudFormationClient).send(new ListStackSetsCommand({}));
  return Summaries.map(({ StackSetName }) => StackSetName);
}

/** In the account of the emulator's clients. @returns its name */
async function sharedBucket(
  emulator: Emulator,
  objects: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const bucket = unique('shared-assets');
  await raw(emulator, 's3', { method: 'PUT', path: `/${bucket}` });
  for (const [key, body] of Object.entries(objects)) {
    await raw(emulator, 's3', { method: 'PUT', path: `/${bucket}/${key}`, body });
  }
  return bucket;
}

const letOrganizationRead = (emulator: Emulator, bucket: string, { id }: Pick<Organization, 'id'>) =>
  raw(emulator, 's3', {
    method: 'PUT',
    path: `/${bucket}?policy`,
    body: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${bucket}/*`,
          Condition: { StringEquals: { 'aws:PrincipalOrgID': id } },
        },
      ],
    }),
  });

/** A function of the bucket's code. */
const functionTemplate = (S3Bucket: string, FunctionName: string) => ({
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
        },
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { S3Bucket, S3Key: 'code.zip' },
      },
    },
  },
});

const CODE = zipOf('index.js', 'exports.handler = async () => "served";');

async function said(emulator: Emulator, FunctionName: string): Promise<string> {
  const { Payload } = await emulator.client(LambdaClient).send(new InvokeCommand({ FunctionName }));
  return Buffer.from(Payload ?? []).toString();
}

export const stackSetTemplateRules: readonly Rule[] = [
  {
    name: 'a template makes, changes and takes away the stacks of its stack set; one that fails goes back in every account',
    aws: {
      made: ['CREATE_COMPLETE', [true, false]],
      moved: ['UPDATE_COMPLETE', [false, true]],
      failed: ['UPDATE_ROLLBACK_COMPLETE', [false, true]],
      deleted: ['DELETE_COMPLETE', [false, false]],
      sets: false,
      notMade: ['ROLLBACK_COMPLETE', false],
    },
    async observe(emulator) {
      const organization = await withAccess(emulator, 2);
      const [first, second] = organization.members as [string, string];
      const [set, topic, stack] = [unique('set'), unique('topic'), unique('stack')];
      const template = (accounts: readonly string[], broken = false) =>
        stackSetTemplate(set, organization.ouId, [{ accounts, topic }], broken);
      const after = async (action: 'CreateStack' | 'UpdateStack' | 'DeleteStack', body: object) => [
        await stackStatus(emulator, action, body, stack),
        await topics(organization, topic),
      ];
      const made = await after('CreateStack', template([first]));
      const moved = await after('UpdateStack', template([second]));
      const failed = await after('UpdateStack', template([second], true));
      const deleted = await after('DeleteStack', template([second]));
      const sets = (await setNames(emulator)).includes(set);
      const notMade = await stackStatus(emulator, 'CreateStack', template([first], true), unique('stack'));
      return { made, moved, failed, deleted, sets, notMade: [notMade, (await setNames(emulator)).includes(set)] };
    },
  },
  {
    name: 'a function has its code from a bucket of another account where the policy of the bucket lets it, and none without code',
    aws: {
      before: 'ROLLBACK_COMPLETE',
      after: 'CREATE_COMPLETE',
      said: '"served"',
      stranger: 'AccessDeniedException',
      noKey: 'InvalidParameterValueException',
      noBucket: 'InvalidParameterValueException',
    },
    async observe(emulator) {
      const organization = await withAccess(emulator, 1);
      const member = organization.in(organization.members[0]!);
      const bucket = await sharedBucket(emulator, { 'code.zip': CODE });
      const name = unique('shared');
      const deploy = () => stackStatus(member, 'CreateStack', functionTemplate(bucket, name), unique('shared-stack'));
      const before = await deploy();
      await letOrganizationRead(emulator, bucket, organization);
      const after = await deploy();
      const create = async (account: Emulator, S3Bucket: string, S3Key: string) => {
        const Role = await roleWith(account, []);
        return outcome(() =>
          account.client(LambdaClient).send(
            new CreateFunctionCommand({
              FunctionName: unique('shared'),
              Role,
              Runtime: 'nodejs22.x',
              Handler: 'index.handler',
              Code: { S3Bucket, S3Key },
            }),
          ),
        );
      };
      return {
        before,
        after,
        said: await said(member, name),
        stranger: await create(emulator.inAccount('210987654321'), bucket, 'code.zip'),
        noKey: await create(member, bucket, 'none.zip'),
        noBucket: await create(member, unique('no-bucket'), 'code.zip'),
      };
    },
  },
  {
    name: 'a stack set takes a template of over 51,200 bytes from a bucket that the host of its URL names, and its stacks the code beside it',
    aws: { inline: 'ValidationError', created: 'CREATE SUCCEEDED', said: ['"served"', '"served"'] },
    async observe(emulator) {
      const organization = await withAccess(emulator, 2);
      const [name, StackSetName] = [unique('shared'), unique('set')];
      const bucket = await sharedBucket(emulator, { 'code.zip': CODE });
      const body = JSON.stringify({ ...functionTemplate(bucket, name), Metadata: { padding: 'x'.repeat(51_200) } });
      await raw(emulator, 's3', { method: 'PUT', path: `/${bucket}/template.json`, body });
      await letOrganizationRead(emulator, bucket, organization);
      const cloudFormation = emulator.client(CloudFormationClient);
      const inline = await refusal(() =>
        cloudFormation.send(new CreateStackCommand({ StackName: unique('long'), TemplateBody: body })),
      );
      await cloudFormation.send(
        new CreateStackSetCommand({
          StackSetName,
          PermissionModel: 'SERVICE_MANAGED',
          TemplateURL: `https://${bucket}.s3.us-east-1.amazonaws.com/template.json`,
          Capabilities: ['CAPABILITY_IAM'],
        }),
      );
      const targets = { OrganizationalUnitIds: [organization.ouId] };
      return {
        inline: inline.split(':')[0],
        created: await createInstances(emulator, StackSetName, targets),
        said: await Promise.all(organization.members.map((account) => said(organization.in(account), name))),
      };
    },
  },
  {
    name: 'a condition of a template may ask for the account and the Region that it is deployed in',
    aws: { own: true, other: false, region: true },
    async observe(emulator) {
      const [own, other, region] = [unique('topic'), unique('topic'), unique('topic')];
      const topic = (TopicName: string, Condition: string) => ({
        Type: 'AWS::SNS::Topic',
        Condition,
        Properties: { TopicName },
      });
      const template = {
        Conditions: {
          Own: { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, emulator.account] },
          Other: { 'Fn::Not': [{ Condition: 'Own' }] },
          Here: { 'Fn::Equals': ['us-east-1', { Ref: 'AWS::Region' }] },
        },
        Resources: { Own: topic(own, 'Own'), Other: topic(other, 'Other'), Here: topic(region, 'Here') },
      };
      await stackStatus(emulator, 'CreateStack', template, unique('conditions'));
      return {
        own: await hasTopic(emulator, own),
        other: await hasTopic(emulator, other),
        region: await hasTopic(emulator, region),
      };
    },
  },
];
