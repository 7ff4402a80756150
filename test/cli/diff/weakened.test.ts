import { runsADay } from '../../../cli/diff/cadence';
import { later } from '../../../cli/diff/weaker';
import { EXIT_CODES } from '../../../cli/exit-codes';
import { assemblyOf, edited, removeAssemblies, resource } from '../assemblies';
import { compared } from '../compared';
import { none, one, written, type Side } from './corpus/pairs';

/** What protects less than before is a headline and an exit code of its own. */

let base = '';
beforeAll(() => {
  base = assemblyOf(({ dev }) => ({ dev }));
});
afterAll(removeAssemblies);

type Template = Parameters<Parameters<typeof edited>[2]>[0];

const withEdit = (edit: (template: Template) => void) => edited(base, 'SpendGuard-dev', edit);
const idOf = (template: Template, type: string, id = /./) =>
  Object.keys(template.Resources).find((key) => template.Resources[key]?.Type === type && id.test(key)) ?? '';

describe('of the guard', () => {
  const cases: readonly (readonly [string, (template: Template) => void, RegExp])[] = [
    [
      'a schedule that is off',
      (template) => (resource(template, 'AWS::Scheduler::Schedule', /^HealthCheck/).Properties['State'] = 'DISABLED'),
      /HealthCheckSchedule\w+: State \| ENABLED \| DISABLED \| switched off/,
    ],
    [
      'a slower schedule',
      (template) =>
        (resource(template, 'AWS::Scheduler::Schedule', /^HealthCheck/).Properties['ScheduleExpression'] =
          'rate(2 hours)'),
      /ScheduleExpression \| rate\(1 hour\) \| rate\(2 hours\) \| slower: 24 → 12 runs a day/,
    ],
    [
      'a schedule that is gone',
      (template) => delete template.Resources[idOf(template, 'AWS::Scheduler::Schedule', /^HealthCheck/)],
      /HealthCheckSchedule\w+ \(AWS::Scheduler::Schedule\) \| there \| none \| gone/,
    ],
    [
      'a function that may not run',
      (template) =>
        (resource(template, 'AWS::Lambda::Function', /^SpendMeter/).Properties['ReservedConcurrentExecutions'] = 0),
      /SpendMeterFunction\w+: ReservedConcurrentExecutions \| none \| 0 \| it can no longer run/,
    ],
    [
      'an alarm that tells nobody',
      (template) =>
        delete template.Resources[idOf(template, 'AWS::CloudWatch::Alarm', /spendmetererrors/)]!.Properties[
          'AlarmActions'
        ],
      /Alertsspendmetererrors\w+: AlarmActions \| .* \| none \| no longer there/,
    ],
    [
      'an alarm that waits for more',
      (template) =>
        (template.Resources[idOf(template, 'AWS::CloudWatch::Alarm', /spendmetererrors/)]!.Properties['Threshold'] = 2),
      /Alertsspendmetererrors\w+: Threshold \| 1 \| 2 \| raised/,
    ],
    [
      'an alarm that is gone',
      (template) => delete template.Resources[idOf(template, 'AWS::CloudWatch::Alarm', /spendmetererrors/)],
      /Alertsspendmetererrors\w+ \(AWS::CloudWatch::Alarm\) \| there \| none \| gone/,
    ],
    [
      'a subscription that is gone',
      (template) => delete template.Resources[idOf(template, 'AWS::SNS::Subscription')],
      /\(AWS::SNS::Subscription\) \| there \| none \| gone/,
    ],
    [
      'a bill action that waits for a person',
      (template) => (resource(template, 'AWS::Budgets::BudgetsAction').Properties['ApprovalModel'] = 'MANUAL'),
      /BillAction\w+: ApprovalModel \| AUTOMATIC \| MANUAL \| a person must approve it/,
    ],
    [
      'a bill action that comes later',
      (template) => (resource(template, 'AWS::Budgets::BudgetsAction').Properties['ActionThreshold'].Value = 96),
      /BillAction\w+: ActionThreshold \| 95 \| 96 \| raised/,
    ],
    [
      'a budget of more',
      (template) => (resource(template, 'AWS::Budgets::Budget').Properties['Budget'].BudgetLimit.Amount = 51),
      /Budget\w+: limit a month \| \$50\.00 \| \$51\.00 \| raised/,
    ],
    [
      'a budget that tells one less',
      (template) => {
        for (const alert of resource(template, 'AWS::Budgets::Budget').Properties['NotificationsWithSubscribers']) {
          alert.Subscribers = alert.Subscribers.filter((each) => each.SubscriptionType !== 'EMAIL');
        }
      },
      /Budget\w+: told \| .*no longer told: ti@dadosfera\.ai/,
    ],
    [
      'concurrency that is not reserved any more',
      (template) => delete template.Resources[idOf(template, 'Custom::SpendGuardReservedConcurrency')],
      /\(Custom::SpendGuardReservedConcurrency\) \| there \| none \| gone/,
    ],
  ];

  test.each(cases)('%s', (_, edit, line) => {
    const head = withEdit(edit);
    const { exitCode, text } = compared(base, head);
    expect(text).toMatch(line);
    expect(text).toContain('- **The guard is weakened** in ');
    expect([13, 14, 15, 16]).toContain(exitCode);
    const back = compared(head, base);
    expect(back.text).toContain('- The guard is not weakened');
    expect(back.data.weakened).toBe(false);
  });

  test('a raised limit of the configuration, and none for a lower one', () => {
    const more = assemblyOf(({ dev }) => ({ dev: { ...dev, monthlyLimitUsd: 80 } }));
    const { exitCode, text } = compared(base, more);
    expect(text).toContain('| cost-check: LIMIT_NANO_USD | $50.00 | $80.00 | raised |');
    expect(text).toContain('| spend-meter: LINES.limit | $50.00 | $80.00 | raised |');
    expect(exitCode).toBe(EXIT_CODES.weakened);
    expect(compared(more, base).exitCode).toBe(EXIT_CODES.ok);
  });

  test('what is done while blind', () => {
    const blunt = assemblyOf(({ dev }) => ({ dev: { ...dev, onBlind: 'stop' } }));
    expect(compared(base, blunt).data.weakened).toBe(false);
    expect(compared(blunt, base).text).toContain('| spend-meter: ON_BLIND | stop | page | it goes on while blind |');
  });

  test.each([
    ['a line that comes later', [80], [81], ['80% → 81%']],
    ['one that comes at the same', [80], [80], []],
    ['one that comes sooner', [80], [79], []],
    ['one that is gone', [80, 90], [80], ['90% → undefined']],
    ['one more', [80], [80, 90], []],
  ])('%s', (_, was, is, found) => {
    expect(later('x', was, is).map(({ before, after }) => `${before} → ${after}`)).toEqual(found);
  });

  test('an environment that goes as a whole is one line of its own', () => {
    const two = assemblyOf(({ dev, staging }) => ({ dev, staging }));
    const { text, data } = compared(two, base);
    expect(data.weakened).toBe(true);
    expect(text).toContain('| the guard of staging | there | none | gone |');
    expect(compared(base, two).data.weakened).toBe(false);
  });
});

describe('data, of any project', () => {
  const table = (properties: object, attributes: object = {}): Side => ({
    template: { Resources: { T: { Type: 'AWS::DynamoDB::Table', Properties: properties, ...attributes } } },
  });
  const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  const cases: readonly (readonly [string, Side, Side, string, boolean])[] = [
    ['a table that goes', table({}), none(), 'T (AWS::DynamoDB::Table) | there | none | deleted', true],
    ['a table that goes and is kept', table({}, kept), none(), '', false],
    ['a table no longer kept', table({}, kept), table({}), 'T: DeletionPolicy | Retain | none | no longer kept', true],
    ['a table kept', table({}), table({}, kept), '', false],
    [
      'a table without protection',
      table({ DeletionProtectionEnabled: true }),
      table({}),
      'T: DeletionProtectionEnabled | true | none | a protection that is off',
      true,
    ],
    [
      'a table without its past',
      table({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
      table({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } }),
      'PointInTimeRecoveryEnabled | true | false | a protection that is off',
      true,
    ],
    [
      'logs for ever, now for a week',
      one('AWS::Logs::LogGroup', {}),
      one('AWS::Logs::LogGroup', { RetentionInDays: 7 }),
      'X: RetentionInDays | none | 7 | kept for a while',
      true,
    ],
    [
      'logs for less long',
      one('AWS::Logs::LogGroup', { RetentionInDays: 8 }),
      one('AWS::Logs::LogGroup', { RetentionInDays: 7 }),
      'X: RetentionInDays | 8 | 7 | kept for less long',
      true,
    ],
    [
      'logs for longer',
      one('AWS::Logs::LogGroup', { RetentionInDays: 7 }),
      one('AWS::Logs::LogGroup', { RetentionInDays: 8 }),
      '',
      false,
    ],
    [
      'backups for less long',
      one('AWS::RDS::DBInstance', { BackupRetentionPeriod: 7 }),
      one('AWS::RDS::DBInstance', { BackupRetentionPeriod: 1 }),
      'X: BackupRetentionPeriod | 7 | 1 | kept for less long',
      true,
    ],
    [
      'a stack that may be deleted',
      { properties: { terminationProtection: true } },
      {},
      'protection from termination | on | off',
      true,
    ],
  ];

  test.each(cases)('%s', (_, before, after, line, isWeaker) => {
    const { text, data, exitCode } = compared(written(before), written(after));
    expect(text).toContain(line);
    expect(data.weakened).toBe(isWeaker);
    expect(text).toContain(isWeaker ? '- **Data is lost, or kept less well** in ' : '- No data is lost');
    if (isWeaker) expect([13, 14, 15, 16]).toContain(exitCode);
    else expect([0, 10, 11, 12]).toContain(exitCode);
    expect(text).not.toMatch(/guard/i);
  });
});

test('what changed in place is shown before and after', () => {
  const queue = (seconds: number) => written(one('AWS::SQS::Queue', { VisibilityTimeout: seconds }));
  expect(compared(queue(30), queue(60)).text).toContain('  - VisibilityTimeout: `30` → `60`');
});

test.each([
  ['rate(1 minute)', 1440],
  ['rate(5 minutes)', 288],
  ['rate(2 days)', 0.5],
  ['cron(0 9 * * ? *)', 1],
  ['cron(0/5 * * * ? *)', 288],
  ['cron(0,30 8-17 ? * MON-FRI *)', (20 * 5) / 7],
  ['cron(0 0 1 * ? *)', 1 / 31],
  ['cron(0 0 1 1 ? 2027)', undefined],
  ['at(2027-01-01T00:00:00)', undefined],
])('%s runs %p times a day', (expression, runs) => {
  if (runs === undefined) expect(runsADay(expression)).toBeUndefined();
  else expect(runsADay(expression)).toBeCloseTo(runs, 9);
});
