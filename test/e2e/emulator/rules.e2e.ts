import { startEmulator, type Emulator } from '../../../local/emulator';
import { alarmRules } from './rules/alarms';
import { automaticDeploymentRules } from './rules/automatic-deployment';
import { bedrockRules } from './rules/bedrock';
import { budgetActionRules } from './rules/budget-actions';
import { budgetRules } from './rules/budgets';
import { eventBusRules } from './rules/event-buses';
import { iamRules } from './rules/iam';
import { identityCenterRules } from './rules/identity-center';
import { lambdaRules } from './rules/lambda';
import { metricRules } from './rules/metrics';
import { nameRules } from './rules/names';
import { organizationRules } from './rules/organizations';
import { policyStackRules } from './rules/policy-stacks';
import { policyVersionRules } from './rules/policy-versions';
import { scheduleRules } from './rules/schedules';
import { serviceControlRules } from './rules/service-control';
import { serviceRules } from './rules/services';
import { stackSetTemplateRules } from './rules/stack-set-templates';
import { stackSetRules } from './rules/stack-sets';
import { taggedRules } from './rules/tagged';
import type { Rule } from './support';

/** Each rule also with ministack as it comes, which gets it wrong: else the extension would not need it. */
let extended: Emulator;
let bare: Emulator;

/** What ministack alone answers, one after the other while the extended one is asked: each waits more than it works. */
const answers = new Map<Rule, Promise<unknown>>();

beforeAll(async () => {
  [extended, bare] = await Promise.all([startEmulator(), startEmulator({ extension: 'none' })]);
  let last: Promise<unknown> = Promise.resolve();
  for (const rule of AREAS.flatMap(({ rules }) => rules)) {
    last = last.then(() => rule.observe(bare, true).catch((error: unknown) => `failed: ${String(error)}`));
    answers.set(rule, last);
  }
});
afterAll(async () => {
  await extended?.stop();
  await bare?.stop();
});

const AREAS = [
  { area: 'IAM and what it guards', rules: iamRules },
  { area: 'versions of policies', rules: [...policyVersionRules, ...policyStackRules] },
  { area: 'names that are unique in the account', rules: nameRules },
  { area: 'IAM Identity Center', rules: identityCenterRules },
  { area: 'Bedrock', rules: bedrockRules },
  { area: 'CloudWatch', rules: [...metricRules, ...alarmRules] },
  { area: 'AWS Budgets', rules: [...budgetActionRules, ...budgetRules] },
  { area: 'Lambda', rules: lambdaRules },
  { area: 'Scheduler and logs', rules: scheduleRules },
  { area: 'AWS Organizations', rules: [...organizationRules, ...serviceControlRules] },
  { area: 'EventBridge between accounts', rules: eventBusRules },
  { area: 'StackSets', rules: [...stackSetRules, ...automaticDeploymentRules, ...stackSetTemplateRules] },
  { area: 'what is made with tags', rules: taggedRules },
  { area: 'services that ministack has not', rules: serviceRules },
];

describe.each(AREAS)('$area', ({ rules }) => {
  test.each(rules)('$name', async (rule) => {
    expect(await rule.observe(extended, false)).toEqual(rule.aws);
  });

  test.each(rules)('ministack alone gets it wrong: $name', async (rule) => {
    expect(await answers.get(rule)).not.toEqual(rule.aws);
  });
});
