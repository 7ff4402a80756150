import { HUB } from '../core/hub';
import { shown, type Problem } from './problems';

/** Names in AWS that are made of an environment's, and what AWS takes for one. What is unique in an account carries the Region. */

export const ORGANIZATION_HUB = HUB;

/** Of the hub: the members' stacks name it. */
export const HUB_BUS_NAME = 'spend-guard-hub';

/** Buckets are the world's: account and Region are in the name. */
export const hubBucketName = (account: string, region: string) => `spend-guard-hub-${account}-${region}`;

export const stackName = (environment: string) => `SpendGuard-${environment}`;
export const scheduleGroupName = (environment: string) => `SpendGuard-${environment}`;
export const alarmName = (environment: string, what: string) => `spend-guard-${environment}-${what}`;
export const hubRuleName = (environment: string) => `spend-guard-${environment}-hub`;
/** Without the Region: permission sets refer to it by name. */
export const switchPolicyName = (environment: string) => `spend-guard-switch-${environment}`;

/**
 * Dashboards are an account's, in all Regions:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html, read 2026-11-28.
 */
export const dashboardName = (environment: string, region: string) => `SpendGuard-${environment}-${region}`;

/**
 * Budgets are an account's (trap 60). A name that looks as if it held a telephone number or an address may be refused
 * (https://docs.rs/crate/aws-sdk-budgets/1.111.0, UpdateBudgetAction, read 2026-11-28): no dots, and letters at its end.
 * @param of an environment, or `accountBudgetOf` one
 * @param hash of 8 letters
 */
export const budgetName = (of: string, region: string, hash: string) => `spend-guard-${of}-${region}-${hash}`;

/** No environment can be called so. */
export const accountBudgetOf = (environment: string) => `${environment}_account`;

/**
 * Of Amazon Q Developer in chat applications: a name is taken once in an account, whatever the Region
 * (https://github.com/aws-samples/aws-securityhub-to-slack/pull/11, read 2026-11-29), and has at most 128 letters, digits, underscores and
 * hyphens (https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html, read 2026-11-29). The
 * longest, of 24 and 32 characters of one's own, has 84.
 */
export const chatConfigurationName = (environment: string, region: string, channel: string) =>
  `spend-guard-${environment}-${region}-${channel}`;

export const PROFILE_LABEL_LENGTH = 18;

/**
 * @param label at most `PROFILE_LABEL_LENGTH` characters, with no hyphen at either end and no two in a row
 * @param hash of 8 hexadecimal digits
 */
export const inferenceProfileName = (environment: string, label: string, hash: string) =>
  `spend-guard-${environment}-${label}-${hash}`;

interface NameRule {
  /** As a sentence names it. */
  readonly resource: string;
  /** The longest name that the guard makes of it. */
  readonly longest: (environment: string) => string;
  readonly characters: RegExp;
  readonly inWords: string;
  readonly atMost: number;
}

const LONGEST_HASH = '0'.repeat(8);
/** As long as any of config/regions.ts. */
const LONGEST_REGION = 'ap-northeast-1';

/**
 * The strictest first. Patterns of the schemas of CloudFormation's registry (cfn-lint 1.51.0) and, where these have none, of
 * botocore 1.43.11; the stack's of
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html, the dashboard's of its page above;
 * all read 2026-11-28. Subjects of mails are cut to what SNS takes, and no key of a table holds the name.
 */
const RULES: readonly NameRule[] = [
  {
    resource: "Bedrock's inference profile",
    longest: (name) => inferenceProfileName(name, 'x'.repeat(PROFILE_LABEL_LENGTH), LONGEST_HASH),
    characters: /^([0-9a-zA-Z][ _-]?)+$/,
    inWords: 'letters, digits and single separators',
    atMost: 64,
  },
  {
    resource: "CloudFormation's stack",
    longest: stackName,
    characters: /^[A-Za-z][A-Za-z0-9-]*$/,
    inWords: 'letters, digits and hyphens',
    atMost: 128,
  },
  {
    resource: "EventBridge Scheduler's schedule group",
    longest: scheduleGroupName,
    characters: /^[0-9a-zA-Z._-]+$/,
    inWords: 'letters, digits, dots, underscores and hyphens',
    atMost: 64,
  },
  {
    resource: "EventBridge's rule",
    longest: hubRuleName,
    characters: /^[.\-_A-Za-z0-9]+$/,
    inWords: 'letters, digits, dots, underscores and hyphens',
    atMost: 64,
  },
  {
    resource: "AWS Budgets' budget",
    longest: (name) => budgetName(accountBudgetOf(name), LONGEST_REGION, LONGEST_HASH),
    characters: /^(?![^:\\]*\/action\/)(?!.*<script>.*<\/script>.*)[^:\\]+$/i,
    inWords: 'neither : nor \\, no /action/ and no script',
    atMost: 100,
  },
  {
    resource: "CloudWatch's dashboard",
    longest: (name) => dashboardName(name, LONGEST_REGION),
    characters: /^[A-Za-z0-9_-]+$/,
    inWords: 'letters, digits, underscores and hyphens',
    atMost: 255,
  },
  {
    resource: "IAM's policy",
    longest: switchPolicyName,
    characters: /^[\w+=,.@-]+$/,
    inWords: 'letters, digits and +=,.@_-',
    atMost: 128,
  },
];

/** What every rule takes. */
export const ENVIRONMENT_NAME = 'a letter, then at most 23 letters, digits or single hyphens, and no hyphen at the end';

/**
 * Why AWS would refuse what is made of an environment's name, resource by resource; none: it takes them all. A name of digits is
 * the guard's own to refuse: JavaScript puts such keys before all others.
 */
export function environmentNameProblems(environment: string): readonly Problem[] {
  const refusals = [
    ...(environment === ORGANIZATION_HUB ? ["an organisation's hub is called so"] : []),
    ...(/^[A-Za-z]/.test(environment) ? [] : ['it must begin with a letter']),
    ...RULES.flatMap((rule) => refusal(rule, environment)),
  ];
  if (refusals.length === 0) return [];
  return [
    {
      path: `environments.${environment}`,
      text: `is no name for an environment: ${refusals.join('; ')}; rename it: ${ENVIRONMENT_NAME}`,
    },
  ];
}

function refusal({ resource, longest, characters, inWords, atMost }: NameRule, environment: string): readonly string[] {
  const made = longest(environment);
  const called = `${resource} would be called ${shown(made)}`;
  if (made.length > atMost) return [`${called}, ${made.length} characters of at most ${atMost}`];
  return characters.test(made) ? [] : [`${called}, which may have ${inWords}`];
}
