import { startEmulator, type Emulator } from '../../../local/emulator';
import { bedrockRules } from './rules/bedrock';
import { budgetRules } from './rules/budgets';
import { iamRules } from './rules/iam';
import { lambdaRules } from './rules/lambda';
import { metricRules } from './rules/metrics';
import { scheduleRules } from './rules/schedules';
import { serviceRules } from './rules/services';

/** Each rule also with ministack as it comes, which gets it wrong: else the extension would not need it. */
let extended: Emulator;
let bare: Emulator;

beforeAll(async () => {
  extended = await startEmulator();
  bare = await startEmulator({ extension: 'none' });
});
afterAll(async () => {
  await extended?.stop();
  await bare?.stop();
});

describe.each([
  { area: 'IAM and what it guards', rules: iamRules },
  { area: 'Bedrock', rules: bedrockRules },
  { area: 'CloudWatch', rules: metricRules },
  { area: 'AWS Budgets', rules: budgetRules },
  { area: 'Lambda', rules: lambdaRules },
  { area: 'Scheduler and logs', rules: scheduleRules },
  { area: 'services that ministack has not', rules: serviceRules },
])('$area', ({ rules }) => {
  test.each(rules)('$name', async (rule) => {
    expect(await rule.observe(extended, false)).toEqual(rule.aws);
  });

  test.each(rules)('ministack alone gets it wrong: $name', async (rule) => {
    const answer = await rule.observe(bare, true).catch((error: unknown) => `failed: ${String(error)}`);
    expect(answer).not.toEqual(rule.aws);
  });
});
