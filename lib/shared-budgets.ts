import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { EnvironmentConfig } from '../config';
import type { BudgetNode } from '../core/shared-budgets';

type Budgeted = Pick<EnvironmentConfig, 'budgets'>;

/** As callers and functions are told of them: whose they are is IAM's business. */
export function budgetNodes({ budgets }: Budgeted): readonly BudgetNode[] {
  return budgets.map(({ roles: _, ...node }) => node);
}

/** Nothing where there are none: what an environment without them is told stays as it is. */
export function budgetVariables(environment: Budgeted): { readonly BUDGETS?: string } {
  const nodes = budgetNodes(environment);
  return nodes.length === 0 ? {} : { BUDGETS: JSON.stringify(nodes) };
}

export interface ShareBudgetProps {
  readonly environment: string;
  readonly leases: dynamodb.TableV2;
  /** For `StringLike`: of the budgets' items. */
  readonly keys: readonly string[];
}

/** The in-path plugin's own items; the meter's status it may only read, and nothing without a key, such as a scan. */
export function shareBudget({ environment, leases, keys }: ShareBudgetProps): iam.PolicyStatement[] {
  const keyed = { Null: { 'dynamodb:LeadingKeys': 'false' } };
  return [
    new iam.PolicyStatement({
      sid: 'ShareBudget',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [leases.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys, `RATE#${environment}`] },
        ...keyed,
      },
    }),
    new iam.PolicyStatement({
      sid: 'ReadStatus',
      actions: ['dynamodb:GetItem'],
      resources: [leases.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['STATUS'] }, ...keyed },
    }),
  ];
}
