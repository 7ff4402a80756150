import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { metrics } from '../../core/metrics';
import { SOME_CHANNELS } from '../helpers/some-channels';
import { actionsOf, granting, resourcesOf, roleIds, statementsOf, templateOf } from '../helpers/stack';

const dev = templateOf('dev');
const prod = templateOf('prod');

const propertiesOf = (template: Template, type: string) =>
  Object.values(resourcesOf(template, type)).map(({ Properties }) => Properties);

test('roles and policies that people and AWS Budgets are told of keep the names that they have', () => {
  for (const template of [dev, prod]) {
    const ids = Object.keys(template.toJSON().Resources);
    expect(ids).toEqual(expect.arrayContaining(['InvokerRole', 'SwitchPolicy', 'DenyBillPolicy']));
  }
});

test('every resource that takes tags carries the environment', () => {
  for (const type of [
    'AWS::IAM::Role',
    'AWS::Lambda::Function',
    'AWS::SNS::Topic',
    'AWS::SQS::Queue',
    'AWS::Logs::LogGroup',
  ]) {
    for (const { Tags } of propertiesOf(dev, type)) {
      expect(Tags).toContainEqual({ Key: 'spend-guard:environment', Value: 'dev' });
    }
  }
});

test('outputs that a person can use', () => {
  const outputs = Object.keys(dev.toJSON().Outputs);
  expect(outputs).toEqual(
    expect.arrayContaining([
      'InvokerRoleArn',
      'SwitchPolicyArn',
      'SwitchStill',
      'SwitchWithout',
      'DenyBillPolicyArn',
      'AlertTopicArn',
      'BudgetTopicArn',
      'StateTableName',
      'LeasesTableName',
      'BillActionId',
      'ProfileAmazonNovaLiteV10Arn',
    ]),
  );
});

describe('functions', () => {
  test('each writes to its own log group, kept for a limited time, gone with the stack', () => {
    const groups = resourcesOf(dev, 'AWS::Logs::LogGroup');
    const used = propertiesOf(dev, 'AWS::Lambda::Function').map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref);
    expect(new Set(used).size).toBe(used.length);
    for (const id of used) {
      expect(groups[id]).toMatchObject({ Properties: { RetentionInDays: 90 }, DeletionPolicy: 'Delete' });
    }
  });

  test('none may make a log group: a late line must not bring one back after the stack was deleted', () => {
    expect(JSON.stringify(dev.toJSON())).not.toContain('logs:CreateLogGroup');
    expect(JSON.stringify(dev.toJSON())).not.toContain('AWSLambdaBasicExecutionRole');
  });

  test('each has a role of its own, and says which feature it is', () => {
    const functions = propertiesOf(dev, 'AWS::Lambda::Function');
    const roles = functions.map(({ Role }) => Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(functions.length);
    for (const { Tags, Environment } of functions) {
      expect(Tags).toContainEqual({ Key: 'spend-guard:function', Value: expect.any(String) });
      expect(JSON.stringify(Environment)).not.toContain('AWS_ENDPOINT_URL');
    }
  });

  test('none is given reserved concurrency, which new accounts cannot grant (trap 28)', () => {
    for (const properties of propertiesOf(dev, 'AWS::Lambda::Function')) {
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });
});

describe('cost-check', () => {
  test('runs at 08:00 in São Paulo, is retried, and its failures are kept', () => {
    const schedules = propertiesOf(dev, 'AWS::Scheduler::Schedule');
    const daily = schedules.find(({ ScheduleExpression }) => ScheduleExpression.startsWith('cron'))!;
    expect(daily).toMatchObject({
      ScheduleExpression: 'cron(0 8 * * ? *)',
      ScheduleExpressionTimezone: 'America/Sao_Paulo',
      State: 'ENABLED',
      Target: {
        RetryPolicy: { MaximumRetryAttempts: 10 },
        DeadLetterConfig: { Arn: expect.anything() },
        Input: '{"source":"schedule","scheduledAt":"<aws.scheduler.scheduled-time>"}',
      },
    });
  });

  test('may read costs and metrics, mail, and keep its record; * only where a service knows no resources', () => {
    const [role] = roleIds(dev, /cost-check/);
    const statements = statementsOf(dev, role!);
    const wide = statements.filter(({ Resource }) => Resource === '*');
    expect(wide.flatMap(actionsOf).sort()).toEqual([
      'bedrock:ListInferenceProfiles',
      'ce:GetCostAndUsage',
      'ce:ListCostAllocationTags',
      'cloudwatch:GetMetricData',
    ]);
    const all = statements.flatMap(actionsOf);
    expect(all.filter((action) => /^(iam|lambda):|^bedrock:(?!List)/.test(action))).toEqual([]);
  });
});

test('trap 44: Scheduler may assume its role for this schedule group of this account only', () => {
  const [role] = roleIds(dev, /on schedule/);
  const [statement] = resourcesOf(dev, 'AWS::IAM::Role')[role!]!.Properties['AssumeRolePolicyDocument'].Statement;
  expect(statement.Principal).toEqual({ Service: 'scheduler.amazonaws.com' });
  expect(statement.Condition?.['StringEquals']?.['aws:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
  expect(JSON.stringify(statement.Condition?.['StringEquals']?.['aws:SourceArn'])).toContain(
    'schedule-group/SpendGuard-dev',
  );
  const invoke = granting(statementsOf(dev, role!), 'lambda:InvokeFunction');
  expect(JSON.stringify(invoke)).not.toContain('*');
});

describe('tables', () => {
  const tablesOf = (template: Template) => Object.values(resourcesOf(template, 'AWS::DynamoDB::GlobalTable'));

  test('production keeps its state when the stack goes, and refuses to delete it by hand', () => {
    const kept = tablesOf(prod).filter((table) => (table as { DeletionPolicy?: string }).DeletionPolicy === 'Retain');
    expect(kept).toHaveLength(1);
    expect(kept[0]!.Properties['Replicas'][0].DeletionProtectionEnabled).toBe(true);
  });

  test('everything else goes with the stack', () => {
    for (const table of tablesOf(dev)) {
      expect(table).toMatchObject({ DeletionPolicy: 'Delete' });
      expect(table.Properties['Replicas'][0].DeletionProtectionEnabled ?? false).toBe(false);
    }
  });

  test('state and leases are two tables: the guard never decides from what callers can write', () => {
    expect(tablesOf(dev)).toHaveLength(2);
  });
});

describe('alarms', () => {
  const alarms = propertiesOf(dev, 'AWS::CloudWatch::Alarm');
  const whatOf = (some: typeof alarms) =>
    some.map(({ AlarmName }) => String(AlarmName).replace('spend-guard-dev-', ''));
  const what = whatOf(alarms);

  test('missing runs of whatever runs on a schedule, failed runs of the meter, what was given up, and what was found; and the one of activity, which is no trouble', () => {
    expect(what.toSorted()).toEqual([
      'activity',
      'auto-stop-missing-runs',
      'cost-check-missing-runs',
      'dead-letters',
      'findings',
      'health-check-missing-runs',
      'spend-meter-errors',
      'spend-meter-missing-runs',
      'spend-meter-throttles',
    ]);
    // An alarm costs per metric in it.
    for (const alarm of alarms) expect(alarm).not.toHaveProperty('Metrics');
  });

  test('a failed run of whatever runs on a schedule is told: by an alarm on its errors, or by the dead letters it ends in', () => {
    const schedules = propertiesOf(dev, 'AWS::Scheduler::Schedule');
    const scheduled = new Set(schedules.map((one) => one['Target'].Arn['Fn::GetAtt'][0] as string));
    expect(scheduled.size).toBe(4);
    const [queue] = Object.keys(resourcesOf(dev, 'AWS::SQS::Queue'));
    for (const id of scheduled) {
      const { Tags } = resourcesOf(dev, 'AWS::Lambda::Function')[id]!.Properties;
      const feature = (Tags as { Key: string; Value: string }[]).find(
        ({ Key }) => Key === 'spend-guard:function',
      )!.Value;
      const config = propertiesOf(dev, 'AWS::Lambda::EventInvokeConfig').find((one) => one['FunctionName'].Ref === id);
      const destination = config!['DestinationConfig']?.OnFailure.Destination['Fn::GetAtt'][0];
      const watched = ['errors', 'throttles'].filter((kind) => what.includes(`${feature}-${kind}`));
      expect([feature, destination, watched]).toEqual(
        feature === 'spend-meter' ? [feature, undefined, ['errors', 'throttles']] : [feature, queue, []],
      );
    }
    for (const one of schedules) expect(one['Target'].DeadLetterConfig.Arn['Fn::GetAtt'][0]).toBe(queue);
  });

  test('a finding of any function: within five minutes, and for longer than two health checks are apart', () => {
    const alarm = alarms.find(({ AlarmName }) => AlarmName === 'spend-guard-dev-findings')!;
    expect(alarm).toMatchObject({
      Namespace: 'SpendGuard',
      MetricName: metrics.findings.name,
      Dimensions: [{ Name: 'Environment', Value: 'dev' }],
      Statistic: 'Maximum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Period: 300,
      EvaluationPeriods: 36,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
    });
    // Its end is no news: a report's finding, once a day, goes on.
    expect(alarm).not.toHaveProperty('OKActions');
  });

  test('a function that never runs leaves no data: that is the alarm', () => {
    for (const alarm of alarms) {
      const missing = String(alarm['AlarmName']).endsWith('-missing-runs');
      expect(alarm['TreatMissingData']).toBe(missing ? 'breaching' : 'notBreaching');
      expect(alarm['Period'] * alarm['EvaluationPeriods']).toBeLessThanOrEqual(
        alarm['Period'] >= 3600 ? 604_800 : 86_400,
      );
    }
  });

  test('each mails the alert topic and has its entry in the runbook', () => {
    const runbook = readFileSync(path.join(__dirname, '../../docs/runbook.md'), 'utf8');
    const headings = new Set([...runbook.matchAll(/^### `?([a-z-]+)`?$/gm)].map(([, heading]) => heading));
    const told = whatOf(propertiesOf(templateOf('dev', { channels: SOME_CHANNELS }), 'AWS::CloudWatch::Alarm'));
    expect(told).toEqual(expect.arrayContaining(what));
    expect(told.filter((one) => !headings.has(one))).toEqual([]);
    expect([...headings].filter((one) => !told.includes(one!))).toEqual([]);
    // The activity alarm is no trouble: it tells the meter alone.
    const mails = alarms.filter(({ AlarmName }) => AlarmName !== 'spend-guard-dev-activity');
    expect(mails).toHaveLength(alarms.length - 1);
    for (const { AlarmActions } of mails) expect(AlarmActions).toHaveLength(1);
  });

  test('each finding that raises one is mailed with the name of its entry, and its count is in the log beside it', () => {
    const runbook = readFileSync(path.join(__dirname, '../../docs/runbook.md'), 'utf8');
    const [, findings = ''] = runbook.split('## Findings by name');
    const entries = [...findings.matchAll(/^#### `([a-z-]+)`$/gm)].map(([, heading]) => heading);
    const core = path.join(__dirname, '../../core');
    const named = readdirSync(core, { recursive: true, encoding: 'utf8' })
      // The hub of an organisation has a section of its own.
      .filter((file) => file.endsWith('.ts') && !file.startsWith('organization/'))
      .flatMap((file) => [
        ...readFileSync(path.join(core, file), 'utf8').matchAll(/(?:runbookLine\(|runbook: |RUNBOOK = )'([a-z-]+)'/g),
      ])
      .map(([, what]) => what)
      // A tick that goes on without what it could not read points to the entry of the alarm that it does not raise.
      .filter((entry) => !what.includes(String(entry)));
    const [, alone = ''] = runbook.split('## What a mail alone tells');
    const others = [...(alone.split('\n## ')[0] ?? '').matchAll(/^#### `([a-z-]+)`$/gm)].map(([, heading]) => heading);
    const mailed = [...new Set(named)].toSorted();
    expect(mailed).toEqual([...entries, ...others].toSorted());
    const [, table = ''] = runbook.split('### `findings`');
    const rows = [...table.matchAll(/^\| `(\w+)` +\| `[\w.]+` +\| \[`([a-z-]+)`\]/gm)];
    expect(rows.map(([, , entry]) => entry).toSorted()).toEqual(entries.toSorted());
    const names = new Set<string | undefined>(Object.values(metrics).map(({ name }) => name));
    expect(rows.filter(([, field]) => !names.has(field))).toEqual([]);
  });
});

test('trap 18: whoever has a policy of the guard can be let go, by one function and of these policies only', () => {
  const detaching = Object.entries(resourcesOf(dev, 'AWS::IAM::Role')).flatMap(([id, { Properties }]) => {
    const statements = statementsOf(dev, id).filter((one) =>
      actionsOf(one).some((name) => name.startsWith('iam:Detach')),
    );
    return statements.map((one) => [String(Properties['Description']), one.Condition] as const);
  });
  const both = [{ Ref: 'SwitchPolicy' }, { Ref: 'DenyBillPolicy' }];
  expect(detaching).toEqual([
    ...['Role', 'User', 'Group'].map(() => ["Runs the spend guard's switch", { ArnEquals: { 'iam:PolicyARN': both } }]),
    [expect.stringMatching(/AWS Budgets/), { ArnEquals: { 'iam:PolicyARN': { Ref: 'DenyBillPolicy' } } }],
  ]);
});
