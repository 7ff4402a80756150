import { parseAutoStopEnv } from '../../../lambda/auto-stop/env';

const VARIABLES = {
  ENVIRONMENT: 'dev',
  STATE_TABLE_NAME: 'state',
  ALERT_TOPIC_ARN: 'topic',
  DASHBOARD: 'false',
  AWS_REGION: 'us-east-1',
  MANAGED_FUNCTIONS: '[]',
};

test.each([
  ['ENVIRONMENT', ''],
  ['STATE_TABLE_NAME', undefined],
  ['ALERT_TOPIC_ARN', undefined],
  ['DASHBOARD', undefined],
  ['DASHBOARD', 'yes'],
  ['AWS_REGION', undefined],
  ['MANAGED_FUNCTIONS', 'models'],
  ['MANAGED_FUNCTIONS', '[{"functionName":"models"}]'],
  ['MANAGED_FUNCTIONS', '[{"functionName":"models","optional":true,"declaredElsewhere":false,"idleMinutes":14}]'],
])('%s = %p fails at the start, by name', (name, value) => {
  expect(() => parseAutoStopEnv({ ...VARIABLES, [name]: value })).toThrow(name);
});

test('the function’s entry parses its variables and refuses what is no event of its', async () => {
  const before = { ...process.env };
  Object.assign(process.env, VARIABLES);
  try {
    const { handler } =
      require('../../../lambda/auto-stop/function') as typeof import('../../../lambda/auto-stop/function');
    await expect(handler({ lower: 'everything' })).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  } finally {
    process.env = before;
  }
});
