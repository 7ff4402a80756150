import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ConfiguredBudget } from '../config';
import { type BudgetPath, keysOfBudget, keysWithin, lineOf } from '../core/shared-budgets';
import { shareBudget } from './shared-budgets';

export interface BudgetAccessProps {
  readonly environment: string;
  readonly budgets: readonly ConfiguredBudget[];
  readonly leases: dynamodb.TableV2;
}

/**
 * Lets roles that the config names reserve in one budget: in its items and those of all that is within it, and in those that it
 * is within, since a call is reserved in each of them. No other budget is in their reach.
 */
export class BudgetAccess extends Construct {
  constructor(scope: Construct, id: string, { environment, budgets, leases }: BudgetAccessProps) {
    super(scope, id);
    for (const { path, roles } of budgets.filter((one) => one.roles.length > 0)) {
      const own = new Construct(this, idOf(path));
      new iam.ManagedPolicy(own, 'Policy', {
        // Create-only in IAM: nothing in it may change.
        description: `Spend guard: reserves in budget '${path}' and in what is within it`,
        statements: shareBudget({
          environment,
          leases,
          keys: [...lineOf(path).flatMap((one) => keysOfBudget(environment, one)), keysWithin(environment, path)],
        }),
        roles: roles.map((role) => iam.Role.fromRoleName(own, `Role:${role.name}`, role.name)),
      });
    }
  }
}

/** A `/` has its own meaning in ids, and a `:` is in no path. */
function idOf(path: BudgetPath): string {
  return path.replaceAll('/', ':');
}
