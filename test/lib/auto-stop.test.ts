import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alerts } from '../../lib/alerts';
import { AutoStop } from '../../lib/auto-stop';
import { GuardSchedules } from '../../lib/guard-schedule';
import { Tables } from '../../lib/tables';
import { parseAutoStopEnv } from '../../lambda/auto-stop/env';
import { checked } from '../helpers/checked-app';
import {
  actionsOf,
  environmentOf,
  granting,
  resourcesOf,
  roleIds,
  statementsOf,
  type Statement,
} from '../helpers/stack';

const FUNCTIONS = [
  { functionName: 'models', qualifiers: ['live', '7'] },
  { functionName: 'declared', declaredElsewhere: true, optional: true, idleMinutes: 30 },
];

function synth(provisionedConcurrency: readonly object[], account?: string) {
  const app = checked();
  const stack = new Stack(app, 'S', { env: { region: 'us-east-1', ...(account ? { account } : {}) } });
  const environment = environmentOf('dev', { provisionedConcurrency });
  new AutoStop(stack, 'AutoStop', {
    environment,
    alerts: new Alerts(stack, 'Alerts', { environment: 'dev', emails: [] }),
    tables: new Tables(stack, 'Tables', { keepState: false }),
    schedules: new GuardSchedules(stack, 'Schedules', { environment: 'dev' }),
  });
  return { app, template: Template.fromStack(stack) };
}

const text = (resource: unknown) => JSON.stringify(resource);

describe('with two functions', () => {
  const { app, template } = synth(FUNCTIONS);
  const statements = statementsOf(template, roleIds(template, /auto-stop/)[0]!);
  const granted = (action: string): Statement => {
    const found = granting(statements, action);
    expect(found).toHaveLength(1);
    return found[0]!;
  };

  test('it may do exactly this', () => {
    expect(statements.flatMap(actionsOf).sort()).toEqual([
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:RegisterScalableTarget',
      'cloudwatch:GetMetricData',
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'lambda:DeleteProvisionedConcurrencyConfig',
      'lambda:GetAlias',
      'lambda:GetFunctionConfiguration',
      'lambda:GetProvisionedConcurrencyConfig',
      'lambda:ListProvisionedConcurrencyConfigs',
      'lambda:PutProvisionedConcurrencyConfig',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sns:Publish',
      'sqs:SendMessage',
    ]);
  });

  test('trap 30: the functions are listed, and of one that names its aliases only those', () => {
    for (const action of ['lambda:PutProvisionedConcurrencyConfig', 'lambda:DeleteProvisionedConcurrencyConfig']) {
      const { Resource } = granted(action);
      expect(Resource).toHaveLength(3);
      expect(text(Resource)).toMatch(/function:declared:\*.*function:models:7.*function:models:live/);
    }
    expect(granted('lambda:ListProvisionedConcurrencyConfigs').Resource).toHaveLength(2);
  });

  test('it never deregisters, and scales nothing but provisioned concurrency', () => {
    expect(granted('application-autoscaling:RegisterScalableTarget').Condition).toEqual({
      StringEquals: {
        'application-autoscaling:service-namespace': 'lambda',
        'application-autoscaling:scalable-dimension': 'lambda:function:ProvisionedConcurrency',
      },
    });
  });

  test('it reads and writes its own items alone, and a call without a key is refused', () => {
    const keysOf = (action: string) => granting(statements, action).map(({ Condition }) => Condition);
    const only = (leading: string | readonly string[]) => ({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': leading },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    expect(keysOf('dynamodb:Query')).toEqual([only(['concurrency', 'session'])]);
    expect(keysOf('dynamodb:GetItem')).toEqual([only(['concurrency', 'meter']), only(['auto-stop'])]);
    expect(keysOf('dynamodb:PutItem')).toEqual([only(['concurrency']), only(['auto-stop'])]);
  });

  test('every 15 minutes, and one that is late is dropped', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(15 minutes)',
      Target: Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 10 } }),
    });
  });

  test('its variables are what it parses at its start', () => {
    const [fn] = Object.values(resourcesOf(template, 'AWS::Lambda::Function'));
    const told = { STATE_TABLE_NAME: 't', ALERT_TOPIC_ARN: 'topic', AWS_REGION: 'us-east-1' };
    const variables = { ...fn!.Properties['Environment'].Variables, ...told };
    expect(parseAutoStopEnv(variables).MANAGED_FUNCTIONS).toEqual([
      { functionName: 'models', optional: false, declaredElsewhere: false, qualifiers: ['live', '7'] },
      { functionName: 'declared', optional: true, declaredElsewhere: true, idleMinutes: 30 },
    ]);
  });

  test('two hours without a run alarm', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'spend-guard-dev-auto-stop-missing-runs',
      Period: 3600,
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
    });
  });

  test('cdk-nag finds nothing that is not acknowledged with a reason', () => {
    expect(() => app.synth()).not.toThrow();
  });
});

test('nor does it where the account is known beforehand', () => {
  expect(() => synth(FUNCTIONS, '111122223333').app.synth()).not.toThrow();
});

test('without functions it may touch no function at all, and still runs', () => {
  const { app, template } = synth([]);
  const actions = statementsOf(template, roleIds(template, /auto-stop/)[0]!).flatMap(actionsOf);
  expect(actions.filter((action) => /^(lambda|application-autoscaling|cloudwatch):/.test(action))).toEqual([]);
  template.resourceCountIs('AWS::Scheduler::Schedule', 1);
  expect(() => app.synth()).not.toThrow();
});
