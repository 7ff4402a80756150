import { CfnCondition, CfnParameter, Fn, type ICfnConditionExpression, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { LateNames, LateValues } from './late-values';

/** A parameter as the console shows it. Every value is text: CloudFormation's numbers may be 1e3 or 50.5. */
export interface TemplateParameter {
  readonly group: string;
  readonly label: string;
  readonly description: string;
  /** Of the whole value. What it lets pass is put into JSON as it is: neither quotes nor backslashes. */
  readonly pattern?: string;
  /** What CloudFormation says of any other value, after the parameter's name. */
  readonly constraint?: string;
  readonly values?: readonly string[];
  readonly longest?: number;
  /** Absent: it must be given. */
  readonly default?: string;
}

const GUARD = 'What may be spent, and who hears of it';
const HELD = 'Who is stopped at the limit';
const CODE = 'Where the code lies';
const ORGANISATION = 'Organisation';

/**
 * Names by commas, with blanks and a comma too many where people leave one. Not a comma itself, which IAM allows in a name
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-29).
 */
const names = (name: string) => `^( *${name} *(, *${name} *)*,? *)?$`;
const NAMES = 'names without path, by commas, such as app,batch, or nothing';

/** Together they and all else that functions are told must fit into the 4 KB that Lambda takes. */
const LONGEST_ROLES = 800;
const LONGEST_OTHERS = 400;

export const PARAMETERS = {
  MonthlyLimitUsd: {
    group: GUARD,
    label: 'Limit in US dollars a calendar month (UTC)',
    description:
      'Whole dollars, 1 to 1000000. People are told at 50, 75 and 90 %; at 90 % large models are denied, at 95 % all, as they are when 20 % goes within a day or 10 % within an hour',
    pattern: '^([1-9][0-9]{0,5}|1000000)$',
    constraint: 'must be whole dollars from 1 to 1000000, digits only, without a zero in front, such as 50',
  },
  Email: {
    group: GUARD,
    label: 'Mail address',
    description: 'Gets every alert and the daily report. AWS sends a mail to confirm: nothing else arrives before that',
    pattern: '^[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}$',
    constraint: 'must be one mail address without quotes, such as team+bedrock@example.com',
    longest: 254,
  },
  Mode: {
    group: GUARD,
    label: 'Mode',
    description: 'enforce: denies models at the limit. watch: tells people the same, and denies nobody',
    values: ['enforce', 'watch'],
    default: 'enforce',
  },
  AccountWide: {
    group: GUARD,
    label: 'All of the account',
    description:
      'yes: everything that is used of Bedrock in this account and Region counts. no: only what is called by the inference profiles of this stack',
    values: ['yes', 'no'],
    default: 'yes',
  },
  GuardedRoles: {
    group: HELD,
    label: 'Roles',
    description: `The IAM roles of your applications, ${NAMES}. The stack's own role is stopped too`,
    // Roles of IAM Identity Center cannot be changed.
    pattern: names('(?!AWSReservedSSO_)[A-Za-z0-9+=.@_-]{1,64}'),
    constraint: `must be ${NAMES}; roles of IAM Identity Center (AWSReservedSSO_…) cannot be stopped this way`,
    longest: LONGEST_ROLES,
    default: '',
  },
  GuardedUsers: {
    group: HELD,
    label: 'Users',
    description: `IAM users, with their keys, ${NAMES}`,
    pattern: names('[A-Za-z0-9+=.@_-]{1,64}'),
    constraint: `must be ${NAMES}`,
    longest: LONGEST_OTHERS,
    default: '',
  },
  GuardedGroups: {
    group: HELD,
    label: 'Groups',
    description: `IAM groups, ${NAMES}`,
    pattern: names('[A-Za-z0-9+=.@_-]{1,128}'),
    constraint: `must be ${NAMES}`,
    longest: LONGEST_OTHERS,
    default: '',
  },
  AssetBucket: {
    group: CODE,
    label: 'Bucket',
    description: "An S3 bucket in this Region with the zip files of the functions' code",
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, read 2026-11-29
    pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
    constraint: 'must be the name of a bucket, such as my-bucket, without s3://',
  },
  AssetPrefix: {
    group: CODE,
    label: 'Folder in the bucket',
    description: 'Ends with a slash; empty where the zip files lie in no folder',
    pattern: '^([A-Za-z0-9._-]+/)*$',
    constraint: 'must be empty, or folders such as spend-guard/0.1.0/ with a slash at the end and none in front',
    longest: 512,
  },
  HubBusArn: {
    group: ORGANISATION,
    label: "Event bus of the organisation's hub",
    description: 'ARN of the bus that hears of this account; empty: nobody outside of it does',
    pattern: '^(arn:[a-z-]+:events:[a-z0-9-]+:[0-9]{12}:event-bus/[A-Za-z0-9._/-]{1,256})?$',
    constraint: 'must be empty, or the ARN of an event bus: arn:PARTITION:events:REGION:ACCOUNT:event-bus/NAME',
    default: '',
  },
} as const satisfies Readonly<Record<string, TemplateParameter>>;

export type ParameterName = keyof typeof PARAMETERS;

export interface OneClickParametersProps {
  /** In place of what must be given. */
  readonly defaults: Partial<Readonly<Record<ParameterName, string>>>;
}

/** What a person gives who creates the stack. */
export class OneClickParameters extends Construct {
  /** What the guard's constructs take of it. */
  readonly values: LateValues;
  readonly email: string;
  readonly hubBusArn: string;
  readonly hasHub: CfnCondition;

  constructor(scope: Construct, id: string, { defaults }: OneClickParametersProps) {
    super(scope, id);
    for (const name of Object.keys(PARAMETERS) as ParameterName[]) this.parameter(name, defaults[name]);
    Stack.of(this).templateOptions.metadata = { 'AWS::CloudFormation::Interface': consoleInterface() };

    const isAccount = this.condition('IsAccountWide', Fn.conditionEquals(refTo('AccountWide'), 'yes'));
    const enforces = this.condition('IsEnforced', Fn.conditionEquals(refTo('Mode'), 'enforce'));
    this.hubBusArn = refTo('HubBusArn');
    this.hasHub = this.condition('HasHub', Fn.conditionNot(Fn.conditionEquals(this.hubBusArn, '')));
    this.values = {
      limitUsd: Token.asNumber({ Ref: 'MonthlyLimitUsd' satisfies ParameterName }),
      // Nano-dollars: CloudFormation does not multiply, and needs not.
      limit: `${refTo('MonthlyLimitUsd')}000000000`,
      enforces,
      metersAccount: isAccount,
      billsAccount: isAccount,
      actsOnBill: enforces,
      tellsHub: this.hasHub,
      names: {
        roles: this.names('GuardedRoles'),
        users: this.names('GuardedUsers'),
        groups: this.names('GuardedGroups'),
      },
    };
    this.email = refTo('Email');
  }

  private parameter(name: ParameterName, byDefault: string | undefined): void {
    const one: TemplateParameter = PARAMETERS[name];
    const preset = byDefault ?? one.default;
    const parameter = new CfnParameter(this, name, {
      type: 'String',
      description: one.description,
      ...(one.pattern === undefined ? {} : { allowedPattern: one.pattern }),
      ...(one.constraint === undefined ? {} : { constraintDescription: one.constraint }),
      ...(one.values === undefined ? {} : { allowedValues: [...one.values] }),
      ...(one.longest === undefined ? {} : { maxLength: one.longest }),
      ...(preset === undefined ? {} : { default: preset }),
    });
    parameter.overrideLogicalId(name);
  }

  private condition(name: string, expression: ICfnConditionExpression): CfnCondition {
    const condition = new CfnCondition(this, name, { expression });
    condition.overrideLogicalId(name);
    return condition;
  }

  private names(name: 'GuardedRoles' | 'GuardedUsers' | 'GuardedGroups'): LateNames {
    const some = this.condition(`Has${name}`, Fn.conditionNot(Fn.conditionEquals(refTo(name), '')));
    return { text: tidied(refTo(name)), some };
  }
}

function refTo(name: ParameterName): string {
  return Fn.ref(name);
}

/** Without blanks, and without a comma at the end: AWS Budgets takes no empty name. No name has a semicolon. */
function tidied(text: string): string {
  const without = (removed: string, from: string) => Fn.join('', Fn.split(removed, from));
  return without(';', without(',;', `${without(' ', text)};`));
}

/** How the console groups and names them (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-interface.html, read 2026-11-29). */
function consoleInterface() {
  const all = Object.entries(PARAMETERS) as [ParameterName, TemplateParameter][];
  const groups = [...new Set(all.map(([, { group }]) => group))];
  return {
    ParameterGroups: groups.map((group) => ({
      Label: { default: group },
      Parameters: all.filter(([, one]) => one.group === group).map(([name]) => name),
    })),
    ParameterLabels: Object.fromEntries(all.map(([name, { label }]) => [name, { default: label }])),
  };
}
