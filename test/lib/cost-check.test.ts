import { readFileSync } from 'node:fs';
import path from 'node:path';
import { metrics } from '../../core/metrics';
import { parseCostCheckEnv } from '../../lambda/cost-check/env';
import { actionsOf, environmentOf, resourcesOf, roleIds, stackOf, statementsOf, templateOf } from '../helpers/stack';

const template = templateOf('dev');
const [roleId = ''] = roleIds(template, /cost-check/);
const statements = statementsOf(template, roleId);
const granting = (action: string) => statements.filter((statement) => actionsOf(statement).includes(action));

function variablesOf(has: string): Record<string, string> {
  const found = Object.values(resourcesOf(template, 'AWS::Lambda::Function')).find(
    ({ Properties }) => Properties['Environment']?.Variables?.[has] !== undefined,
  )!;
  return JSON.parse(
    JSON.stringify(found.Properties['Environment'].Variables, (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null) return value;
      const join = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
      if (join) return join[1].map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join('');
      return Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::')) ? JSON.stringify(value) : value;
    }),
  ) as Record<string, string>;
}

test('the alarm on drift watches a day, and its runbook entry is there', () => {
  const alarm = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).find(
    ({ Properties }) => Properties['AlarmName'] === 'spend-guard-dev-cost-check-meter-drift',
  );
  expect(alarm?.Properties).toMatchObject({
    Namespace: 'SpendGuard',
    MetricName: metrics.meterDrift.name,
    Dimensions: [{ Name: 'Environment', Value: 'dev' }],
    Statistic: 'Maximum',
    Period: 86_400,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
  const runbook = readFileSync(path.resolve(__dirname, '../../docs/runbook.md'), 'utf8');
  expect(runbook).toContain('### `cost-check-meter-drift`');
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

test('it reads tags of application profiles in the meter’s Regions only, and lists no metrics', () => {
  const [tags, ...others] = granting('bedrock:ListTagsForResource');
  expect(others).toEqual([]);
  expect(JSON.stringify(tags!.Resource)).toMatch(/:bedrock:us-east-1:.*:application-inference-profile\/\*/);
  expect(granting('cloudwatch:ListMetrics')).toEqual([]);
});

test('it is told what the meter is told, word for word', () => {
  const [own, meter] = [variablesOf('MODEL_NAMES'), variablesOf('WORST_CASE_RATE')];
  for (const name of [
    'MODELS',
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

test('its variables are what it parses, and every model has its catalogue name', () => {
  const variables = Object.fromEntries(
    Object.entries(variablesOf('MODEL_NAMES')).map(([name, value]) => [
      name,
      name === 'MODELS' ? value.replaceAll(/\{.*?\}/g, 'abcdefghijkl') : value,
    ]),
  );
  const env = parseCostCheckEnv(variables);
  expect(Object.keys(env.MODEL_NAMES)).toEqual(env.MODELS.map(({ modelId }) => modelId));
  expect(env.MODEL_NAMES['amazon.nova-lite-v1:0']).toBe('Nova Lite');
});

test('more than Lambda takes of variables is refused at synth', () => {
  const neverStop = Array.from({ length: 60 }, (_, at) => `a-break-glass-role-${at}-${'x'.repeat(40)}`);
  expect(() => stackOf(environmentOf('dev', { neverStop }))).toThrow(/cost-check's variables would have \d+ bytes/);
});
