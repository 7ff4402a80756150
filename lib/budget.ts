import { createHash } from 'node:crypto';
import { CfnOutput, Fn, type IResolvable, Stack, Token } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { budgetName } from '../config';
import { BILLING_TAG } from '../core/tags';
import type { Threshold } from '../core/stop-lines';
import type { Choice } from './late-values';
import { fixLogicalId } from './logical-ids';

/** What a budget counts. */
export type BudgetScope =
  /** What carries this environment's tag: its inference profiles. Blind until the tag is activated (trap 25). */
  | { readonly kind: 'environmentTag'; readonly environment: string }
  /** All of Bedrock in the account, whoever used it, under the exact names it is billed under. */
  | { readonly kind: 'account'; readonly services: readonly string[] }
  /** The account where a choice is a yes, else what carries the tag. */
  | {
      readonly kind: 'either';
      readonly account: Choice;
      readonly environment: string;
      readonly services: readonly string[];
    };

/**
 * No document limits how many values one list has (botocore 1.43.127, budgets: at least one, each at most 1,024 characters; the
 * user guide's quotas name none; read 2026-11-28). This bound is the guard's own: where a longer list is refused, it is known
 * which synth first made one.
 */
const MOST_VALUES = 200;

export interface BudgetProps {
  /** Part of the name, which people see in Budgets' mails: an environment's, or `accountBudgetOf` one. */
  readonly label: string;
  /** US dollars. */
  readonly limit: number;
  readonly scope: BudgetScope;
  readonly thresholds: readonly Threshold[];
  /** Mailed by Budgets directly: these need no confirmation (trap 36). */
  readonly emails: readonly string[];
  /** For machines. */
  readonly topic: sns.ITopic;
}

/** A monthly cost budget over Bedrock, with its e-mails. */
export class Budget extends Construct {
  readonly budgetName: string;
  private readonly nameInText: string | undefined;

  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    const emails = [...new Set(props.emails)];
    const notifications = uniqueNotifications(props.thresholds);
    this.nameInText = emails.some((address) => Token.isUnresolved(address))
      ? undefined
      : budgetName(props.label, Stack.of(this).region, hashOf(notifications, emails));
    // Its id is not that of the days when names had no Region: what only gets another name may be updated in place, which
    // AWS Budgets refuses (UpdateBudget: all but the name, read 2026-11-28).
    const budget = new budgets.CfnBudget(this, 'Monthly', {
      budget: {
        ...(this.nameInText === undefined ? {} : { budgetName: this.nameInText }),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: props.limit, unit: 'USD' },
        // Unblended, and without credits, refunds and tax: a credit must not hide what was spent (trap 15).
        metrics: ['UnblendedCost'],
        filterExpression: {
          and: [
            scopeFilter(props.scope),
            { not: { dimensions: { key: 'RECORD_TYPE', values: ['Credit', 'Refund', 'Tax'] } } },
          ],
        },
      },
      notificationsWithSubscribers: notifications.map(({ notificationType, threshold }) => ({
        notification: {
          notificationType,
          comparisonOperator: 'GREATER_THAN',
          threshold,
          thresholdType: 'PERCENTAGE',
        },
        subscribers: [
          ...emails.map((address) => ({ subscriptionType: 'EMAIL', address })),
          { subscriptionType: 'SNS', address: props.topic.topicArn },
        ],
      })),
    });
    // Budgets checks that it may publish to the topic.
    budget.node.addDependency(props.topic);
    this.budgetName = budget.ref;
    fixLogicalId(
      new CfnOutput(this, 'Name', {
        value: budget.ref,
        description: `The budget of ${props.label}, for aws budgets describe-budget and execute-budget-action`,
      }),
      `${id}Name`,
    );
  }

  /** ARNs that a budgets action of this budget may come from, for a trust policy. */
  actionSourceArns(): readonly string[] {
    const { partition, account } = Stack.of(this);
    // By name in text, not by reference: the role must exist before the action, and the name is fixed anyway. Budgets'
    // guide shows the budget's ARN as the source; the service's own ARN format for an action is below it.
    const arn = `arn:${partition}:budgets::${account}:budget/${this.nameInText ?? this.budgetName}`;
    return [arn, `${arn}/action/*`];
  }
}

interface Notification {
  readonly notificationType: 'ACTUAL' | 'FORECASTED';
  readonly threshold: number;
}

/** The same type and threshold twice is a duplicate to Budgets, whatever the guard does at it (trap 34). */
export function uniqueNotifications(thresholds: readonly Threshold[]): readonly Notification[] {
  const all = thresholds.map(({ basis, atPercent }): Notification => ({
    notificationType: basis === 'forecast' ? 'FORECASTED' : 'ACTUAL',
    threshold: atPercent,
  }));
  return all.filter(
    (one, at) =>
      all.findIndex((other) => other.notificationType === one.notificationType && other.threshold === one.threshold) ===
      at,
  );
}

/**
 * Notifications are create-only: a change replaces the budget, and a fixed name would collide with the one that still
 * exists (trap 11). So the name carries a hash of them; where addresses are known at the deployment only there is no name, and AWS makes
 * one at random
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-budgets-budget-budgetdata.html, read 2026-11-29).
 */
function hashOf(notifications: readonly Notification[], emails: readonly string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([notifications, emails]))
    .digest('hex');
  return hash.slice(0, 8).replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
}

function scopeFilter(scope: BudgetScope): budgets.CfnBudget.ExpressionProperty | IResolvable {
  if (scope.kind !== 'either') return plainFilter(scope);
  const { account, environment, services } = scope;
  const whole = plainFilter({ kind: 'account', services });
  const tagged = plainFilter({ kind: 'environmentTag', environment });
  if (typeof account === 'boolean') return account ? whole : tagged;
  return Fn.conditionIf(account.logicalId, inTemplate(whole), inTemplate(tagged));
}

/** As CloudFormation spells it: inside of an intrinsic function CDK leaves values as they are. */
function inTemplate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inTemplate);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, inTemplate(inner)]),
  );
}

function plainFilter(scope: Exclude<BudgetScope, { kind: 'either' }>): budgets.CfnBudget.ExpressionProperty {
  if (scope.kind === 'environmentTag') {
    return { tags: { key: BILLING_TAG, values: [scope.environment], matchOptions: ['EQUALS'] } };
  }
  const lists = inLists(scope.services).map((values): budgets.CfnBudget.ExpressionProperty => ({
    dimensions: { key: 'SERVICE', values: [...values], matchOptions: ['EQUALS'] },
  }));
  const [only, ...more] = lists;
  return only && more.length === 0 ? only : { or: lists };
}

/** What synth says of a filter that has outgrown one list; nothing else about it needs to be known. */
export function serviceFilterNotes(services: readonly string[]): readonly string[] {
  const lists = inLists(services).length;
  return lists === 1
    ? []
    : [
        `the budget over all of Bedrock counts ${services.length} names of services, in ${lists} lists of at most ${MOST_VALUES}: whether AWS Budgets takes them shows at the deployment`,
      ];
}

function inLists(services: readonly string[]): readonly (readonly string[])[] {
  const lists = Math.ceil(services.length / MOST_VALUES);
  return Array.from({ length: lists }, (_, at) => services.slice(at * MOST_VALUES, (at + 1) * MOST_VALUES));
}
