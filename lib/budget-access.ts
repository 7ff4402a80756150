import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config';
import { type BudgetPath, keysOfBudget, keysWithin, lineOf } from '../core/shared-budgets';
import { shareBudget } from './shared-budgets';

export interface BudgetAccessProps {
  readonly environment: Pick<EnvironmentConfig, 'name' | 'budgets'>;
  readonly leases: dynamodb.TableV2;
}

/**
 * Lets roles that the config names reserve in one budget: in its items and those of all that is within it, and in those that it
 * is within, since a call is reserved in each of them. No other budget is in their reach.
 */
export class BudgetAccess extends Construct {
  constructor(scope: Construct, id: string, { environment: { name, budgets }, leases }: BudgetAccessProps) {
    super(scope, id);
    for (const { path, roles } of budgets.filter((one) => one.roles.length > 0)) {
      const own = new Construct(this, idOf(path));
      new iam.ManagedPolicy(own, 'Policy', {
        // Create-only in IAM: nothing in it may change.
        description: `Spend guard: reserves in budget '${path}' and in what is within it`,
        statements: shareBudget({
          environment: name,
          leases,
          keys: [...lineOf(path).flatMap((one) => keysOfBudget(name, one)), keysWithin(name, path)],
        }),
        roles: roles.map((role) => iam.Role.fromRoleName(own, role.name, role.name)),
      });
    }
  }
}

/** A `/` has its own meaning in ids, and a `:` is in no path. */
function idOf(path: BudgetPath): string {
  return path.replaceAll('/', ':');
}
