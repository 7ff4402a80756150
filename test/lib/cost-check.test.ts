import { usd } from '../../core/money';
import { parseCostCheckEnv } from '../../lambda/cost-check/env';
import {
  actionsOf,
  environmentOf,
  granting,
  madeFor,
  resourcesOf,
  roleIds,
  statementsOf,
  toldTo,
  templateFor,
} from '../helpers/stack';

const stack = madeFor(environmentOf('dev'));
const { template } = stack;
const [roleId = ''] = roleIds(template, /cost-check/);
const statements = statementsOf(template, roleId);
const alarmOf = (what: string) =>
  Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).find(
    ({ Properties }) => Properties['AlarmName'] === `spend-guard-dev-cost-check-${what}`,
  );

test('a missing report is told after the longest day of any zone, 26 hours, and within two days', () => {
  const alarm = alarmOf('missing-runs');
  const { Period, EvaluationPeriods } = alarm!.Properties as { Period: number; EvaluationPeriods: number };
  const hours = (Period * EvaluationPeriods) / 3600;
  expect(hours).toBeGreaterThanOrEqual(27);
  expect(hours).toBeLessThan(48);
});

test('it reads and writes items of its own and of the meter, and no others', () => {
  const state = statements.filter((statement) => actionsOf(statement).some((action) => action.startsWith('dynamodb:')));
  expect(state.map((statement) => [actionsOf(statement), statement.Condition])).toEqual([
    [
      ['dynamodb:UpdateItem'],
      {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['report'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    ],
    [
      ['dynamodb:GetItem', 'dynamodb:Query'],
      {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['meter'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    ],
    [
      ['dynamodb:GetItem', 'dynamodb:PutItem'],
      {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['calibration'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    ],
    [
      ['dynamodb:GetItem'],
      {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['BUDGET#dev#????-??'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    ],
  ]);
  const onLeases = state.map(({ Resource }) => JSON.stringify(Resource).includes('Leases'));
  expect(onLeases).toEqual([false, false, false, true]);
});

test('where there are budgets within the environment’s, it reads them too, and no other environment’s', () => {
  const made = madeFor(environmentOf('dev', { budgets: { search: { monthlyLimitUsd: 20 } } }));
  const [id = ''] = roleIds(made.template, /cost-check/);
  const [read, ...others] = granting(statementsOf(made.template, id), 'dynamodb:BatchGetItem');
  expect(others).toEqual([]);
  expect(JSON.stringify(read!.Resource)).toMatch(/Leases/);
  expect(read!.Condition).toEqual({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['BUDGET#dev#????-??', 'BUDGET#dev/*'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });
  expect(parseCostCheckEnv(toldTo(made, 'cost-check')).BUDGETS).toEqual([
    { path: 'search', period: 'month', limit: usd(20) },
  ]);
});

test('without them it is told of none, and may read none', () => {
  expect(toldTo(stack, 'cost-check')).not.toHaveProperty('BUDGETS');
  expect(granting(statements, 'dynamodb:BatchGetItem')).toEqual([]);
});

test('it reads tags of application profiles in the meter’s Regions only, and lists no metrics', () => {
  const [tags, ...others] = granting(statements, 'bedrock:ListTagsForResource');
  expect(others).toEqual([]);
  expect(JSON.stringify(tags!.Resource)).toMatch(/:bedrock:us-east-1:.*:application-inference-profile\/\*/);
  expect(granting(statements, 'cloudwatch:ListMetrics')).toEqual([]);
});

test('it is told what the meter is told, word for word', () => {
  const [own, meter] = [toldTo(stack, 'cost-check'), toldTo(stack, 'spend-meter')];
  for (const name of [
    'MODELS',
    'PROFILE_IDS',
    'PRICES',
    'METERING',
    'DEAREST',
    'METER_REGIONS',
    'CANARY_PROFILE_ID',
    'IDENTITY',
    'ENVIRONMENT',
    'ENFORCE',
  ]) {
    expect([name, own[name]]).toEqual([name, meter[name]]);
  }
});

test('what it is told is what it parses, and every model has its catalogue name', () => {
  const env = parseCostCheckEnv(toldTo(stack, 'cost-check'));
  expect(Object.keys(env.MODEL_NAMES)).toEqual(env.MODELS.map(({ modelId }) => modelId));
  expect(env.MODEL_NAMES['amazon.nova-lite-v1:0']).toBe('Nova Lite');
});

test('any number of break-glass roles: what is known at synth is no variable', () => {
  const neverStop = Array.from({ length: 60 }, (_, at) => `a-break-glass-role-${at}-${'x'.repeat(40)}`);
  expect(parseCostCheckEnv(toldTo(madeFor(environmentOf('dev', { neverStop })), 'cost-check')).NEVER_STOP).toEqual(
    neverStop,
  );
});

describe('a day on which a deployment moves the report past its time', () => {
  const expressionsOf = (at: string) => {
    const { report, ...rest } = environmentOf('dev');
    const [hour = 0, minute = 0] = at.split(':').map(Number);
    const moved = templateFor({ ...rest, report: { ...report, hour, minute } });
    return Object.entries(resourcesOf(moved, 'AWS::Scheduler::Schedule'))
      .filter(([id]) => id.startsWith('CostCheck'))
      .map(([, { Properties }]) => Properties['ScheduleExpression'])
      .sort();
  };

  test.each([
    ['08:00', ['cron(0 8 * * ? *)', 'cron(50 23 * * ? *)']],
    ['23:49', ['cron(49 23 * * ? *)', 'cron(50 23 * * ? *)']],
    ['23:50', ['cron(50 23 * * ? *)']],
    ['23:51', ['cron(51 23 * * ? *)']],
  ])('%s: the day has a last run, unless the report itself is no earlier', (at, expected) => {
    expect(expressionsOf(at)).toEqual(expected);
  });
});

describe('who spent it', () => {
  const made = (spenders: object) => madeFor(environmentOf('dev', { spenders }));
  const statementsIn = (one: ReturnType<typeof made>) => {
    const [id = ''] = roleIds(one.template, /cost-check/);
    return statementsOf(one.template, id);
  };
  const withLog = made({ invocationLogs: { logGroup: '/bedrock/invocations' } });
  const ofLog = statementsIn(withLog);
  const LOG_ACTIONS = ['logs:StartQuery', 'logs:GetQueryResults', 'logs:StopQuery'];

  test('without it, or by a tag alone, no log can be read and no day be kept', () => {
    for (const one of [statements, statementsIn(made({ principalTag: 'team' }))]) {
      for (const action of LOG_ACTIONS) expect(granting(one, action)).toEqual([]);
      expect(JSON.stringify(one)).not.toContain('spenders');
    }
    expect(Object.keys(toldTo(stack, 'cost-check')).filter((name) => name.startsWith('SPENDERS'))).toEqual([]);
  });

  test('the one log group may be queried, with and without its streams', () => {
    const [start, ...others] = granting(ofLog, 'logs:StartQuery');
    expect(others).toEqual([]);
    const resources = [start!.Resource].flat().map((resource) => JSON.stringify(resource));
    expect(resources).toHaveLength(2);
    expect(
      resources.map((one) => /:log-group:\/bedrock\/invocations(.*)$/.exec(JSON.parse(one)['Fn::Join'][1].at(-1))?.[1]),
    ).toEqual(['', ':*']);
  });

  test('of the log nothing else: what it may is to start a query, read what came and stop it', () => {
    const own = ofLog.flatMap(actionsOf).filter((action) => action.startsWith('logs:'));
    expect(own.toSorted()).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', ...LOG_ACTIONS].toSorted());
  });

  test('its days are items of their own', () => {
    const days = ofLog.filter(({ Condition }) => JSON.stringify(Condition ?? '').includes('spenders'));
    expect(days.map((statement) => [actionsOf(statement), statement.Condition])).toEqual([
      [
        ['dynamodb:PutItem', 'dynamodb:Query'],
        {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['spenders'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      ],
    ]);
  });

  test('it is told what the config says', () => {
    expect(parseCostCheckEnv(toldTo(withLog, 'cost-check'))).toMatchObject({
      SPENDERS_LOG_GROUP: '/bedrock/invocations',
    });
    expect(parseCostCheckEnv(toldTo(made({ principalTag: 'team' }), 'cost-check'))).toMatchObject({
      SPENDERS_TAG: 'team',
    });
  });
});
