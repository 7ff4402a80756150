import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ConfiguredBudget } from '../config';
import type { BudgetNode } from '../core/shared-budgets';

/** As callers and functions are told of them: whose they are is IAM's business. */
export function budgetNodes(budgets: readonly ConfiguredBudget[]): readonly BudgetNode[] {
  return budgets.map(({ path, period, limit, rolloverUpTo }) => ({
    ...{ path, period, limit },
    ...(rolloverUpTo === undefined ? {} : { rolloverUpTo }),
  }));
}

/** Nothing where there are none: what an environment without them is told stays as it is. */
export function budgetVariables(budgets: readonly ConfiguredBudget[]): { readonly BUDGETS?: string } {
  return budgets.length === 0 ? {} : { BUDGETS: JSON.stringify(budgetNodes(budgets)) };
}

export interface ShareBudgetProps {
  readonly environment: string;
  readonly leases: dynamodb.TableV2;
  /** For `StringLike`: of the budgets' items. */
  readonly keys: readonly string[];
  /** Besides the meter's status, what it may read and no more, for `StringLike`. @default - nothing */
  readonly reads?: readonly string[];
}

/** The in-path plugin's own items; the meter's status it may only read, and nothing without a key, such as a scan. */
export function shareBudget({ environment, leases, keys, reads = [] }: ShareBudgetProps): iam.PolicyStatement[] {
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
      conditions: {
        // Alike where nothing is to be matched but the whole.
        [reads.length === 0 ? 'ForAllValues:StringEquals' : 'ForAllValues:StringLike']: {
          'dynamodb:LeadingKeys': ['STATUS', ...reads],
        },
        ...keyed,
      },
    }),
  ];
}
