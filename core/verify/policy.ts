import type { PolicyDocument } from '../enforcement';
import { VERIFY_TAG } from '../tags';
import { sourceArn, type StepModel } from './documents';
import { IAM_PATH, NAME_PREFIX } from './names';
import type { StepId } from './steps';

type Statement = PolicyDocument['Statement'][number];

export interface PolicyScope extends StepModel {
  /** Base ids of the Legacy models that may be tried. */
  readonly legacyModels: readonly string[];
}

const MADE_BY_VERIFY = { StringLike: { [`aws:ResourceTag/${VERIFY_TAG}`]: '*' } };
const TAGGED = { StringLike: { [`aws:RequestTag/${VERIFY_TAG}`]: '*' } };

/** What a person needs for the steps, and for removing what they leave; nothing else. GetCallerIdentity needs none. */
export function stepsPolicy(steps: readonly StepId[], scope: PolicyScope): PolicyDocument {
  const has = (...ids: readonly StepId[]) => ids.some((id) => steps.includes(id));
  const measured = has('metric-names', 'listing-delay', 'metric-delay');
  const profiles = measured || has('deny-latency', 'legacy-refusal');
  return {
    Version: '2012-10-17',
    Statement: [
      ...(profiles ? profileStatements(steps, scope) : []),
      ...(measured ? callStatements(scope) : []),
      ...(measured ? metricStatements(has('metric-names', 'listing-delay')) : []),
      ...(has('deny-latency') ? roleStatements(scope) : []),
      ...(has('budget-tag') ? budgetStatements(scope) : []),
      ...(has('legacy-refusal') ? legacyStatements(scope) : []),
    ],
  };
}

function profileStatements(steps: readonly StepId[], scope: PolicyScope): readonly Statement[] {
  const { partition } = scope;
  const profiles = profilesOf(scope);
  const sources = [
    ...(steps.some((step) => step !== 'legacy-refusal' && step !== 'budget-tag') ? [sourceArn(scope)] : []),
    ...(steps.includes('legacy-refusal') ? scope.legacyModels.map((id) => legacyArn(scope, id)) : []),
  ];
  return [
    // A request names what it copies as well, which no tag is on.
    { Sid: 'CreateFrom', Effect: 'Allow', Action: 'bedrock:CreateInferenceProfile', Resource: sources },
    {
      Sid: 'CreateProfiles',
      Effect: 'Allow',
      Action: ['bedrock:CreateInferenceProfile', 'bedrock:TagResource'],
      // Bedrock gives the id.
      Resource: profiles,
      Condition: TAGGED,
    },
    {
      Sid: 'RemoveProfiles',
      Effect: 'Allow',
      Action: 'bedrock:DeleteInferenceProfile',
      Resource: profiles,
      Condition: MADE_BY_VERIFY,
    },
    {
      Sid: 'FindProfiles',
      Effect: 'Allow',
      Action: 'bedrock:ListTagsForResource',
      Resource: `arn:${partition}:bedrock:*:${scope.account}:application-inference-profile/*`,
    },
    // IAM knows no resource of it.
    { Sid: 'ListProfiles', Effect: 'Allow', Action: 'bedrock:ListInferenceProfiles', Resource: '*' },
  ];
}

function callStatements(scope: PolicyScope): readonly Statement[] {
  const { partition, modelId, systemProfileId } = scope;
  const through = [profilesOf(scope), ...(systemProfileId === undefined ? [] : [sourceArn(scope)])];
  return [
    {
      Sid: 'CallProfiles',
      Effect: 'Allow',
      Action: 'bedrock:InvokeModel',
      Resource: profilesOf(scope),
      Condition: MADE_BY_VERIFY,
    },
    ...(systemProfileId === undefined
      ? []
      : [{ Sid: 'CallSystemProfile', Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource: sourceArn(scope) }]),
    {
      Sid: 'CallModel',
      Effect: 'Allow',
      Action: 'bedrock:InvokeModel',
      // Where a cross-Region profile lands, it says itself.
      Resource: `arn:${partition}:bedrock:*::foundation-model/${modelId}`,
      Condition: { StringLike: { 'bedrock:InferenceProfileArn': through } },
    },
  ];
}

/** CloudWatch lets no policy name a metric. */
function metricStatements(lists: boolean): readonly Statement[] {
  return [
    {
      Sid: 'ReadMetrics',
      Effect: 'Allow',
      Action: ['cloudwatch:GetMetricData', ...(lists ? ['cloudwatch:ListMetrics'] : [])],
      Resource: '*',
    },
  ];
}

function roleStatements({ partition, account }: PolicyScope): readonly Statement[] {
  // Without the path as well: of a role that is not there, which may be asked to be removed, nobody knows it.
  const roles = [IAM_PATH, '/'].map((path) => `arn:${partition}:iam::${account}:role${path}${NAME_PREFIX}*`);
  const policies = `arn:${partition}:iam::${account}:policy${IAM_PATH}${NAME_PREFIX}*`;
  return [
    {
      Sid: 'MakeRole',
      Effect: 'Allow',
      Action: ['iam:CreateRole', 'iam:TagRole'],
      Resource: roles,
      Condition: TAGGED,
    },
    {
      Sid: 'RunRole',
      Effect: 'Allow',
      Action: [
        'iam:PutRolePolicy',
        'iam:GetRole',
        'iam:ListRolePolicies',
        'iam:DeleteRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:DeleteRole',
        'sts:AssumeRole',
      ],
      Resource: roles,
    },
    {
      Sid: 'AttachSwitch',
      Effect: 'Allow',
      Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
      Resource: roles,
      Condition: { ArnLike: { 'iam:PolicyARN': policies } },
    },
    {
      Sid: 'MakePolicy',
      Effect: 'Allow',
      Action: ['iam:CreatePolicy', 'iam:TagPolicy'],
      Resource: policies,
      Condition: TAGGED,
    },
    {
      Sid: 'RunPolicy',
      Effect: 'Allow',
      Action: [
        'iam:CreatePolicyVersion',
        'iam:SetDefaultPolicyVersion',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:ListPolicyVersions',
        'iam:DeletePolicyVersion',
        'iam:DeletePolicy',
      ],
      Resource: policies,
    },
    // IAM knows no resource of either.
    { Sid: 'ListOfIam', Effect: 'Allow', Action: ['iam:ListRoles', 'iam:ListPolicies'], Resource: '*' },
  ];
}

function budgetStatements({ partition, account }: PolicyScope): readonly Statement[] {
  const budgets = `arn:${partition}:budgets::${account}:budget/${NAME_PREFIX}*`;
  return [
    { Sid: 'MakeBudgets', Effect: 'Allow', Action: ['budgets:ModifyBudget', 'budgets:TagResource'], Resource: budgets },
    { Sid: 'FindBudgets', Effect: 'Allow', Action: 'budgets:ListTagsForResource', Resource: budgets },
    // DescribeBudgets names none of them; DescribeBudget one.
    { Sid: 'ReadBudgets', Effect: 'Allow', Action: 'budgets:ViewBudget', Resource: '*' },
    // Cost Explorer lets no policy name what is asked for.
    {
      Sid: 'ReadBill',
      Effect: 'Allow',
      Action: ['ce:ListCostAllocationTags', 'ce:GetCostAndUsage'],
      Resource: '*',
    },
  ];
}

function legacyStatements(scope: PolicyScope): readonly Statement[] {
  return [
    {
      Sid: 'CallLegacy',
      Effect: 'Allow',
      Action: ['bedrock:InvokeModel', 'bedrock:GetFoundationModel'],
      Resource: scope.legacyModels.map((id) => legacyArn(scope, id)),
    },
  ];
}

function profilesOf({ partition, account, region }: StepModel): string {
  return `arn:${partition}:bedrock:${region}:${account}:application-inference-profile/*`;
}

function legacyArn({ partition, region }: StepModel, modelId: string): string {
  return `arn:${partition}:bedrock:${region}::foundation-model/${modelId}`;
}
