/** What the stack is made of and some Regions lack. */
export const stackResourceTypes = [
  'AWS::Budgets::Budget',
  'AWS::Budgets::BudgetsAction',
  'AWS::Bedrock::ApplicationInferenceProfile',
  'AWS::Scheduler::Schedule',
] as const;

export interface Region {
  readonly partition: 'aws' | 'aws-cn' | 'aws-us-gov';
  /** Of `stackResourceTypes`, the ones CloudFormation does not have there. */
  readonly missingTypes: readonly string[];
}

const BUDGETS = ['AWS::Budgets::Budget', 'AWS::Budgets::BudgetsAction'];
const PROFILE = 'AWS::Bedrock::ApplicationInferenceProfile';

const complete: Region = { partition: 'aws', missingTypes: [] };
const noBudgets: Region = { partition: 'aws', missingTypes: BUDGETS };
const noProfile: Region = { partition: 'aws', missingTypes: [PROFILE] };
const neither: Region = { partition: 'aws', missingTypes: [...BUDGETS, PROFILE] };

/**
 * From the provider schemas of cfn-lint 1.58.0 (`cfnlint/data/schemas/providers/<region>.json`), read 2026-11-23. They agree
 * with the shared facts of November 2026 and go further: Budgets is missing not in eu-north-1, eu-central-2, ap-northeast-3
 * and us-gov alone but in 18 commercial Regions, and the inference profile not in eu-north-1 and us-west-1 alone but in 14
 * commercial Regions, cn and us-gov. `AWS::Scheduler::Schedule` is in every one.
 *
 * Left out, so unknown: me-south-1, for which cfn-lint has no schemas, and eusc-de-east-1 and the iso Regions, whose files
 * are copies of us-east-1's.
 */
export const regions: Readonly<Record<string, Region>> = {
  'af-south-1': neither,
  'ap-east-1': neither,
  'ap-east-2': neither,
  'ap-northeast-1': complete,
  'ap-northeast-2': complete,
  'ap-northeast-3': noBudgets,
  'ap-south-1': complete,
  'ap-south-2': neither,
  'ap-southeast-1': complete,
  'ap-southeast-2': complete,
  'ap-southeast-3': noBudgets,
  'ap-southeast-4': neither,
  'ap-southeast-5': neither,
  'ap-southeast-6': neither,
  'ap-southeast-7': neither,
  'ca-central-1': complete,
  'ca-west-1': neither,
  'eu-central-1': complete,
  'eu-central-2': noBudgets,
  'eu-north-1': neither,
  'eu-south-1': noBudgets,
  'eu-south-2': neither,
  'eu-west-1': complete,
  'eu-west-2': complete,
  'eu-west-3': complete,
  'il-central-1': neither,
  'me-central-1': noBudgets,
  'mx-central-1': neither,
  'sa-east-1': complete,
  'us-east-1': complete,
  'us-east-2': complete,
  'us-west-1': noProfile,
  'us-west-2': complete,
  'cn-north-1': { partition: 'aws-cn', missingTypes: [PROFILE] },
  'cn-northwest-1': { partition: 'aws-cn', missingTypes: [PROFILE] },
  'us-gov-east-1': { partition: 'aws-us-gov', missingTypes: [...BUDGETS, PROFILE] },
  'us-gov-west-1': { partition: 'aws-us-gov', missingTypes: [...BUDGETS, PROFILE] },
};

/** What keeps the stack from being deployed to a Region; empty where nothing does. */
export function missingResourceTypes(region: string): readonly string[] | 'unknown Region' {
  return regions[region]?.missingTypes ?? 'unknown Region';
}
