import { Token } from 'aws-cdk-lib';
import { nearestKey, orDidYouMean, type Problem } from '../config';
import { CONFIGURED } from './configured-guard';
import type { SpendGuardProps } from './spend-guard-props';

const EXAMPLE =
  "{ monthlyLimit: usd(50), owner: 'team@example.com', models: ['amazon.nova-lite-v1:0'], principals: [role] }";

/** The form of each prop; what its values may be is the configuration's to say. */
const FORMS: Readonly<Record<keyof SpendGuardProps, 'amount' | 'list' | 'logGroup' | 'emailIdentity' | 'value'>> = {
  monthlyLimit: 'amount',
  owner: 'value',
  models: 'list',
  principals: 'list',
  environmentName: 'value',
  production: 'value',
  budgetOwner: 'value',
  largeModels: 'list',
  dataRegions: 'list',
  alertAtPercent: 'list',
  degradeAtPercent: 'value',
  stopAtPercent: 'value',
  dailyLimitPercent: 'value',
  runawayBrakePercentPerHour: 'value',
  allowAboveLimit: 'value',
  enforce: 'value',
  billAction: 'value',
  onBlind: 'value',
  acceptOvershoot: 'value',
  meterWholeAccount: 'value',
  meterRegions: 'list',
  accountWideLimit: 'amount',
  permissionSets: 'list',
  neverStop: 'list',
  trustedBy: 'list',
  trustedGitHub: 'value',
  reportAt: 'value',
  timeZone: 'value',
  reportFrom: 'value',
  reportIdentity: 'emailIdentity',
  channels: 'list',
  invocationLogs: 'logGroup',
  principalTag: 'value',
  dashboard: 'value',
  keepState: 'value',
  hubBusArn: 'value',
};

/** Of a resource: by which properties it is known, and what to write. */
const RESOURCES: Readonly<Record<string, { readonly has: readonly string[]; readonly must: string }>> = {
  logGroup: {
    has: ['logGroupName', 'logGroupArn'],
    must: "a log group, such as logs.LogGroup.fromLogGroupName(this, 'Invocations', '/bedrock/invocations')",
  },
  emailIdentity: {
    has: ['emailIdentityName', 'emailIdentityArn'],
    must: "an identity of SES, such as ses.EmailIdentity.fromEmailIdentityName(this, 'Mail', 'example.com')",
  },
};

export const PROPS = Object.keys(FORMS) as readonly (keyof SpendGuardProps)[];
const NEEDED = ['monthlyLimit', 'owner', 'models', 'principals'] as const satisfies readonly (keyof SpendGuardProps)[];

/** What a compiler would have said: plain JavaScript has none. */
export function shapeProblems(props: unknown): readonly Problem[] {
  if (typeof props !== 'object' || props === null)
    return [{ path: 'props', text: `must be ${EXAMPLE}, got ${typeof props}` }];
  if (CONFIGURED in props) {
    const text = 'must be what SpendGuardConfig.props gives, and not a copy of it: change the config instead';
    return [{ path: 'props', text }];
  }
  const given = props as Readonly<Record<string, unknown>>;
  const missing = NEEDED.filter((prop) => given[prop] === undefined || given[prop] === null);
  return [
    ...missing.map((prop) => ({ path: prop, text: `must be given, as in ${EXAMPLE}` })),
    ...Object.entries(given).flatMap(([prop, value]) => formProblem(prop, value, given)),
  ];
}

function formProblem(prop: string, value: unknown, given: Readonly<Record<string, unknown>>): readonly Problem[] {
  // Not what every object inherits, such as a constructor.
  const form = Object.hasOwn(FORMS, prop) ? (FORMS as Readonly<Record<string, string>>)[prop] : undefined;
  if (form === undefined) return [{ path: prop, text: noProp(prop, given) }];
  if (value === undefined || value === null) return [];
  if (form === 'amount' && !isAmount(value)) {
    return [{ path: prop, text: `must be an amount such as usd(50), got ${shown(value)}` }];
  }
  const resource = RESOURCES[form];
  if (resource && !isResource(value, resource.has)) {
    return [{ path: prop, text: `must be ${resource.must}, got ${shown(value)}` }];
  }
  // A list of which only a deployment knows what is in it is told as a token.
  if (form === 'list' && !Array.isArray(value) && !Token.isUnresolved(value)) {
    return [{ path: prop, text: `must be a list in [ ], got ${shown(value)}` }];
  }
  return [];
}

/** What is given already was not meant. */
function noProp(prop: string, given: Readonly<Record<string, unknown>>): string {
  const open = PROPS.filter((one) => given[one] === undefined);
  return `is not a prop${orDidYouMean(nearestKey(prop, open), `there are ${PROPS.join(', ')}`)}`;
}

/** Of another copy of the package too. */
function isAmount(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'dollars' in value && typeof value.dollars === 'number';
}

/** Of another copy of AWS CDK too. What CloudFormation alone has, such as a `CfnLogGroup`, has other names for it. */
function isResource(value: unknown, has: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return has.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'string');
}

function shown(value: unknown): string {
  if (Token.isUnresolved(value)) return 'a token';
  return typeof value === 'string' ? `'${value}'` : typeof value === 'number' ? String(value) : typeof value;
}
